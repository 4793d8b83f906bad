/**
 * Packs every package as it would be published and has publint and attw look at the tarballs. Then installs them into
 * an empty folder, as a user would, and runs the CLI from there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, published } from './tarballs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, 'scripts', 'packaging');
const out = mkdtempSync(join(tmpdir(), 'wittle-packaging-'));
let passed = 0;
let failed = 0;

function run(program, args, cwd) {
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { ok: status === 0, text: `${stdout ?? ''}${stderr ?? ''}` };
}

function check(what, { ok, text }) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
  if (ok) passed++;
  else {
    failed++;
    console.log(text.trim().replaceAll(/^/gm, '     '));
  }
  return ok;
}

if (!existsSync(join(tools, 'node_modules', 'publint'))) {
  console.log('Installing publint and attw into scripts/packaging/node_modules …');
  const { ok, text } = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], tools);
  if (!ok) throw new Error(text);
}
const tarballs = new Map();
for (const name of published) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const packed = pack(name, out);
  if (!check(`${manifest.name}: pack`, packed)) continue;
  const { tarball } = packed;
  tarballs.set(manifest.name, tarball);
  check(
    `${manifest.name}: publint`,
    run(process.execPath, [join(tools, 'node_modules/publint/src/cli.js'), tarball, '--strict'], tools),
  );
  if (manifest.exports === undefined) continue;
  check(
    `${manifest.name}: attw`,
    run(
      process.execPath,
      [join(tools, 'node_modules/@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only'],
      tools,
    ),
  );
}

const user = join(out, 'user');
mkdirSync(user);
const overrides = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]));
writeFileSync(
  join(user, 'package.json'),
  JSON.stringify({ private: true, type: 'module', dependencies: overrides, overrides }),
);
if (
  check(
    'a user installs the tarballs',
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error'], user),
  )
) {
  const wittle = join(user, 'node_modules', '.bin', 'wittle');
  check(
    'wittle generate wasi:sockets from the tarballs',
    run(wittle, ['generate', 'wasi:sockets@0.2.12', '--world', 'imports', '-o', 'bindings'], user),
  );
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const flags = ['--strict', '--noEmit', '--ignoreConfig', '--module', 'nodenext'];
  check('the generated code compiles', run(tsc, [...flags, 'bindings/index.ts'], user));
  const sockets = ['generate', 'wasi:sockets@0.2.12', '--world', 'imports', '-o', 'javascript'];
  check('wittle generate --emit js from the tarballs', run(wittle, [...sockets, '--emit', 'js'], user));
  check('its declarations compile', run(tsc, [...flags, 'javascript/index.d.ts'], user));
  const program = "import { instantiate } from './javascript/index.js'; console.log(instantiate.name);";
  const ran = run(process.execPath, ['--input-type=module', '--eval', program], user);
  check('its JavaScript runs', { ...ran, ok: ran.ok && ran.text === 'instantiate\n' });
  const map = join(user, 'javascript/imports/wasi/sockets/tcp.d.ts.map');
  const { sources } = JSON.parse(readFileSync(map, 'utf8'));
  check('its maps lead to WIT that is there', {
    text: sources.join(' '),
    ok: sources.length > 0 && sources.every((source) => existsSync(join(dirname(map), source))),
  });
  // What docs/wit-tools.md tells a tool author to write, run as it stands.
  const page = readFileSync(join(root, 'docs', 'wit-tools.md'), 'utf8');
  writeFileSync(join(user, 'reference.ts'), /<!-- program -->\s*```ts\n([^]*?)```/.exec(page)[1]);
  writeFileSync(
    join(user, 'shop.wit'),
    'package demo:shop; interface cart { add: func(item: string) -> u32; }',
  );
  const reference = run(process.execPath, ['reference.ts', 'shop.wit'], user);
  const expected = 'add(item: string) -> u32';
  check('the program of docs/wit-tools.md', {
    ...reference,
    ok: reference.ok && reference.text.includes(expected),
  });
  const components = readFileSync(join(root, 'docs', 'components.md'), 'utf8');
  writeFileSync(join(user, 'inspect.ts'), /<!-- program -->\s*```ts\n([^]*?)```/.exec(components)[1]);
  const shop = join(root, 'packages/component/test/documentation/shop.wasm');
  const words = join(root, 'examples/components/words/words.wasm');
  const inspected = run(process.execPath, ['inspect.ts', shop], user);
  check('the program of docs/components.md', {
    ...inspected,
    ok: inspected.ok && inspected.text.includes('export demo:shop/prices@1.0.0;'),
  });
  check('wittle run --invoke', {
    ...run(wittle, ['run', '--invoke', 'count("to be or not", 1)', words], user),
  });
  // The configuration of docs/configuration.md, its check and its program.
  const configuration = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8');
  const block = (mark, language) =>
    new RegExp(`<!-- ${mark} -->\\s*\`\`\`${language}\\n([^]*?)\`\`\``).exec(configuration)[1];
  writeFileSync(join(user, 'wittle.config.json'), block('configuration', 'json'));
  mkdirSync(join(user, 'wit'));
  writeFileSync(
    join(user, 'wit', 'shop.wit'),
    'package demo:shop; world shop { export add: func(item: string) -> u32; }',
  );
  check('wittle generate by a configuration', run(wittle, ['generate'], user));
  check('wittle generate --check', run(wittle, ['generate', '--check'], user));
  writeFileSync(join(user, 'build.ts'), block('program', 'ts'));
  const built = run(process.execPath, ['build.ts'], user);
  check('the program of docs/configuration.md', {
    ...built,
    ok: built.ok && built.text.includes('index.ts\nall as generated'),
  });
  rmSync(join(user, 'src', 'bindings', 'index.ts'));
  const missing = run(wittle, ['generate', '--check'], user);
  check('wittle generate --check fails when a file is missing', {
    ...missing,
    ok: !missing.ok && missing.text.includes('missing src/bindings/index.ts'),
  });
  writeFileSync(
    join(user, 'wittle.config.ts'),
    "import { defineConfig } from 'wittle';\nexport default defineConfig({ projects: { a: { wit: 'wit', out: 'a' } } });\n",
  );
  check('a configuration in TypeScript compiles', run(tsc, [...flags, 'wittle.config.ts'], user));
  check(
    'wittle generate by a configuration in TypeScript',
    run(wittle, ['generate', '--config', 'wittle.config.ts'], user),
  );
  const { $schema } = JSON.parse(readFileSync(join(user, 'wittle.config.json'), 'utf8'));
  check('the schema of configurations is where the documentation says', {
    ok: existsSync(join(user, $schema)),
    text: $schema,
  });
  writeFileSync(join(user, 'bad.wit'), 'package a:b; interface i { f: func( }');
  const { ok, text } = run(wittle, ['check', 'bad.wit'], user);
  check('wittle check of a file with a mistake fails', { ok: !ok, text });
}
rmSync(out, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
