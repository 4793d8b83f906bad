// Glue by target `host` of @wittle/codegen over the core module; Node strips the types. The build names the runtime by path.
import { readFileSync } from 'node:fs';
export const label = 'wittle';
export async function load(host, dir) {
  const { instantiate } = await import(new URL('wittle/index.ts', dir));
  const mod = await WebAssembly.compile(readFileSync(new URL('micro.core.wasm', dir)));
  const { api } = await instantiate(mod, { 'bench:micro/host': host });
  const v = { char: (c) => c, shape: (tag, val) => (val === undefined ? { tag } : { tag, val }), unshape: (s) => (s.val === undefined ? [s.tag] : [s.tag, s.val]), color: (c) => c,
    perms: (p) => p, unperms: (p) => Object.keys(p).filter((k) => p[k]), newCounter: (n) => new api.Counter(n), dropCounter: (c) => c[Symbol.dispose](), newAcc: () => new host.Acc() };
  return { api, v };
}
