/** Builds with Rollup, and what is run of them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { rollup, watch, type RollupError, type RollupWatcherEvent } from 'rollup';
import { brokenWit, fixture, makeApp, rejection, removeApps, run } from '../test/app.ts';
import type { Options } from './options.ts';
import { wittle } from './rollup.ts';

afterAll(removeApps);

const external = /^@wittle\//;
const printed = 'counted\n42\n'.repeat(3);

async function build(app: string, options?: Options): Promise<readonly string[]> {
  const bundle = await rollup({
    input: join(app, 'main.js'),
    external,
    plugins: [wittle(options)],
    onwarn: ({ message }) => warnings.push(message),
  });
  const { output } = await bundle.write({ dir: join(app, 'dist') });
  await bundle.close();
  return output.map(({ fileName }) => fileName);
}

const warnings: string[] = [];

test('a component, a core module with its world and WIT are imported, and the program runs', async () => {
  const app = makeApp();
  const files = await build(app);
  expect(files.filter((name) => name.endsWith('.wasm'))).toHaveLength(2);
  expect(run(join(app, 'dist', 'main.js'))).toBe(printed);
  expect(warnings).toEqual([]);
});

test('the guest is an asset with its bytes as they were', async () => {
  const app = makeApp({ 'main.js': "export { url } from './shop.wasm';" });
  const [asset] = (await build(app)).filter((name) => name.endsWith('.wasm'));
  expect(readFileSync(join(app, 'dist', asset!))).toEqual(fixture('shop.wasm'));
});

test('what is not used of the glue is not in the bundle', async () => {
  const app = makeApp({
    'main.js': "import './shop.wit'; import { url } from './shop.wasm'; export { url };",
  });
  await build(app);
  const text = readFileSync(join(app, 'dist', 'main.js'), 'utf8');
  expect(text).not.toContain('instantiateCore');
});

test('all mistakes are in the error, the first with its place and its line', async () => {
  const app = makeApp({ 'shop.wit': brokenWit });
  const error = (await rejection(build(app))) as RollupError;
  expect(error.plugin).toBe('@wittle/unplugin');
  expect(error.loc).toEqual({ file: join(app, 'shop.wit'), line: 6, column: 11 });
  expect(error.frame).toMatch(/ 6 \| {5}count: u33,\n +\| +\^\^\^$/);
  expect(error.message).toContain('[unknown-type] type `u33` not found');
  expect(error.message).toMatch(
    /and 1 other:\n\n.*shop\.wit:14:26: error\[unknown-type\]: type `strng` not found/,
  );
});

test('a binary that is broken is an error that says where', async () => {
  const app = makeApp({ 'shop.wasm': fixture('shop.wasm').subarray(0, 100) });
  const error = (await rejection(build(app))) as RollupError;
  expect(error.message).toMatch(/\[invalid-binary\] .*shop\.wasm, byte \d+: unexpected end/);
});

test('a .wasm file that does not say its world, and other queries, are left to others', async () => {
  const app = makeApp({
    'plain.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    'main.js':
      "export { default as plain } from './plain.wasm'; export { default as raw } from './shop.wit?raw';",
  });
  const other = {
    name: 'other',
    resolveId: (id: string) => (id.includes('?') ? join(app, id) : undefined),
    load: (id: string) => (/plain|raw/.test(id) ? 'export default 1;' : undefined),
  };
  const bundle = await rollup({ input: join(app, 'main.js'), plugins: [wittle(), other] });
  const { output } = await bundle.generate({});
  expect(output[0].exports).toEqual(['plain', 'raw']);
});

test('a file in wit/ stands for its package, and the world is the one in it', async () => {
  const app = makeApp({
    'main.js': "export { instantiate } from './wit/small.wit';",
    'wit/small.wit': 'package demo:two; world small { import names; import tea:tea/leaf; }',
    'wit/large.wit': 'world large { import names; }',
    'wit/names.wit': 'interface names { f: func(); }',
    'wit/deps/tea/leaf.wit': 'package tea:tea; interface leaf { g: func(); }',
  });
  await build(app);
  const text = readFileSync(join(app, 'dist', 'main.js'), 'utf8');
  expect(text).toContain("'demo:two/small'");
  expect(text).toContain('tea:tea/leaf');
});

test('one of several worlds is chosen by option or in the query', async () => {
  const worlds = 'package a:b; world one { export f: func(); } world two { export g: func(); }';
  const query = makeApp({
    'main.js':
      "export { instantiate as a } from './w.wit?world=one'; export { instantiate as b } from './w.wit?world=two';",
    'w.wit': worlds,
  });
  await build(query);
  const text = readFileSync(join(query, 'dist', 'main.js'), 'utf8');
  expect(text).toContain("'a:b/one'");
  expect(text).toContain("'a:b/two'");

  const app = makeApp({ 'main.js': "export { instantiate } from './w.wit';", 'w.wit': worlds });
  expect(await rejection(build(app))).toMatchObject({
    message: expect.stringContaining('[ambiguous-world]'),
  });
  await build(app, { files: { [join(app, 'w.wit')]: { world: 'two' } } });
  expect(readFileSync(join(app, 'dist', 'main.js'), 'utf8')).toContain("'a:b/two'");
});

test('options of the glue are those of target host', async () => {
  const app = makeApp({
    'main.js': "export { instantiate } from './r.wit';",
    'r.wit': 'package a:b; world w { export f: func() -> result<u8, string>; }',
  });
  await build(app, { options: { results: 'return' } });
  expect(readFileSync(join(app, 'r.d.wit.ts'), 'utf8')).toContain("tag: 'err'; val: string");
  const error = await rejection(build(app, { options: { mayBlock: ['a:b/nothing#g'] } }));
  expect(error).toMatchObject({ message: expect.stringContaining('a:b/nothing#g') });
});

test('an option for a file that is not there is an error', async () => {
  const error = await rejection(build(makeApp(), { files: { 'no.wit': { world: 'w' } } }));
  expect(error).toMatchObject({
    message: expect.stringContaining('option `files` has `no.wit`, but there is no such file in'),
  });
});

test('watching goes on after a mistake, and sees files that are new in a package', async () => {
  const app = makeApp({
    'main.js': "import { instantiate } from './wit/app.wit'; console.log(instantiate.name);",
    'wit/app.wit': 'package a:b; world app { import more; }',
  });
  const watcher = watch({
    input: join(app, 'main.js'),
    external,
    plugins: [wittle()],
    output: { dir: join(app, 'dist') },
    watch: { chokidar: { usePolling: true, interval: 20 } },
  });
  try {
    const next = async (code: 'ERROR' | 'BUNDLE_END'): Promise<RollupWatcherEvent> =>
      new Promise((resolve) => {
        const listener = (event: RollupWatcherEvent): void => {
          if ('result' in event && event.result) void event.result.close();
          if (event.code !== code) return;
          watcher.off('event', listener);
          resolve(event);
        };
        watcher.on('event', listener);
      });
    const wrong = await next('ERROR');
    expect(wrong).toMatchObject({ error: { message: expect.stringContaining('`more` not found') } });
    const right = next('BUNDLE_END');
    const write = (): void => writeFileSync(join(app, 'wit', 'more.wit'), 'interface more { f: func(); }');
    // Until the watcher is there.
    const writing = setInterval(write, 200);
    await right.finally(() => clearInterval(writing));
    expect(run(join(app, 'dist', 'main.js'))).toBe('instantiate\n');
  } finally {
    await watcher.close();
  }
  expect(readdirSync(join(app, 'wit')).toSorted()).toEqual([
    'app.d.wit.ts',
    'app.d.wit.ts.map',
    'app.wit',
    'more.wit',
  ]);
});
