// What `wasm-tools component wit --json` prints for wit/world.wit, which is what wit2ts reads. Written by hand, so that the
// peer does not depend on our parser, and because of the one type that wit2ts does not know (see `char` below).
const types = [];
const T = (name, kind, iface) => (types.push({ name, kind, owner: iface === null ? null : { interface: iface } }), types.length - 1);
const anon = (kind) => { const k = JSON.stringify(kind); const i = types.findIndex((t) => t.name === null && JSON.stringify(t.kind) === k); return i >= 0 ? i : T(null, kind, null); };
const opt = (t) => anon({ option: t }), list = (t) => anon({ list: t });
const rec = (o) => ({ record: { fields: Object.entries(o).map(([name, type]) => ({ name, type })) } });
const IT = 0, IH = 1, IA = 2;
const optU32 = opt('u32');
const rec6 = T('rec6', rec({ id: 'u32', big: 'u64', ratio: 'f64', flag: 'bool', name: 'string', opt: optU32 }), IT);
const item = T('item', rec({ id: 'u32', x: 'f64', name: 'string' }), IT);
const point = T('point', rec({ x: 'f64', y: 'f64' }), IT);
const shape = T('shape', { variant: { cases: [{ name: 'none', type: null }, { name: 'circle', type: 'f64' }, { name: 'rect', type: point }, { name: 'named', type: 'string' }] } }, IT);
const color = T('color', { enum: { cases: [{ name: 'red' }, { name: 'green' }, { name: 'blue' }] } }, IT);
const perms = T('perms', { flags: { flags: [{ name: 'read' }, { name: 'write' }, { name: 'exec' }, { name: 'hidden' }] } }, IT);
const hRec6 = T('rec6', { type: rec6 }, IH);
const acc = T('acc', 'resource', IH);
const aRec6 = T('rec6', { type: rec6 }, IA), aItem = T('item', { type: item }, IA), aPoint = T('point', { type: point }, IA),
  aShape = T('shape', { type: shape }, IA), aColor = T('color', { type: color }, IA), aPerms = T('perms', { type: perms }, IA), aAcc = T('acc', { type: acc }, IA);
const counter = T('counter', 'resource', IA);
const f = (name, params, result, kind = 'freestanding') => [name, { name, kind, params: Object.entries(params).map(([name, type]) => ({ name, type })), ...(result === undefined ? {} : { result }) }];
const borrow = (t) => anon({ handle: { borrow: t } }), own = (t) => anon({ handle: { own: t } });
const P20 = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, 'u32']));
export const document = {
  worlds: [{ name: 'micro', imports: { 'interface-0': { interface: { id: IT } }, 'interface-1': { interface: { id: IH } } }, exports: { 'interface-2': { interface: { id: IA } } }, package: 0 }],
  interfaces: [
    { name: 'types', types: { rec6, item, point, shape, color, perms }, functions: {}, package: 0 },
    { name: 'host', types: { rec6: hRec6, acc }, functions: Object.fromEntries([
      f('h-nop', {}), f('h-add', { a: 'u32', b: 'u32' }, 'u32'), f('h-str', { s: 'string' }, 'u32'), f('h-ret-str', { n: 'u32' }, 'string'),
      f('h-rec', { r: hRec6 }, 'u32'), f('h-bytes', { b: list('u8') }, 'u32'),
      f('[method]acc.add', { self: borrow(acc), n: 'u32' }, 'u32', { method: acc })]), package: 0 },
    { name: 'api', types: { rec6: aRec6, item: aItem, point: aPoint, shape: aShape, color: aColor, perms: aPerms, acc: aAcc, counter }, functions: Object.fromEntries([
      f('nop', {}), f('add', { a: 'u32', b: 'u32' }, 'u32'), f('add64', { a: 'u64', b: 'u64' }, 'u64'),
      f('many-params', { a: 'u8', b: 's8', c: 'u16', d: 's16', e: 'u32', f: 's32', g: 'u64', h: 's64', i: 'f32', j: 'f64', k: 'bool', l: 'u32' /* char: wit2ts 1.0.2 throws 'Unknown base type char' */ }, 'f64'),
      f('spill-params', P20, 'u32'),
      f('echo-string', { s: 'string' }, 'string'), f('str-len', { s: 'string' }, 'u32'), f('make-string', { n: 'u32' }, 'string'),
      f('sum-list', { l: list('u32') }, 'u64'), f('make-list', { n: 'u32' }, list('u32')), f('echo-bytes', { b: list('u8') }, list('u8')),
      f('echo-strings', { l: list('string') }, list('string')), f('echo-rec', { r: aRec6 }, aRec6), f('echo-items', { l: list(aItem) }, list(aItem)),
      f('sum-points', { l: list(aPoint) }, 'f64'), f('echo-shape', { s: aShape }, aShape), f('echo-color', { c: aColor }, aColor), f('echo-perms', { p: aPerms }, aPerms),
      f('echo-opt', { o: optU32 }, optU32), f('div', { a: 'u32', b: 'u32' }, anon({ result: { ok: 'u32', err: 'string' } })),
      f('[constructor]counter', { init: 'u32' }, own(counter), { constructor: counter }), f('[method]counter.add', { self: borrow(counter), n: 'u32' }, 'u32', { method: counter }),
      f('run-nop', { n: 'u32' }, 'u64'), f('run-add', { n: 'u32' }, 'u64'), f('run-str', { n: 'u32', len: 'u32' }, 'u64'), f('run-ret-str', { n: 'u32', len: 'u32' }, 'u64'),
      f('run-rec', { n: 'u32' }, 'u64'), f('run-bytes', { n: 'u32', len: 'u32' }, 'u64'), f('run-acc', { a: borrow(aAcc), n: 'u32' }, 'u64')]), package: 0 },
  ],
  types, packages: [{ name: 'bench:micro@0.1.0', interfaces: { types: IT, host: IH, api: IA }, worlds: { micro: 0 } }],
};
