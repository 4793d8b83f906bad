/** Builds with esbuild, and what is run of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { build, context, type BuildFailure, type BuildOptions, type BuildResult } from 'esbuild';
import { brokenWit, fixture, makeApp, rejection, removeApps, run } from '../test/app.ts';
import { wittle } from './esbuild.ts';

afterAll(removeApps);

const options = (app: string): BuildOptions => ({
  absWorkingDir: app,
  entryPoints: ['main.js'],
  bundle: true,
  outdir: 'dist',
  format: 'esm',
  logLevel: 'silent',
  plugins: [wittle()],
});
const bundle = async (app: string, more: BuildOptions = {}): Promise<BuildResult> =>
  build({ ...options(app), ...more });

test('the program runs, in chunks and folders of its own, too', async () => {
  const app = makeApp({ 'pages/deep.js': "await import('../main.js');" });
  await bundle(app);
  expect(run(join(app, 'dist', 'main.js'))).toBe('counted\n42\n'.repeat(3));
  await bundle(app, {
    entryPoints: ['main.js', 'pages/deep.js'],
    splitting: true,
    outdir: 'split',
    assetNames: 'a/[name]',
  });
  expect(run(join(app, 'split', 'pages', 'deep.js'))).toBe('counted\n42\n'.repeat(3));
  expect(readFileSync(join(app, 'split', 'a', 'shop.wasm'))).toEqual(fixture('shop.wasm'));
});

test('in a CommonJS module for Node, the guest is beside it', async () => {
  const program = "import { url } from './shop.wasm'; console.log(url.href);";
  const app = makeApp({ 'main.js': program });
  await bundle(app, {
    platform: 'node',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    assetNames: '[name]',
  });
  expect(run(join(app, 'dist', 'main.cjs'))).toBe(`${pathToFileURL(join(app, 'dist', 'shop.wasm')).href}\n`);
});

test('in a script of a page, the guest is beside it, or where assets are published', async () => {
  const program = "import { url } from './shop.wasm'; console.log(url.href);";
  const page = "globalThis.document = { currentScript: { src: 'http://site.test/js/main.js' } };";
  const app = makeApp({ 'main.js': program });
  const script = { format: 'iife', assetNames: '[name]', banner: { js: page } } as const;
  await bundle(app, script);
  expect(run(join(app, 'dist', 'main.js'))).toBe('http://site.test/js/shop.wasm\n');
  await bundle(app, { ...script, publicPath: 'http://cdn.test/x/' });
  expect(run(join(app, 'dist', 'main.js'))).toBe('http://cdn.test/x/shop.wasm\n');
});

test('each mistake is an error with its place, its line and its hint', async () => {
  const app = makeApp({ 'shop.wit': brokenWit });
  const { errors } = (await rejection(bundle(app))) as BuildFailure;
  const found = errors.map(({ text, location, pluginName, notes }) => ({
    text,
    location,
    pluginName,
    note: notes[0]?.text,
  }));
  expect(found).toEqual([
    {
      text: expect.stringContaining('[unknown-type] type `u33` not found'),
      location: expect.objectContaining({ line: 6, column: 11, length: 3, lineText: '    count: u33,' }),
      pluginName: '@wittle/unplugin',
      note: 'hint: did you mean `u32`?',
    },
    {
      text: expect.stringContaining('`strng` not found'),
      location: expect.objectContaining({ line: 14, column: 25, length: 5 }),
      pluginName: '@wittle/unplugin',
      note: 'hint: did you mean `string`?',
    },
  ]);
});

test('a build that failed succeeds after the mistake is gone, and follows changes', async () => {
  const app = makeApp({ 'shop.wit': brokenWit });
  const again = await context(options(app));
  try {
    expect(((await rejection(again.rebuild())) as BuildFailure).errors).toHaveLength(2);
    writeFileSync(join(app, 'shop.wit'), fixture('shop.wit'));
    await again.rebuild();
    expect(run(join(app, 'dist', 'main.js'))).toContain('42');
    writeFileSync(join(app, 'shop.wit'), fixture('shop.wit').toString().replace('total:', 'sum:'));
    await again.rebuild();
    expect(readFileSync(join(app, 'dist', 'main.js'), 'utf8')).toContain('demo:shop/prices@1.0.0#sum');
  } finally {
    await again.dispose();
  }
});
