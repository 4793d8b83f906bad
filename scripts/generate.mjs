/**
 * `node scripts/generate.mjs`: writes all generated code of the repository anew; with `--check` it writes nothing and
 * fails when something would change. Takes built packages (`tsc -b`).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate as generateFiles, hostTarget, targets } from '../packages/codegen/dist/index.js';
import { configSchema } from '../packages/cli/dist/config/schema.js';
import { hasErrors, renderDiagnostics, selectWorld } from '../packages/parser/dist/index.js';
import { loadPackage } from '../packages/parser/dist/node/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));

/** What is generated from where; paths from the root of the repository. */
const outputs = [
  {
    wit: 'packages/wasi/wit',
    world: 'command',
    directory: 'packages/wasi/src/generated',
    options: { importSuffix: '.ts' },
  },
  ...['shop', 'words'].map((name) => ({
    wit: `examples/components/${name}/wit`,
    world: name,
    directory: `examples/components/${name}/generated`,
    options: { importSuffix: '.ts' },
  })),
];

const check = process.argv.includes('--check');
const changed = [...outputs.flatMap(generate), ...configSchemaFile()];
if (changed.length === 0) console.log('generated code is up to date');
else {
  for (const path of changed) console.log(`${check ? 'differs' : 'wrote'}: ${path}`);
  if (check) {
    console.error('generated code is not what `node scripts/generate.mjs` writes');
    process.exitCode = 1;
  }
}

/** Generates one directory; gives the files that it changed, or would. */
function generate({ wit, world: name, directory, options }) {
  const { model, diagnostics } = loadPackage(join(root, wit), {
    allFeatures: true,
    packages: [join(root, 'wit/wasi/0.2.12')],
  });
  if (model === undefined || hasErrors(diagnostics)) fail(renderDiagnostics(diagnostics));
  const { world, diagnostics: unknown } = selectWorld(model, name);
  if (world === undefined) fail(renderDiagnostics(unknown));
  const generator = { name: `wittle ${version}`, source: wit };
  const { files, diagnostics: problems } = generateFiles(world, hostTarget, options, generator);
  if (problems.length > 0) fail(renderDiagnostics(problems));
  const folder = join(root, directory);
  const wanted = new Map(files.map(({ path, contents }) => [join(folder, path), contents]));
  const changes = [];
  for (const [path, contents] of wanted) {
    if (existsSync(path) && readFileSync(path, 'utf8') === contents) continue;
    changes.push(relative(root, path));
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  for (const path of existing(folder)) {
    if (wanted.has(path)) continue;
    changes.push(relative(root, path));
    if (!check) rmSync(path);
  }
  return changes;
}

/** What editors check a `wittle.config.json` with. */
function configSchemaFile() {
  const path = 'packages/cli/config.schema.json';
  const contents = `${JSON.stringify(configSchema(Object.values(targets)), null, 2)}\n`;
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === contents) return [];
  if (!check) writeFileSync(file, contents);
  return [path];
}

function existing(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
