// Glue by target `host` of @wittle/codegen over the component; Node strips the types. The build names the runtime by path.
// `wittle:core` is the same over the core module, `wittle:dynamic` instantiates the component without generated code.
import { readFileSync } from 'node:fs';
export const label = 'wittle';
export async function load(host, dir, variant = 'component') {
  const imports = { 'bench:micro/host': host };
  const bytes = (name) => readFileSync(new URL(name, dir));
  const { compile, instantiate: instantiateDynamic } = await import(new URL('../../component/dist/index.js', import.meta.url));
  const { instantiate } = await import(new URL('wittle/index.ts', dir));
  const instances = {
    component: async () => instantiate(await compile(bytes('micro.component.wasm')), imports),
    core: () => instantiate(bytes('micro.core.wasm'), imports),
    dynamic: async () => instantiateDynamic(await compile(bytes('micro.component.wasm')), imports),
  };
  const { api } = await instances[variant]();
  const v = { char: (c) => c, shape: (tag, val) => (val === undefined ? { tag } : { tag, val }), unshape: (s) => (s.val === undefined ? [s.tag] : [s.tag, s.val]), color: (c) => c,
    perms: (p) => p, unperms: (p) => Object.keys(p).filter((k) => p[k]), newCounter: (n) => new api.Counter(n), dropCounter: (c) => c[Symbol.dispose](), newAcc: () => new host.Acc() };
  return { api, v };
}
