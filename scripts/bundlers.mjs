/**
 * Builds a small program with every bundler that @wittle/unplugin is for, by the configurations of its README, runs what
 * comes out, and breaks the WIT while they watch. Installs Vite, Rolldown, webpack and Rspack into scripts/bundlers. The
 * packages have to be built. With a
 * text, only what has it in its title.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, 'scripts', 'bundlers');
const unplugin = join(root, 'packages', 'unplugin');
const fixtures = join(unplugin, 'test', 'app');
const readme = readFileSync(join(unplugin, 'README.md'), 'utf8');
/** Nothing that is waited for takes this long. */
const patience = Number(process.env.PATIENCE ?? 60_000);

const { dependencies } = JSON.parse(readFileSync(join(tools, 'package.json'), 'utf8'));
const isThere = ([name, version]) => {
  const manifest = join(tools, 'node_modules', name, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
};
if (!Object.entries(dependencies).every(isThere)) {
  console.log('Installing Vite, Rolldown, webpack and Rspack (150 MB) into scripts/bundlers/node_modules …');
  // What the lock says; but `npm ci` asks for packages of all systems, which not every registry has.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', args, { cwd: tools, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

// Below the package, where its dependencies are found, and it itself by its own name.
mkdirSync(join(unplugin, 'out'), { recursive: true });
const work = mkdtempSync(join(unplugin, 'out', 'bundlers-'));
const modules = join(work, 'node_modules');
mkdirSync(join(modules, '@rspack'), { recursive: true });
for (const name of Object.keys(dependencies)) {
  symlinkSync(join(tools, 'node_modules', name), join(modules, name), 'junction');
}

let passed = 0;
let failed = 0;

async function check(what, body) {
  if (!what.includes(process.argv[2] ?? '')) return;
  const app = mkdtempSync(join(work, 'app-'));
  try {
    await body(app);
    console.log(`ok      ${what}`);
    passed++;
  } catch (error) {
    console.log(`FAILED  ${what}: ${error?.stack ?? error}`);
    failed++;
  }
}

/** A block of the README. */
function block(mark) {
  const found = new RegExp(`<!-- ${mark} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\``).exec(readme);
  if (found === null) throw new Error(`the README has no block ${mark}`);
  return found[1];
}

/** The program of the README, with what it imports. */
function writeApp(app, config) {
  for (const name of ['shop.wit', 'shop.wasm', 'shop-core.wasm'])
    copyFileSync(join(fixtures, name), join(app, name));
  writeFileSync(join(app, 'main.js'), block('program'));
  writeFileSync(join(app, 'index.html'), '<script type="module" src="/main.js"></script>\n');
  if (config !== undefined) writeFileSync(join(app, config), block(config));
}

async function configOf(app, name) {
  return (await import(pathToFileURL(join(app, name)))).default;
}

function equal(actual, wanted) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`got ${a}, expected ${b}`);
}

function includes(text, ...parts) {
  for (const part of parts) {
    if (!text.includes(part)) throw new Error(`${JSON.stringify(part)} is not in:\n${text}`);
  }
}

/** What a program prints. */
function run(file, cwd = work) {
  const options = { cwd, encoding: 'utf8', timeout: patience };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], options);
  if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** That the output has the guest as it is, in a file of its own. */
function hasAsset(directory) {
  const wanted = readFileSync(join(fixtures, 'shop.wasm'));
  const files = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.wasm'));
  equal(
    files.map((name) => readFileSync(join(directory, name)).equals(wanted)),
    [true],
  );
}

function declares(app) {
  includes(readFileSync(join(app, 'shop.d.wasm.ts'), 'utf8'), 'export declare function instantiate(');
}

const printed = 'counted\n42\n';

/** Two mistakes, and how each is to be shown: with its place and its line. */
const brokenWit = readFileSync(join(fixtures, 'shop.wit'), 'utf8')
  .replace('count: u32', 'count: u33')
  .replace('text: string', 'text: strng');
const mistakes = ['`u33` not found', '`strng` not found', 'shop.wit:6:', 'shop.wit:14:', 'count: u33'];

/** Resolves with what `ready` gives once it gives something; fails after a while. */
async function eventually(what, ready) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await ready();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

// What imports the WIT; its glue is what breaks.
const witProgram = `import { compile } from '@wittle/component';
import { instantiate } from './shop.wit';
import { url } from './shop.wasm';
const { prices } = await instantiate(await compile(url), { log: (text) => console.log(text) });
console.log(prices.total([{ name: 'tea', count: 42 }]));
`;

const { build: viteBuild, createServer } = await import(
  pathToFileURL(join(tools, 'node_modules/vite/dist/node/index.js'))
);

const quiet = { logLevel: 'silent', clearScreen: false };

await check('Vite builds a site, which fetches the guest', async (app) => {
  writeApp(app, 'vite.config.js');
  await viteBuild({ ...quiet, root: app, base: 'http://site.test/', build: { modulePreload: false } });
  hasAsset(join(app, 'dist'));
  declares(app);
  const [script] = readdirSync(join(app, 'dist', 'assets')).filter((name) => name.endsWith('.js'));
  // A browser's fetch, as far as the page needs it.
  writeFileSync(
    join(app, 'browser.mjs'),
    `import { readFileSync } from 'node:fs';
globalThis.fetch = async (url) => {
  if (new URL(url).origin !== 'http://site.test') throw new Error('fetched ' + url);
  return new Response(readFileSync(new URL('./dist' + new URL(url).pathname, import.meta.url)));
};
await import('./dist/assets/${script}');
`,
  );
  equal(run(join(app, 'browser.mjs')), printed);
});

await check('Vite builds for a server, with the guest inside', async (app) => {
  writeApp(app, 'vite.config.js');
  await viteBuild({ ...quiet, root: app, build: { ssr: 'main.js' } });
  equal(run(join(app, 'dist', 'main.js')), printed);
});

await check(
  'Vite builds for a server with assets, and a library, with the guest beside the chunk',
  async (app) => {
    writeApp(app, 'vite.config.js');
    await viteBuild({
      ...quiet,
      root: app,
      build: { ssr: 'main.js', ssrEmitAssets: true, outDir: 'server' },
    });
    hasAsset(join(app, 'server'));
    equal(run(join(app, 'server', 'main.js')), printed);
    const lib = { entry: 'main.js', formats: ['es'], fileName: 'main' };
    await viteBuild({ ...quiet, root: app, build: { lib, outDir: 'library', minify: false } });
    hasAsset(join(app, 'library'));
    const file = readdirSync(join(app, 'library')).find((name) => /\.m?js$/.test(name));
    equal(run(join(app, 'library', file)), printed);
  },
);

await check('Vite fails to build WIT with mistakes, and shows all of them', async (app) => {
  writeApp(app, 'vite.config.js');
  writeFileSync(join(app, 'shop.wit'), brokenWit);
  writeFileSync(join(app, 'main.js'), witProgram);
  const error = await rejected(viteBuild({ ...quiet, root: app }));
  includes(error.message, '`u33` not found', '`strng` not found', 'count: u33', 'text: strng');
  includes(error.message, 'shop.wit:14:');
});

await check('Vite leaves what asks for something else', async (app) => {
  writeApp(app, 'vite.config.js');
  writeFileSync(join(app, 'plain.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  writeFileSync(
    join(app, 'main.js'),
    `import init from './plain.wasm?init';
import url from './shop.wasm?url&no-inline';
import text from './shop.wit?raw';
const other = new URL('./shop-core.wasm', import.meta.url);
console.log(typeof init, url, text.length, other.href);
`,
  );
  await viteBuild({ ...quiet, root: app, build: { assetsInlineLimit: 0 } });
  equal(readdirSync(join(app, 'dist', 'assets')).filter((name) => name.endsWith('.wasm')).length, 3);
});

/** A dev server without a port, what it tells browsers, and a way to have a module. */
async function development(app, body) {
  const server = await createServer({
    ...quiet,
    root: app,
    // Nothing is to be found out about the program beforehand.
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: { usePolling: true, interval: 20 } },
    appType: 'custom',
  });
  const sent = [];
  server.environments.client.hot.send = (payload) => sent.push(payload);
  try {
    await body(server, sent);
  } finally {
    await server.close();
  }
}

/** Makes a change until a reload follows. */
async function changes(sent, what, change) {
  const before = reloads(sent);
  let written = 0;
  await eventually(what, () => {
    // Watchers pass over a change that follows another at once.
    if (Date.now() - written > 200) {
      written = Date.now();
      change();
    }
    return reloads(sent) > before;
  });
}

const reloads = (sent) => sent.filter(({ type }) => type === 'full-reload').length;

await check('Vite serves the glue and the guest in development', async (app) => {
  writeApp(app, 'vite.config.js');
  await development(app, async (server) => {
    const main = await server.transformRequest('/main.js');
    includes(main.code, '"/shop.wasm?import"');
    const guest = await server.transformRequest('/shop.wasm?import');
    includes(guest.code, '"/shop.wasm?import&url"');
    includes((await server.transformRequest('/shop.wasm?import&url')).code, 'export default "/shop.wasm"');
    const parts = [...guest.code.matchAll(/"(\/shop\.wasm\?[^"]*wittle=index[^"]*)"/g)].map(([, url]) => url);
    equal(parts.length, 1);
    includes((await server.transformRequest(parts[0])).code, 'instantiateCore');
  });
});

await check('Vite runs a program on the server in development', async (app) => {
  writeApp(app, 'vite.config.js');
  writeFileSync(
    join(app, 'main.js'),
    block('program').replace('console.log(prices', 'export const total = (prices'),
  );
  await development(app, async (server) => {
    const { total } = await server.ssrLoadModule('/main.js');
    equal(total, 42);
  });
});

await check(
  'Vite reloads when the WIT, what it depends on or the guest changes, and outlives mistakes',
  async (app) => {
    writeApp(app, 'vite.config.js');
    const wit = join(app, 'wit');
    mkdirSync(join(wit, 'deps', 'tea'), { recursive: true });
    const leaf = join(wit, 'deps', 'tea', 'tea.wit');
    const teaWit = 'package tea:tea; interface leaf { grow: func() -> u32; }';
    writeFileSync(leaf, teaWit);
    writeFileSync(join(wit, 'app.wit'), 'package demo:app; world app { import tea:tea/leaf; }');
    writeFileSync(join(app, 'main.js'), "import './wit/app.wit';\nimport './shop.wasm';\n");
    await development(app, async (server, sent) => {
      const glue = '/wit/app.wit?import';
      const load = async () => {
        await server.transformRequest('/main.js');
        return (await server.transformRequest(glue)).code;
      };
      includes(await load(), 'wittle=imports:tea:tea:leaf.js');
      await changes(sent, 'a reload after a change of the WIT', () =>
        writeFileSync(
          join(wit, 'app.wit'),
          'package demo:app; world app { import tea:tea/leaf; import log: func(); }',
        ),
      );
      includes(await load(), 'wittle=imports:$root.js');

      await changes(sent, 'a reload after a mistake in a dependency', () =>
        writeFileSync(leaf, teaWit.replace('u32', 'u33')),
      );
      const error = await rejected(load());
      includes(error.message, '`u33` not found');
      equal([basename(error.loc.file), error.loc.line], ['tea.wit', 1]);
      includes(error.frame, '^^^');

      await changes(sent, 'a reload after the mistake is gone', () => writeFileSync(leaf, teaWit));
      includes(await load(), 'wittle=imports:tea:tea:leaf.js');

      await changes(sent, 'a reload after a new file of the package', () =>
        writeFileSync(join(wit, 'more.wit'), 'interface more { f: func(); }'),
      );
      includes(await load(), 'wittle=imports:tea:tea:leaf.js');

      await server.transformRequest('/shop.wasm?import');
      await changes(sent, 'a reload after a change of the guest', () =>
        writeFileSync(join(app, 'shop.wasm'), readFileSync(join(fixtures, 'shop-core.wasm'))),
      );
      includes((await server.transformRequest('/shop.wasm?import')).code, 'WebAssembly.compile');
    });
  },
);

await check('Vite reloads when the WIT is right that was wrong from the beginning', async (app) => {
  writeApp(app, 'vite.config.js');
  writeFileSync(join(app, 'shop.wit'), brokenWit);
  writeFileSync(join(app, 'main.js'), "import './shop.wit';\n");
  await development(app, async (server, sent) => {
    await server.transformRequest('/main.js');
    includes((await rejected(server.transformRequest('/shop.wit?import'))).message, '`u33` not found');
    await changes(sent, 'a reload', () => copyFileSync(join(fixtures, 'shop.wit'), join(app, 'shop.wit')));
    includes((await server.transformRequest('/shop.wit?import')).code, 'instantiate');
  });
});

await check('Rolldown builds, and shows mistakes', async (app) => {
  const { rolldown, watch } = await import(
    pathToFileURL(join(tools, 'node_modules/rolldown/dist/index.mjs'))
  );
  writeApp(app, 'rolldown.config.js');
  const { input, plugins, output } = await configOf(app, 'rolldown.config.js');
  const options = { input: join(app, input), plugins, cwd: app, platform: 'node' };
  const bundle = await rolldown(options);
  await bundle.write({ ...output, dir: join(app, 'dist') });
  await bundle.close();
  hasAsset(join(app, 'dist'));
  equal(run(join(app, 'dist', 'main.js')), printed);

  writeFileSync(join(app, 'shop.wit'), brokenWit);
  writeFileSync(join(app, 'main.js'), witProgram);
  const watcher = watch({ ...options, output: { dir: join(app, 'watched') }, watch: { skipWrite: false } });
  try {
    const events = [];
    watcher.on('event', async (event) => {
      events.push(event);
      if ('result' in event) await event.result?.close();
    });
    const wrong = await eventually('an error', () => events.find(({ code }) => code === 'ERROR'));
    includes(wrong.error.message, '`u33` not found', '`strng` not found', 'count: u33');
    copyFileSync(join(fixtures, 'shop.wit'), join(app, 'shop.wit'));
    await eventually('a build', () => events.find(({ code }) => code === 'BUNDLE_END'));
    equal(run(join(app, 'watched', 'main.js')), printed);
  } finally {
    await watcher.close();
  }
});

await check('Rollup builds by its configuration', async (app) => {
  const { rollup } = await import(pathToFileURL(join(unplugin, 'node_modules/rollup/dist/es/rollup.js')));
  writeApp(app, 'rollup.config.js');
  const { input, output, ...options } = await configOf(app, 'rollup.config.js');
  const bundle = await rollup({ ...options, input: join(app, input) });
  await bundle.write({ ...output, dir: join(app, output.dir) });
  await bundle.close();
  hasAsset(join(app, 'dist'));
  equal(run(join(app, 'dist', 'main.js')), printed);
});

await check('esbuild builds by its program', async (app) => {
  writeApp(app, 'esbuild.config.js');
  equal(run(join(app, 'esbuild.config.js'), app), '');
  hasAsset(join(app, 'dist'));
  declares(app);
  equal(run(join(app, 'dist', 'main.js')), printed);
});

await check('declarations are written without a build', async (app) => {
  writeApp(app, 'types.mjs');
  equal(run(join(app, 'types.mjs'), app), '');
  equal(readdirSync(join(app, '.wittle')).toSorted(), [
    'shop.d.wasm.ts',
    'shop.d.wit.ts',
    'shop.d.wit.ts.map',
  ]);
});

for (const [title, name] of [
  ['webpack', 'webpack'],
  ['Rspack', '@rspack/core'],
]) {
  const file = name === 'webpack' ? 'lib/index.js' : 'dist/index.js';
  const loaded = await import(pathToFileURL(join(tools, 'node_modules', name, file)));
  const pack = loaded.rspack ?? loaded.default;
  const config = title === 'webpack' ? 'webpack.config.js' : 'rspack.config.js';
  const options = async (app, more = {}) => ({
    ...(await configOf(app, config)),
    context: app,
    // So that Node runs it.
    target: 'node',
    experiments: { outputModule: true, asyncWebAssembly: true },
    output: {
      path: join(app, 'dist'),
      filename: 'main.mjs',
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
    },
    ...more,
  });
  const text = (stats) => stats.toString({ all: false, errors: true, warnings: true, colors: false });
  const once = async (given) => {
    const compiler = pack(given);
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    return stats;
  };

  await check(`${title} builds`, async (app) => {
    writeApp(app, config);
    const stats = await once(await options(app));
    equal(text(stats), '');
    hasAsset(join(app, 'dist'));
    declares(app);
    equal(run(join(app, 'dist', 'main.mjs')), printed);
  });

  await check(`${title} leaves what asks for something else`, async (app) => {
    writeApp(app, config);
    // A module with the function f, which gives 7.
    const plain = '0061736d010000000105016000017f03020100070501016600000a0601040041070b';
    writeFileSync(join(app, 'plain.wasm'), Buffer.from(plain, 'hex'));
    writeFileSync(
      join(app, 'main.js'),
      `import { readFileSync } from 'node:fs';
import { f } from './plain.wasm';
const url = new URL('./shop.wasm', import.meta.url);
console.log(f(), readFileSync(url).length);
`,
    );
    const stats = await once(await options(app));
    equal(text(stats), '');
    equal(run(join(app, 'dist', 'main.mjs')), `7 ${readFileSync(join(fixtures, 'shop.wasm')).length}\n`);
  });

  await check(`${title} shows all mistakes, and recovers while it watches`, async (app) => {
    writeApp(app, config);
    writeFileSync(join(app, 'shop.wit'), brokenWit);
    writeFileSync(join(app, 'main.js'), witProgram);
    const compiler = pack(await options(app, { mode: 'development', devtool: false }));
    const results = [];
    const watching = compiler.watch({ aggregateTimeout: 5, poll: 20 }, (error, stats) =>
      results.push(error ? { error } : { failed: stats.hasErrors(), text: text(stats) }),
    );
    try {
      const wrong = await eventually('an error', () => results[0]);
      includes(wrong.text, ...mistakes);
      equal(wrong.text.match(/error\[/g).length, 2);
      copyFileSync(join(fixtures, 'shop.wit'), join(app, 'shop.wit'));
      await eventually('a build', () => results.at(-1).failed === false);
      equal(run(join(app, 'dist', 'main.mjs')), printed);
    } finally {
      await new Promise((resolve) => watching.close(resolve));
      await new Promise((resolve) => compiler.close(resolve));
    }
  });
}

await check('the configurations are right by the types of the bundlers', async (app) => {
  for (const name of ['vite', 'rolldown', 'webpack', 'rspack']) {
    const config = `${name}.config`;
    const text = block(`${config}.js`);
    const typed = {
      webpack: ["import type { Configuration } from 'webpack';", ' satisfies Configuration'],
      rspack: ["import type { Configuration } from '@rspack/core';", ' satisfies Configuration'],
    }[name];
    const [before, after] = typed ?? ['', ''];
    writeFileSync(join(app, `${config}.ts`), `${before}\n${text.replace(/;\s*$/, `${after};`)}`);
  }
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      tsc,
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      ...readdirSync(app),
    ],
    { cwd: app, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stdout);
});

rmSync(work, { recursive: true, force: true, maxRetries: 5 });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
