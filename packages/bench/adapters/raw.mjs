// Floor: the core export called with numbers only; no JS value is lifted or lowered (buffers are allocated and freed in wasm,
// string/list bytes are never touched by JS). Not a binding: there is no semantics check.
import { readFileSync } from 'node:fs';
export const label = 'raw';
export const nocheck = true;
export async function load(host, dir) {
  const mod = await WebAssembly.compile(readFileSync(new URL("micro.core.wasm", dir)));
  const H = 'bench:micro/host@0.1.0', A = 'bench:micro/api@0.1.0';
  const acc = new host.Acc();
  let memory, realloc, str = 0;
  const { exports: e } = await WebAssembly.instantiate(mod, {
    ['[export]' + A]: { '[resource-new]counter': (rep) => rep },
    [H]: {
      'h-nop': () => {}, 'h-add': (a, b) => (a + b) | 0, 'h-str': (p, n) => n, 'h-rec': (id, big, ratio, flag, np, nn, has, opt) => id + nn + opt, 'h-bytes': (p, n) => n,
      'h-ret-str': (n, ret) => { u32[ret >>> 2] = realloc(0, 0, 1, n); u32[(ret >>> 2) + 1] = n; },
      '[method]acc.add': (h, n) => acc.add(n), '[resource-drop]acc': () => {},
    } });
  memory = e.memory; realloc = e.cabi_realloc; e.memory.grow(64); const u32 = new Uint32Array(memory.buffer);
  const x = (n) => e[`${A}#${n}`], post = (n) => e[`cabi_post_${A}#${n}`];
  const f = Object.fromEntries(['nop', 'add', 'add64', 'many-params', 'spill-params', 'echo-string', 'str-len', 'make-string', 'sum-list', 'make-list', 'echo-bytes', 'echo-strings', 'echo-rec', 'echo-items', 'sum-points', 'echo-shape', 'echo-color', 'echo-perms', 'echo-opt', 'div', 'run-nop', 'run-add', 'run-str', 'run-ret-str', 'run-rec', 'run-bytes', 'run-acc'].map((n) => [n.replace(/-(.)/g, (_, c) => c.toUpperCase()), x(n)]));
  const pES = post('echo-string'), pEB = post('echo-bytes'), pER = post('echo-rec'), pSh = post('echo-shape'), pStrs = post('echo-strings'), pItems = post('echo-items');
  const { nop, add, add64, manyParams, spillParams, echoString, strLen, makeString, sumList, makeList, echoBytes, echoStrings, echoRec, echoItems, sumPoints, echoShape, echoColor, echoPerms, echoOpt, div } = f;
  const ctor = x('[constructor]counter'), cadd = x('[method]counter.add'), dtor = x('[dtor]counter');
  const api = {
    nop, add, add64,
    manyParams: (a, b, c, d, e, f, g, h, i, j, k, l) => manyParams(a, b, c, d, e, f, g, h, i, j, k ? 1 : 0, l),
    spillParams: () => spillParams(realloc(0, 0, 4, 80)),
    echoString: (s) => { const n = s.length, r = echoString(realloc(0, 0, 1, n), n); pES(r); return r; },
    strLen: (s) => { const n = s.length; return strLen(realloc(0, 0, 1, n), n); },
    makeString, makeList,
    sumList: (l) => sumList(realloc(0, 0, 4, l.length * 4), l.length),
    echoBytes: (b) => { const n = b.length, r = echoBytes(realloc(0, 0, 1, n), n); pEB(r); return r; },
    echoStrings: (l) => { const n = l.length, p = realloc(0, 0, 4, n * 8); for (let i = 0, w = p >>> 2; i < n; i++, w += 2) { u32[w] = realloc(0, 0, 1, l[i].length); u32[w + 1] = l[i].length; } const r = echoStrings(p, n); pStrs(r); return r; },
    echoRec: (v) => { const r = echoRec(v.id, v.big, v.ratio, 1, realloc(0, 0, 1, 12), 12, 1, v.opt); pER(r); return r; },
    echoItems: (l) => { const n = l.length, p = realloc(0, 0, 8, n * 24); for (let i = 0, w = p >>> 2; i < n; i++, w += 6) { u32[w + 4] = realloc(0, 0, 1, 12); u32[w + 5] = 12; } const r = echoItems(p, n); pItems(r); return r; },
    sumPoints: (l) => sumPoints(realloc(0, 0, 8, l.length * 16), l.length),
    echoShape: (s) => { if (s === 0) return echoShape(2, 1n, 2n); const r = echoShape(3, BigInt(realloc(0, 0, 1, 12)), 12n); pSh(r); return r; },
    echoColor, echoPerms, echoOpt: (o) => echoOpt(1, o), div,
    runNop: f.runNop, runAdd: f.runAdd, runStr: f.runStr, runRetStr: f.runRetStr, runRec: f.runRec, runBytes: f.runBytes, runAcc: f.runAcc,
  };
  const v = { char: (c) => 120, shape: (t) => (t === 'rect' ? 0 : 1), color: () => 1, perms: () => 5, newCounter: (n) => { const h = ctor(n); return { h, add: (n) => cadd(h, n) }; }, dropCounter: (c) => dtor(c.h), newAcc: () => 1 };
  return { api, v };
}
