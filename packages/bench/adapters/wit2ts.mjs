// @vscode/wasm-component-model 1.0.2 over the core module, in-process sync mode ($imports.create / $exports.bind).
// Two defects of the runtime are worked around here so it can run at all:
//  1. it names import modules `bench:micro/host` (no version, and always with the world's own package) -> keys are renamed;
//  2. it never calls cabi_post_* -> guest memory leaks on every heap result. The wrapper below frees the previous result
//     just before the next call (one extra core call, what a correct runtime pays).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
export const label = 'wit2ts';
export async function load(host, dir) {
  const { micro, Types, Host, Api } = await import(new URL('wit2ts/micro.mjs', dir));
  const $wcm = createRequire(new URL('../peers/', import.meta.url))('@vscode/wasm-component-model');
  class Acc extends $wcm.Resource.Default { static $resources = new $wcm.ResourceManager.Default(); constructor() { super(Acc.$resources); } total = 0; add(n) { return (this.total = (this.total + n) >>> 0); } }
  const service = { types: {}, host: { ...host, Acc } };
  const ctx = new $wcm.WasmContext.Default();
  const imports = micro._.imports.create(service, ctx), fixed = {};
  for (const [k, o] of Object.entries(imports)) fixed[k.includes('@') ? k : `${k}@0.1.0`] = o;
  const mod = await WebAssembly.compile(readFileSync(new URL("micro.core.wasm", dir)));
  const inst = await WebAssembly.instantiate(mod, fixed);
  ctx.initialize(new $wcm.Memory.Default(inst.exports));
  const exp = { ...inst.exports };
  for (const k of Object.keys(exp)) {
    const p = exp['cabi_post_' + k]; if (!p) continue;
    const f = exp[k]; let pending = 0;
    exp[k] = (...args) => { if (pending) p(pending); return (pending = f(...args)); };
  }
  const world = micro._.exports.bind(exp, ctx);
  const api = { ...world.api };
  let mgr; const counters = () => (mgr ??= ctx.resources.ensure('bench:micro@0.1.0/api/counter'));
  const v = {
    char: (c) => c.codePointAt(0),
    shape: (t, p) => Types.Shape[t[0].toUpperCase() + t.slice(1)](p), unshape: (s) => (s.value === undefined ? [s.tag] : [s.tag, s.value]),
    color: (c) => c, perms: (p) => Object.keys(p).reduce((n, k) => n | (p[k] ? Types.Perms[k] : 0), 0), unperms: (n) => Object.keys(Types.Perms).filter((k) => n & Types.Perms[k]),
    newCounter: (n) => new api.Counter(n), // 3. `c.$drop()` always throws for an exported resource, and its proxies are never registered for finalization: drop by handle instead
    dropCounter: (c) => { counters().dropHandle(c.$handle()); }, newAcc: () => new Acc(),
  };
  return { api, v };
}
