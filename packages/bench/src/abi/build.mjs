/** Builds what `bench abi` measures: the guest, each peer's glue, ours. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { document } from '../../adapters/wit2ts-json.mjs';
import { abiOut, bench, jco, jcoVersions, packages, peers, wit2ts } from '../folders.mjs';
import { buildPackages, installPeers, runNode } from '../programs.mjs';

const wit = new URL('wit/world.wit', bench);
const core = new URL('micro.core.wasm', abiOut);
const component = new URL('micro.component.wasm', abiOut);

/** Builds what the adapters need and is not there; our own glue always, as our generator is what changes. */
export async function build(adapters, { rebuild = false } = {}) {
  if (rebuild) rmSync(abiOut, { recursive: true, force: true });
  mkdirSync(abiOut, { recursive: true });
  if (!existsSync(component)) await buildGuest();
  for (const version of jcoVersions) {
    if (adapters.includes(`jco:${version}`) && !existsSync(new URL(`jco/${version}/`, abiOut))) {
      transpileWithJco(version);
    }
  }
  if (adapters.includes('wit2ts') && !existsSync(new URL('wit2ts/micro.mjs', abiOut))) await runWit2ts();
  if (adapters.some((each) => each.startsWith('wittle'))) await generateWithWittle();
}

async function buildGuest() {
  installPeers();
  console.error('Compiling the guest …');
  const { runClang } = await import(new URL('@yowasp/clang/gen/bundle.js', peers));
  const { componentEmbed, componentNew } = await import(new URL('@bytecodealliance/jco/dist/api.js', peers));
  await runClang(null, {}, { fetchProgress: () => {} }); // loads the compiler without telling about it
  const { 'guest.wasm': binary } = await runClang(
    [
      ...['clang', '--target=wasm32-wasip1', '-O2', '-Wall', '-nostartfiles'],
      ...['-Wl,--no-entry', '-Wl,--strip-all', '-Wl,--export-memory', '-o', 'guest.wasm', 'guest.c'],
    ],
    { 'guest.c': readFileSync(new URL('guest/guest.c', bench), 'utf8') },
    { stdout: print, stderr: print },
  );
  writeFileSync(core, binary);
  const witSource = readFileSync(wit, 'utf8');
  const embedded = await componentEmbed({ binary, witSource, world: 'micro' });
  writeFileSync(component, await componentNew(embedded, []));
}

function print(bytes) {
  if (bytes) process.stderr.write(bytes);
}

function transpileWithJco(version) {
  installPeers();
  runNode([
    ...[jco[version], 'transpile', fileURLToPath(component), '-q', '--name', 'micro'],
    ...['-o', fileURLToPath(new URL(`jco/${version}`, abiOut))],
    ...['--map', 'bench:micro/host=../../../../lib/host.mjs'],
  ]);
}

async function runWit2ts() {
  installPeers();
  const folder = new URL('wit2ts/', abiOut);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('micro.json', folder), JSON.stringify(document, null, 1));
  runNode([wit2ts, '--outDir', fileURLToPath(folder), fileURLToPath(new URL('micro.json', folder))]);
  const source = readFileSync(new URL('micro.ts', folder), 'utf8');
  const runtime = new URL('@vscode/wasm-component-model/lib/node/main.js', peers);
  // Its output has namespaces, which need more than stripping.
  const { transform } = await import(new URL('esbuild/lib/main.js', peers));
  const { code } = await transform(source, { loader: 'ts', target: 'esnext' });
  writeFileSync(
    new URL('micro.mjs', folder),
    code.replaceAll('"@vscode/wasm-component-model"', `"${runtime}"`),
  );
}

/** Our own glue, as the options say. */
export async function generateWithWittle(folder = new URL('wittle/', abiOut), options = {}) {
  buildPackages(['runtime', 'component', 'codegen']);
  const { loadPackage } = await import(new URL('parser/dist/node/index.js', packages));
  const { selectWorld } = await import(new URL('parser/dist/index.js', packages));
  const { generate, hostTarget } = await import(new URL('codegen/dist/index.js', packages));
  const { model, diagnostics } = loadPackage(fileURLToPath(wit));
  if (model === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  const { world } = selectWorld(model, 'micro');
  const generator = { name: 'wittle', source: 'wit/world.wit' };
  const made = generate(world, hostTarget, { importSuffix: '.ts', ...options }, generator);
  if (made.diagnostics.length > 0) throw new Error(made.diagnostics.map((each) => each.message).join('\n'));
  rmSync(folder, { recursive: true, force: true });
  const runtime = new URL('runtime/dist/abi/index.js', packages);
  for (const { path, contents } of made.files) {
    const file = new URL(path, folder);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, contents.replaceAll("'@wittle/runtime/abi'", `'${runtime}'`));
  }
}
