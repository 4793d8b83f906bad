/**
 * Makes `bundle/`: the command line as the published package starts it, with our own modules and the mappings' in a few
 * files. Node takes longer to find and link 200 modules than most commands take to run. What is
 * loaded rarely, and what runs guests, is left to its packages. Needs `dist/`.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, 'bundle');
const entry = join(here, 'bin/wittle.js');
const inside = /^(?:@wittle\/parser|@wittle\/codegen\/run$|@jridgewell\/sourcemap-codec$)/;

rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: [entry],
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Stacks of mistakes keep their names.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [
    { name: 'load-builtins', setup: loadBuiltins },
    { name: 'leave-packages', setup: leavePackages },
  ],
});
writeFileSync(join(folder, 'LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));

/**
 * An import of `node:fs` makes all that it can export, `fs/promises` with it; what is taken from the module costs 5 ms less.
 * The entry is for every Node, also for those that have no such way.
 */
function loadBuiltins({ onResolve, onLoad }) {
  onResolve({ filter: /^node:/ }, ({ path, importer }) =>
    importer === entry ? { path, external: true } : { path, namespace: 'builtin' },
  );
  onLoad({ filter: /^/, namespace: 'builtin' }, async ({ path }) => {
    const names = Object.keys(await import(path)).filter((name) => name !== 'default');
    const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`);
    const builtin = `const builtin = /* @__PURE__ */ process.getBuiltinModule('${path}');`;
    return { contents: [builtin, 'export default builtin;', ...lines].join('\n') };
  });
}

function leavePackages({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
    kind === 'entry-point' || inside.test(path) ? undefined : { path, external: true },
  );
}

/** The licenses of the packages of others whose code is in it. */
function licensesOf(inputs) {
  const folders = inputs.flatMap((input) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const packages = new Map();
  for (const path of new Set(folders.map((each) => join(here, each)))) {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const files = readdirSync(path).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
    if (files.length === 0) throw new Error(`${name} has no license text`);
    const text = files.map((file) => readFileSync(join(path, file), 'utf8').trim()).join('\n\n');
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}`]);
  }
  const texts = Array.from(packages, ([text, names]) => `${names.toSorted().join(', ')}\n\n${text}\n`);
  return texts.toSorted().join(`\n${'-'.repeat(80)}\n\n`);
}
