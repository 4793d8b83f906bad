import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesIn, folder, repository, wittle } from '../../test/command-line.ts';
import { manifestName } from '../manifest.ts';

const wit =
  'package a:one;\ninterface log { write: func(line: string); }\nworld w { import log; import wasi:random/random@0.2.12; export g: func(); }\n';
const files = { 'wit/one.wit': wit };

/** The WIT files that the maps below a directory lead to, from where they are to be. */
function sources(cwd: string, out: string): readonly string[] {
  const found = new Set<string>();
  for (const [path, text] of Object.entries(filesIn(join(cwd, out)))) {
    if (!path.endsWith('.map')) continue;
    for (const source of (JSON.parse(text) as { sources: string[] }).sources) {
      const file = join(cwd, out, dirname(path), source);
      expect([file, existsSync(file)]).toEqual([file, true]);
      found.add(relative(cwd, file).replaceAll('\\', '/'));
    }
  }
  return [...found].toSorted();
}

describe('--emit js', () => {
  test('writes JavaScript, declarations, and maps that lead to the WIT', async () => {
    const cwd = folder(files);
    const ran = await wittle(cwd, 'generate', 'wit', '-o', 'src/out', '--emit', 'js');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const module = (path: string): readonly string[] =>
      ['d.ts', 'd.ts.map', 'js'].map((as) => `${path}.${as}`);
    expect(Object.keys(filesIn(join(cwd, 'src/out'))).toSorted()).toEqual(
      [
        manifestName,
        ...['exports/$root', 'imports/a/one/log', 'imports/wasi/random/random', 'index'].flatMap(module),
        'wit/wasi/random@0.2.12/random.wit',
      ].toSorted(),
    );
    expect(sources(cwd, 'src/out')).toEqual(['src/out/wit/wasi/random@0.2.12/random.wit', 'wit/one.wit']);
    const copy = readFileSync(join(cwd, 'src/out/wit/wasi/random@0.2.12/random.wit'), 'utf8');
    expect(copy).toBe(readFileSync(join(repository, 'wit/wasi/0.2.12/random/random.wit'), 'utf8'));
  });

  test('is the same in every folder, and for every output of a configuration', async () => {
    const config = {
      projects: {
        one: {
          wit: 'wit',
          outputs: [
            { out: 'src/host', options: { emit: 'js' } },
            { out: 'guest', target: 'guest', options: { emit: 'js', inProcess: true } },
            { out: 'test/mocks', target: 'mocks', options: { emit: 'js', glue: '../../src/host' } },
          ],
        },
      },
    };
    const build = async (): Promise<string> => {
      const cwd = folder({ ...files, 'wittle.config.json': JSON.stringify(config) });
      expect(await wittle(cwd, 'generate', '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
      return cwd;
    };
    const cwd = await build();
    expect(filesIn(await build())).toEqual(filesIn(cwd));
    for (const out of ['src/host', 'guest', 'test/mocks']) {
      expect(sources(cwd, out)).toEqual(
        [`${out}/wit/wasi/random@0.2.12/random.wit`, 'wit/one.wit'].toSorted(),
      );
    }
  });

  test('copies WIT that has no place that is the same everywhere: named by an absolute path, or in a component', async () => {
    const cwd = folder(files);
    expect(await wittle(cwd, 'generate', join(cwd, 'wit'), '-o', 'out', '--emit', 'js')).toMatchObject({
      code: 0,
    });
    expect(sources(cwd, 'out')).toEqual(['out/wit/a/one/one.wit', 'out/wit/wasi/random@0.2.12/random.wit']);
    const component = readFileSync(join(repository, 'examples/components/shop/shop.wasm'));
    writeFileSync(join(cwd, 'shop.wasm'), component);
    expect(await wittle(cwd, 'generate', 'shop.wasm', '-o', 'shop', '--emit', 'js')).toMatchObject({
      code: 0,
    });
    expect(sources(cwd, 'shop')).toEqual(['shop/wit/root/component/shop.wasm.wit']);
    expect(filesIn(join(cwd, 'shop'))['wit/root/component/shop.wasm.wit']).toContain('resource cart {');
  });

  test('is checked like any other output, and goes when TypeScript is wanted again', async () => {
    const cwd = folder(files);
    const generate = (...argv: readonly string[]): ReturnType<typeof wittle> =>
      wittle(cwd, 'generate', 'wit', '-o', 'out', ...argv);
    await generate('--emit', 'js');
    for (const [path, text] of Object.entries(filesIn(join(cwd, 'out')))) {
      writeFileSync(join(cwd, 'out', path), text.replaceAll('\n', '\r\n'));
    }
    expect(await generate('--emit', 'js', '--check')).toMatchObject({ code: 0 });
    // What moves in the WIT moves in the maps.
    writeFileSync(join(cwd, 'wit/one.wit'), `// First.\n${wit}`);
    const moved = await generate('--emit', 'js', '--check');
    expect(moved.code).toBe(1);
    expect(moved.stdout.match(/^stale .*$/gm)).toEqual([
      `stale   out/${manifestName}`,
      'stale   out/exports/$root.d.ts.map',
      'stale   out/imports/a/one/log.d.ts.map',
      'stale   out/index.d.ts.map',
    ]);
    expect(await generate('--emit', 'js')).toMatchObject({ code: 0 });
    expect(await generate()).toMatchObject({ code: 0 });
    expect(Object.keys(filesIn(join(cwd, 'out'))).toSorted()).toEqual([
      manifestName,
      'exports/$root.ts',
      'imports/a/one/log.ts',
      'imports/wasi/random/random.ts',
      'index.ts',
    ]);
  });

  test('is known without its manifest', async () => {
    const cwd = folder(files);
    const generate = (): ReturnType<typeof wittle> =>
      wittle(cwd, 'generate', 'wit', '-o', 'out', '--emit', 'js');
    await generate();
    const before = filesIn(join(cwd, 'out'));
    rmSync(join(cwd, 'out', manifestName));
    writeFileSync(join(cwd, 'wit/one.wit'), `// First.\n${wit}`);
    expect(await generate()).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(join(cwd, 'wit/one.wit'), wit);
    expect(await generate()).toMatchObject({ code: 0, stderr: '' });
    expect(filesIn(join(cwd, 'out'))).toEqual(before);
  });

  test.each([
    [
      ['--import-suffix', '.ts'],
      'error[invalid-option]: option importSuffix is `.ts`, but with option emit=js',
    ],
    [['--target', 'stubs'], 'error: --emit is an option of targets host, guest, mocks, not of stubs\n'],
  ])('does not go with %j', async (argv, message) => {
    const cwd = folder(files);
    const ran = await wittle(cwd, 'generate', 'wit', '-o', 'out', '--emit', 'js', ...argv);
    expect([ran.code, ran.stderr.slice(0, message.length)]).toEqual([1, message]);
    expect(filesIn(cwd)).toEqual(files);
  });
});
