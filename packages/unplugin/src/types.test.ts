/** What TypeScript makes of imports, by the declarations that were written for them. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from '@jridgewell/sourcemap-codec';
import { afterAll, expect, test } from '@jest/globals';
import { makeApp, removeApps } from '../test/app.ts';
import { GlueStore, type Glue } from './glue-store.ts';
import { writeTypes } from './index.ts';
import { checkOptions, type Options } from './options.ts';

afterAll(removeApps);

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

/** What TypeScript says of a program. */
function check(app: string, more: object = {}): string {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, allowArbitraryExtensions: true, skipLibCheck: false, types: [] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noUnusedLocals: true },
    ...{ isolatedModules: true, verbatimModuleSyntax: true, isolatedDeclarations: false },
    ...{ target: 'es2023', lib: ['es2024', 'esnext.disposable', 'dom'], module: 'esnext' },
    ...{ moduleResolution: 'bundler', ...more },
  };
  writeFileSync(
    join(app, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['src', 'main.ts', '*.d.*.ts'] }),
  );
  return spawnSync(process.execPath, [tsc, '-p', app], { cwd: app, encoding: 'utf8' }).stdout;
}

async function generate(app: string, options: Options, ...names: readonly string[]): Promise<Glue> {
  const store = new GlueStore(checkOptions(options));
  store.root = app;
  let last: Glue | undefined;
  for (const name of names)
    last = await store.glueOf({ path: join(app, name), world: undefined, part: undefined });
  return last!;
}

const program = (from: string): string => `import { instantiate, url, type Imports } from '${from}/shop.wasm';
import { instantiate as instantiateCore } from '${from}/shop-core.wasm';
import { instantiateSync, type Exports, type ExportedDemoShopPrices } from '${from}/shop.wit';

const imports = { log: (text) => void text.length } satisfies Imports;
const { prices } = await instantiate(imports);
const line: ExportedDemoShopPrices.Line = { name: 'tea', count: 1 };
export const total: number = prices.total([line]) + (await instantiateCore(imports)).prices.total([line]);
export const other: Exports = instantiateSync(new Uint8Array(), imports);
export const address: string = url.href;
`;

test.each([
  ['a bundler', {}],
  ['Node', { module: 'nodenext', moduleResolution: 'nodenext' }],
])(
  'imports are typed as %s resolves them',
  async (_, more) => {
    const app = makeApp({ 'main.ts': program('.') });
    await generate(app, {}, 'shop.wasm', 'shop-core.wasm', 'shop.wit');
    expect(check(app, more)).toBe('');
  },
  60_000,
);

test('what does not fit the WIT does not compile', async () => {
  const app = makeApp({
    'main.ts': `import { instantiate, nothing } from './shop.wasm';
import { $exports$demo$shop$prices } from './shop.wit';
const { prices } = await instantiate({ log: (text: number) => text });
prices.total([{ name: 'tea', count: '1' }]);
prices.sum();
`,
  });
  await generate(app, {}, 'shop.wasm', 'shop.wit');
  const errors = check(app, { noUnusedLocals: false })
    .split('\n')
    .flatMap((text) => /^main\.ts\((\d+),\d+\): error (TS\d+)/.exec(text)?.slice(1, 3).join(' ') ?? []);
  expect(errors).toEqual(['1 TS2305', '2 TS2724', '3 TS2322', '4 TS2322', '5 TS2339']);
}, 60_000);

test('declarations may be in a directory of their own', async () => {
  const app = makeApp({ 'src/main.ts': program('..') });
  await generate(app, { types: '.types' }, 'shop.wasm', 'shop-core.wasm', 'shop.wit');
  expect(readdirSync(app).filter((name) => name.includes('.d.'))).toEqual([]);
  expect(check(app, { rootDirs: ['.', '.types'] })).toBe('');
}, 60_000);

test('worlds with resources, of all packages of WASI, with every choice of shapes, are typed', async () => {
  const proxy =
    'package a:b; world w { include wasi:http/proxy@0.2.12; include wasi:cli/command@0.2.12; export mine: interface { resource thing { constructor(n: u32); make: static func() -> thing; get: func() -> result<u8, string>; } } }';
  const app = makeApp({
    'plain.wit': proxy,
    'chosen.wit': proxy,
    'main.ts': `import { instantiate } from './plain.wit';
import { instantiate as instantiateChosen, type WasiIoPoll } from './chosen.wit';
export type Pollable = WasiIoPoll.Pollable;
export const made = [instantiate, instantiateChosen];
`,
  });
  const chosen = { results: 'return', variants: 'kind', readonly: true, brands: true } as const;
  const glue = await generate(
    app,
    { files: { 'chosen.wit': { options: chosen } } },
    'plain.wit',
    'chosen.wit',
  );
  expect(glue.diagnostics).toEqual([]);
  expect(check(app)).toBe('');
}, 120_000);

test('whatever a world is like, its declarations are right, and so are those of all in one program', async () => {
  const cases = fileURLToPath(new URL('../../codegen/test/cases/', import.meta.url));
  const found = readdirSync(cases, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.wit'));
  expect(found.length).toBeGreaterThan(10);
  const files = found.map((name, index) => [`w${index}.wit`, readFileSync(join(cases, name))] as const);
  const app = makeApp({ ...Object.fromEntries(files), 'main.ts': 'export {};' });
  await generate(app, {}, ...files.map(([name]) => name));
  expect(readdirSync(app).filter((name) => name.endsWith('.d.wit.ts'))).toHaveLength(found.length);
  expect(check(app, { noUnusedLocals: false })).toBe('');
}, 120_000);

test('each name leads to its place in the WIT', async () => {
  const app = makeApp();
  await generate(app, { types: 'types' }, 'shop.wit');
  const directory = join(app, 'types');
  const map = JSON.parse(readFileSync(join(directory, 'shop.d.wit.ts.map'), 'utf8')) as {
    mappings: string;
    sources: string[];
  };
  expect(map.sources).toEqual(['../shop.wit']);
  const lines = readFileSync(join(directory, 'shop.d.wit.ts'), 'utf8').split('\n');
  const wit = readFileSync(join(app, 'shop.wit'), 'utf8').split('\n');
  const decoded = decode(map.mappings);
  const led = (text: string, name: string): string | undefined => {
    const line = lines.findIndex((each) => each.includes(text));
    const segment = decoded[line]?.find(([column]) => column === lines[line]!.indexOf(name));
    return segment?.length === 4 ? wit[segment[2]]!.slice(segment[3]) : undefined;
  };
  expect(led('export interface Line {', 'Line')).toBe('line {');
  expect(led('    count: number;', 'count')).toBe('count: u32,');
  expect(led('    total(lines', 'total')).toBe('total: func(lines: list<line>) -> u32;');
  expect(led('    log(text', 'log')).toBe('log: func(text: string);');
  expect(led('  readonly prices: ', 'prices')).toBe('prices {');
  expect(lines.at(-2)).toBe('//# sourceMappingURL=shop.d.wit.ts.map');
});

test('they are the same wherever the program is, and are written only when they change', async () => {
  const [one, two] = [makeApp(), makeApp()];
  await generate(one, {}, 'shop.wasm', 'shop.wit');
  await generate(two, {}, 'shop.wasm', 'shop.wit');
  for (const name of ['shop.d.wasm.ts', 'shop.d.wit.ts']) {
    const text = readFileSync(join(one, name), 'utf8');
    expect(readFileSync(join(two, name), 'utf8')).toBe(text);
    // As a checkout may have them.
    writeFileSync(join(one, name), text.replaceAll('\n', '\r\n'));
    utimesSync(join(one, name), 1, 1);
  }
  await generate(one, {}, 'shop.wasm', 'shop.wit');
  expect(statSync(join(one, 'shop.d.wit.ts')).mtimeMs).toBe(1000);
  writeFileSync(join(one, 'shop.wit'), readFileSync(join(one, 'shop.wit'), 'utf8').replace('total:', 'sum:'));
  await generate(one, {}, 'shop.wit');
  expect(readFileSync(join(one, 'shop.d.wit.ts'), 'utf8')).toContain('sum(lines');
});

test('they can be written without a build', async () => {
  const app = makeApp({ 'main.ts': program('.'), 'bad.wit': 'package a:b; world w { import x; }' });
  const names = ['shop.wasm', 'shop-core.wasm', 'shop.wit', 'bad.wit'];
  const diagnostics = await writeTypes(names, { root: app });
  expect(diagnostics).toMatchObject([{ code: 'unknown-item', severity: 'error' }]);
  expect(readdirSync(app).filter((name) => /\.d\..*\.ts$/.test(name))).toHaveLength(3);
  expect(check(app)).toBe('');
  const plain = makeApp({ 'plain.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'plain.txt': '' });
  for (const name of ['plain.wasm', 'plain.txt']) {
    await expect(writeTypes([name], { root: plain })).rejects.toThrow(`${name} does not say its world`);
  }
}, 60_000);

test('a file of somebody else is left alone, and said so', async () => {
  const app = makeApp({ 'shop.d.wit.ts': 'export {};\n' });
  const { diagnostics, files } = await generate(app, {}, 'shop.wit');
  expect(diagnostics).toMatchObject([
    { severity: 'warning', message: 'shop.d.wit.ts is not written: there is one that wittle did not write' },
  ]);
  expect(files.size).toBeGreaterThan(0);
  expect(readFileSync(join(app, 'shop.d.wit.ts'), 'utf8')).toBe('export {};\n');
  expect(existsSync(join(app, 'shop.d.wit.ts.map'))).toBe(false);
});

test('a place that cannot be written to is a warning', async () => {
  const app = makeApp({ types: 'no directory' });
  const { diagnostics } = await generate(app, { types: 'types' }, 'shop.wit');
  expect(diagnostics).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('types/shop.d.wit.ts cannot be written') },
  ]);
});

test('none are written where they are not wanted, for WIT with mistakes, or into packages', async () => {
  const app = makeApp({ 'bad.wit': 'package a:b; world w { import x; }' });
  mkdirSync(join(app, 'node_modules', 'p'), { recursive: true });
  writeFileSync(join(app, 'node_modules', 'p', 'shop.wit'), readFileSync(join(app, 'shop.wit')));
  await generate(app, { types: false }, 'shop.wit');
  await generate(app, {}, 'bad.wit', 'node_modules/p/shop.wit');
  expect(existsSync(join(app, 'bad.d.wit.ts'))).toBe(false);
  expect(readdirSync(app, { recursive: true }).filter((name) => String(name).includes('.d.'))).toEqual([]);
});
