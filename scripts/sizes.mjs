/**
 * `node scripts/sizes.mjs`: bundles what users bundle, minifies and compresses it, and writes the table of
 * packages/bench/sizes.json anew; with `--check` it only compares with the limits there. Takes built packages (`tsc -b`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { generate, hostTarget } from '../packages/codegen/dist/index.js';
import { selectWorld } from '../packages/parser/dist/index.js';
import { loadPackage } from '../packages/parser/dist/node/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, 'scripts/sizes');
const table = join(root, 'packages/bench/sizes.json');

/** Programs by their names in the table; `glue:` is generated code for a world of that file. */
const programs = {
  'glue of bench:micro with its runtime': `export * from 'glue:packages/bench/wit/world.wit#micro/index';`,
  'glue of wasi:http/proxy with its runtime': `export * from 'glue:wit/wasi/0.2.12/http#proxy/index';`,
  'compile and instantiate of @wittle/component, with the runtime': `export { compile, instantiate } from '@wittle/component';`,
  'both, for bench:micro': `export { compile } from '@wittle/component'; export * from 'glue:packages/bench/wit/world.wit#micro/index';`,
  'guests in process, with every type that there is': `export {
    guestModule, boolType, charType, f32Type, f64Type, s16Type, s32Type, s64Type, s8Type, stringType, u16Type, u32Type,
    u64Type, u8Type, borrow, enumeration, fixedLengthList, flags, kindVariant, list, map, option, own, record, result,
    tuple, variant,
  } from '@wittle/runtime/guest';`,
  'one leaf function of the runtime': `export { u32 } from '@wittle/runtime/abi';`,
  'the error classes of the runtime': `export { ComponentError, Trap } from '@wittle/runtime';`,
  'packages that nothing is taken from': [
    'runtime',
    'runtime/abi',
    'runtime/guest',
    'runtime/types',
    'component',
  ]
    .map((name) => `import '@wittle/${name}';`)
    .join('\n'),
};

if (!existsSync(join(tools, 'node_modules/esbuild'))) {
  console.log('Installing esbuild into scripts/sizes/node_modules …');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: tools,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
const esbuild = await import(join(tools, 'node_modules/esbuild/lib/main.js'));
const worlds = new Map();

const limits = JSON.parse(readFileSync(table, 'utf8'));
const check = process.argv.includes('--check');
let failed = 0;
const rows = {};
for (const [name, contents] of Object.entries(programs)) {
  const bytes = await sizeOf(contents);
  const limit = limits[name]?.limit ?? bytes;
  rows[name] = { bytes, limit };
  if (bytes > limit) failed++;
  console.log(`${bytes > limit ? 'FAIL' : 'ok  '} ${name}: ${bytes} bytes of ${limit}`);
}
if (!check) writeFileSync(table, `${JSON.stringify(rows, undefined, 2)}\n`);
console.log(`${Object.keys(rows).length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

async function sizeOf(contents) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    logLevel: 'error',
    logOverride: { 'ignored-bare-import': 'silent' },
    plugins: [{ name: 'wittle', setup: resolveOurs }],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function resolveOurs(build) {
  build.onResolve({ filter: /^@wittle\// }, ({ path }) => {
    const [, name, entry = ''] = /^@wittle\/([^/]+)\/?(.*)$/.exec(path);
    const folder = join(root, 'packages', name);
    const { exports, sideEffects } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = exports[entry === '' ? '.' : `./${entry}`].default;
    return { path: join(folder, file), sideEffects };
  });
  build.onResolve({ filter: /^glue:/ }, ({ path }) => ({ path: `${path.slice(5)}.ts`, namespace: 'glue' }));
  build.onResolve({ filter: /^\./, namespace: 'glue' }, ({ path, importer }) => {
    const [world, from] = split(importer);
    return { path: `${world}/${join(from, '..', path)}`, namespace: 'glue' };
  });
  build.onLoad({ filter: /./, namespace: 'glue' }, ({ path }) => {
    const [world, file] = split(path);
    return { contents: generated(world).get(file), loader: 'ts', resolveDir: root };
  });
}

/** `folder#world/file.ts` in two. */
function split(path) {
  const at = path.indexOf('/', path.indexOf('#'));
  return [path.slice(0, at), path.slice(at + 1)];
}

function generated(of) {
  const found = worlds.get(of);
  if (found !== undefined) return found;
  const [path, name] = of.split('#');
  const packages = [join(root, 'wit/wasi/0.2.12')];
  const { model, diagnostics } = loadPackage(join(root, path), { packages });
  if (model === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  const { world } = selectWorld(model, name);
  const { files } = generate(world, hostTarget, { importSuffix: '.ts' }, { name: 'wittle', source: path });
  const contents = new Map(files.map((file) => [file.path, file.contents]));
  worlds.set(of, contents);
  return contents;
}
