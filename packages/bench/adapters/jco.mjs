// The output of `jco transpile` in its default shape (an ES module that imports the host), as users get it.
export const label = 'jco';
export async function load(host, dir, version) {
  const m = await import(new URL(`jco/${version}/micro.js`, dir));
  const { api } = m;
  const v = { char: (c) => c, shape: (tag, val) => (val === undefined ? { tag } : { tag, val }), unshape: (s) => (s.val === undefined ? [s.tag] : [s.tag, s.val]), color: (c) => c,
    perms: (p) => p, unperms: (p) => Object.keys(p).filter((k) => p[k]), newCounter: (n) => new api.Counter(n), dropCounter: (c) => c[Symbol.dispose ?? Symbol.for('dispose')](), newAcc: () => new host.Acc() };
  return { api, v };
}
