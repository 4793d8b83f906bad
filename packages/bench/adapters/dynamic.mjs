// A component that is loaded at run time: no generated code, the runtime's descriptors under packages/component.
import { readFileSync } from 'node:fs';
import { packages } from '../src/folders.mjs';
export const label = 'dynamic';
export async function load(host, dir) {
  const { compile, instantiate } = await import(new URL('component/dist/index.js', packages));
  const bytes = readFileSync(new URL('micro.component.wasm', dir));
  const exports = await instantiate(await compile(bytes), { 'bench:micro/host': host });
  const api = exports['bench:micro/api@0.1.0'] ?? exports['bench:micro/api'] ?? exports.api;
  const v = {
    char: (c) => c,
    shape: (tag, val) => (val === undefined ? { tag } : { tag, val }),
    unshape: (s) => (s.val === undefined ? [s.tag] : [s.tag, s.val]),
    color: (c) => c,
    perms: (p) => p,
    unperms: (p) => Object.keys(p).filter((k) => p[k]),
    newCounter: (n) => new api.Counter(n),
    dropCounter: (c) => c[Symbol.dispose](),
    newAcc: () => new host.Acc(),
  };
  return { api, v };
}
