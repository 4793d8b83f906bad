/** What is generated for guests in process. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { generate, guestTarget, type GuestOptions } from '../src/index.ts';
import { code } from '../src/emit/code.ts';
import { printFile } from '../src/emit/file.ts';
import { mirrored } from '../src/targets/guest/in-process.ts';
import { worldData } from '../src/targets/guest/in-process-world.ts';
import { waitingOptions } from '../src/world/blocking.ts';
import { planWorld } from '../src/world/plan.ts';
import { compile } from './compile.ts';
import { generated, Workspace, worldOf, type Any } from './generate.ts';
import { inProcess, loadInProcess, type Loaded } from './in-process.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const wit = `package demo:gen;
  interface log { write: func(line: string); }
  world w { import log; export run: func(); }`;
const pathsOf = (options: Partial<GuestOptions>): readonly string[] =>
  generate(worldOf(wit), guestTarget, options).files.map((file) => file.path);
const types = ['exports/$root.ts', 'imports.d.ts', 'index.ts'];
const own = ['in-process/exports/$root.ts', 'in-process/imports/demo/gen/log.ts', 'instantiate.ts'];

test('is an option of target guest, whose glue is there already or made along', () => {
  expect(pathsOf({})).toEqual(types);
  expect(pathsOf({ inProcess: true, glue: '../bindings' })).toEqual([...types, ...own].toSorted());
  const host = ['exports/$root.ts', 'imports/demo/gen/log.ts', 'index.ts'];
  expect(pathsOf({ inProcess: true })).toEqual(
    [...types, ...own, ...host.map((path) => `in-process/host/${path}`)].toSorted(),
  );
});

test('goes without the types for ComponentizeJS, and without the warnings of what that cannot do', () => {
  const options = { inProcess: true, componentize: false, glue: '../bindings' };
  expect(pathsOf(options)).toEqual(own);
  const limited = worldOf(
    'package demo:gen; interface i { f: func() -> map<u8, u8>; } world w { export i; }',
  );
  const warnings = (componentize: boolean): readonly string[] =>
    generate(limited, guestTarget, { ...options, componentize }).diagnostics.map((each) => each.code);
  expect([warnings(true), warnings(false)]).toEqual([['guest-limit'], []]);
});

test('two guests that import the same can be compiled together without those types', () => {
  const place = new Workspace();
  try {
    const two = ['a', 'b'].flatMap((name) => {
      const options = { inProcess: true, componentize: false, importSuffix: '.ts' } as const;
      const { files } = generate(worldOf(wit), guestTarget, options);
      return files.map((file) => ({ ...file, path: `${name}/${file.path}` }));
    });
    const directory = place.write(two);
    expect(compile(directory)).toEqual([]);
  } finally {
    place.remove();
  }
});

test.each<[Partial<GuestOptions>, string]>([
  [{ glue: '../x' }, 'option glue is for guests in process: it goes with option inProcess'],
  [{ syncExports: ['run'] }, 'option syncExports is for guests in process: it goes with option inProcess'],
  [
    { componentize: false },
    'neither option componentize nor option inProcess is on: there is nothing to generate',
  ],
  [{ inProcess: true, glue: '/x' }, 'option glue is `/x`, which is no relative path'],
  [
    { inProcess: true, mayBlock: ['log'] },
    'option mayBlock names `log`, which world demo:gen/w does not have',
  ],
])('options %j are refused', (options, message) => {
  const { files, diagnostics } = generate(worldOf(wit), guestTarget, options);
  expect([files, diagnostics.map((each) => each.message)]).toEqual([[], [message]]);
});

test('compiles for every recorded world, in every policy and profile', () => {
  const folder = new URL('cases/', import.meta.url);
  const worlds = readdirSync(folder).map((name) =>
    worldOf(readFileSync(new URL(`${name}/input.wit`, folder), 'utf8')),
  );
  const place = new Workspace();
  try {
    for (const options of [
      {},
      { results: 'return', variants: 'kind', readonly: true, brands: true },
    ] as const)
      for (const world of worlds) place.write(inProcess(world, { ...options, mayBlock: ['*'] }));
    expect(compile(place.path)).toEqual([]);
  } finally {
    place.remove();
  }
});

test('describes worlds to what does without glue, too', async () => {
  const text = `package demo:plain;
    interface a { resource r { constructor(n: u32); n: func() -> u32; } variant v { one, two(list<string>) } take: func(x: r) -> result<v, u32>; }
    interface b { use a.{r, v}; give: func(v: option<option<v>>) -> r; }
    world w { import a; import b; import now: func() -> u64; }`;
  const name = {
    kind: 'name',
    name: 'throughMemory',
    from: '@wittle/runtime/guest',
    fromPackage: true,
    isType: false,
  } as const;
  const sections = [
    ...worldData(
      planWorld(mirrored(worldOf(text)), waitingOptions({ mayBlock: [], syncExports: [] })),
      'through',
    ),
    code`export const through = (host: object): object => ${name}(world, host);`,
  ];
  const file = printFile('through', sections, { header: '', importSuffix: '.ts' });
  const { through } = (await import(join(workspace.write([file]), 'through.ts'))) as Any;
  class R {
    readonly own: number;
    constructor(own: number) {
      this.own = own;
    }
    n(): number {
      return this.own;
    }
  }
  const host = through({
    'demo:plain/a': { R, take: ({ own }: R) => ({ tag: 'two', val: [String(own)] }) },
    'demo:plain/b': { give: (v: Any) => new R(v.tag === 'some' ? 1 : 0) },
    now: () => 5n,
  });
  const { R: Through, take } = host['demo:plain/a'];
  expect(host['demo:plain/b'].give({ tag: 'some', val: undefined })).toBeInstanceOf(Through);
  expect([take(new Through(3)), host.now()]).toEqual([{ tag: 'two', val: ['3'] }, 5n]);
  expect(() => host['demo:plain/b'].give({ tag: 'some', val: { tag: 'two', val: [1] } })).toThrow(
    'demo:plain/b.give → v.val.val[0]: expected string, got number 1',
  );
});

test('over glue that is elsewhere, an instance is made by that', async () => {
  const world = worldOf(wit);
  const files = [
    ...inProcess(world, { glue: '../bindings' }).map((file) => ({ ...file, path: `guest/${file.path}` })),
    ...generated(world).map((file) => ({ ...file, path: `bindings/${file.path}` })),
  ];
  const directory = workspace.write(files);
  const { instantiateGuest } = (await import(join(directory, 'guest/instantiate.ts'))) as Loaded;
  const lines: string[] = [];
  const { run } = instantiateGuest(({ 'demo:gen/log': log }: Any) => ({ run: () => log.write('ran') }), {
    'demo:gen/log': { write: (line: string) => lines.push(line) },
  });
  run();
  expect(lines).toEqual(['ran']);
  expect(compile(directory)).toEqual([]);
});

test('an implementation of imports can be put behind a memory, by the mirrored world', async () => {
  const { instantiateGuest } = await loadInProcess(workspace, mirrored(worldOf(wit)));
  const lines: string[] = [];
  const through = instantiateGuest({ 'demo:gen/log': { write: (line: string) => lines.push(line) } }, {});
  through['demo:gen/log'].write('x');
  expect(lines).toEqual(['x']);
  expect(() => through['demo:gen/log'].write(1)).toThrow(
    'demo:gen/log.write → line: expected string, got number 1',
  );
});
