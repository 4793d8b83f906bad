/** Guests between guests: what one exports is what another imports, resources included, across the glue of both. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { compileSync } from '../../component/src/component.ts';
import { instantiate } from '../../component/src/instantiate.ts';
import { compile } from './compile.ts';
import { Workspace, worldOf, type Any } from './generate.ts';
import { inProcess, loadInProcess, watched, type Loaded, type Watched } from './in-process.ts';
import { call, drop, get, i32, WasmModule, type Signature } from './wasm.ts';

const workspace = new Workspace();
const { ComponentError } = await workspace.runtime();
afterAll(() => workspace.remove());

const wit = `package demo:store;
  interface names { resource name { constructor(text: string); text: func() -> string; } }
  interface files {
    use names.{name};
    variant problem { denied(string), missing }
    resource file {
      constructor(path: string);
      open: static func(path: string) -> result<file, problem>;
      read: func() -> list<u8>;
      copy-to: func(other: borrow<file>) -> u32;
      title: func() -> name;
    }
    merge: func(a: file, others: list<file>) -> file;
  }
  interface app { use files.{file}; run: func() -> string; longest: func(of: list<borrow<file>>) -> option<file>; }
  world layer { import files; export files; }
  world program { import names; import files; export app; }`;

let log: string[] = [];
class Name {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  text(): string {
    return this.#text;
  }
  [Symbol.dispose](): void {
    log.push(`name ${this.#text} gone`);
  }
}
class File {
  readonly #path: string;
  constructor(path: string) {
    this.#path = path;
  }
  static open(path: string): File {
    if (path === '') throw new ComponentError({ tag: 'missing' });
    return new File(path);
  }
  read(): Uint8Array {
    return new TextEncoder().encode(this.#path);
  }
  copyTo(other: File): number {
    return this.#path.length * 10 + other.#path.length;
  }
  title(): Name {
    return new Name(this.#path);
  }
  static merge(a: File, others: File[]): File {
    return new File([a, ...others].map((each) => each.#path).join('+'));
  }
  [Symbol.dispose](): void {
    log.push(`closed ${this.#path}`);
  }
}
const host = {
  'demo:store/names': { Name },
  'demo:store/files': { File, merge: File.merge },
};

/** Allows what does not begin with a dot, and puts a prefix before every path. */
const layer =
  (prefix: string) =>
  (imports: Any): object => {
    const real = imports['demo:store/files'];
    class Layered {
      file: Any;
      constructor(path: string, file?: Any) {
        this.file = file ?? new real.File(prefix + path);
      }
      static open(path: string): Layered {
        if (path.startsWith('.')) throw new ComponentError({ tag: 'denied', val: path });
        return new Layered('', real.File.open(path === '' ? '' : prefix + path));
      }
      read(): Uint8Array {
        return this.file.read();
      }
      copyTo(other: Layered): number {
        return this.file.copyTo(other.file);
      }
      title(): unknown {
        return this.file.title();
      }
      [Symbol.dispose](): void {
        this.file[Symbol.dispose]();
      }
    }
    const merge = (a: Layered, others: Layered[]): Layered => {
      const merged = new Layered(
        '',
        real.merge(
          a.file,
          others.map((each) => each.file),
        ),
      );
      return merged;
    };
    return { files: { File: Layered, merge } };
  };

const program = ({ 'demo:store/files': { File: Opened, merge } }: Any): object => ({
  app: {
    run() {
      const [a, b] = [new Opened('aa'), Opened.open('b')];
      const thrown = ['', '.hidden'].map((path) => {
        try {
          return Opened.open(path);
        } catch (error) {
          return (error as Any).payload;
        }
      });
      const copied = a.copyTo(b);
      const merged = merge(a, [b, new Opened('c')]);
      const title = merged.title();
      const text = `${new TextDecoder().decode(merged.read())} ${copied} ${title.text()} ${JSON.stringify(thrown)}`;
      merged[Symbol.dispose]();
      title[Symbol.dispose]();
      return text;
    },
    longest: (of: Any[]) =>
      of.length === 0 ? undefined : new Opened(of.map((each) => each.read().length).join()),
  },
});

interface Layers {
  readonly programs: Loaded;
  /** What a program is given: the host, under any number of layers, each with glue of its own. */
  readonly imports: Any;
  readonly watched: readonly Watched[];
}

async function layers(prefixes: readonly string[]): Promise<Layers> {
  log = [];
  const programs = await loadInProcess(workspace, worldOf(wit, 'program'));
  let imports: Any = host;
  const all: Watched[] = [];
  for (const prefix of prefixes) {
    const glue = await loadInProcess(workspace, worldOf(wit, 'layer'));
    const each = watched(glue.guestModule(layer(prefix)));
    const exports = await glue.instantiate(each.module, imports);
    imports = { ...host, 'demo:store/files': exports['demo:store/files'] };
    all.push(each);
  }
  return { programs, imports, watched: all };
}

test.each([
  [['x/'], 'x/aa+x/b+x/c 43 x/aa+x/b+x/c'],
  [['x/', 'y/', 'z/'], 'x/y/z/aa+x/y/z/b+x/y/z/c 87 x/y/z/aa+x/y/z/b+x/y/z/c'],
])('layers %j stand between a program and the host', async (prefixes, text) => {
  const { programs, imports, watched: all } = await layers(prefixes);
  const { app } = programs.instantiateGuest(program, imports);
  expect(app.run()).toBe(`${text} [{"tag":"missing"},{"tag":"denied","val":".hidden"}]`);
  const merged = text.split(' ')[0]!;
  expect(log).toEqual([`closed ${merged}`, `name ${merged} gone`]);
  // Those that were merged went to the host; the layers hold nothing any more.
  for (const { usage } of all) expect(usage()).toEqual({ blocks: 0, objects: 0 });
});

test('resources pass through both instances to the program that runs them, and back', async () => {
  const {
    programs,
    imports,
    watched: [only],
  } = await layers(['p/']);
  const { app } = programs.instantiateGuest(program, imports);
  const { File: Layered } = imports['demo:store/files'];
  const [a, b] = [new Layered('1'), new Layered('four')];
  const made = app.longest([a, b]);
  expect(made).toBeInstanceOf(Layered);
  expect(new TextDecoder().decode(made.read())).toBe('p/3,6');
  expect(app.longest([])).toBe(undefined);
  for (const each of [a, b, made]) each[Symbol.dispose]();
  expect(log).toEqual(['closed p/1', 'closed p/four', 'closed p/3,6']);
  expect(only!.usage()).toEqual({ blocks: 0, objects: 0 });
});

test('a guest of WebAssembly is put over a layer in the same way', async () => {
  const { programs, imports } = await layers(['w/']);
  const signature = (params: Signature['params'], results: Signature['results'] = []): Signature => ({
    params,
    results,
  });
  const module = new WasmModule();
  const from = 'demo:store/files';
  const make = module.import(from, '[constructor]file', signature(['i32', 'i32'], ['i32']));
  const dropFile = module.import(from, '[resource-drop]file', signature(['i32']));
  module.memory(1);
  module.bumpRealloc();
  module.data(100, new TextEncoder().encode('wasm'));
  module.func('demo:store/app#run', signature([], ['i32']), [
    ...[...i32(100), ...i32(4), ...call(make), ...call(dropFile)],
    ...i32(200),
  ]);
  module.func('demo:store/app#longest', signature(['i32', 'i32'], ['i32']), [
    ...get(0),
    ...drop,
    ...i32(300),
  ]);
  const { app } = await programs.instantiate(module.bytes(), imports);
  expect(app.run()).toBe('');
  expect(log).toEqual(['closed w/wasm']);
});

test('a component is put over a guest in process, with generated code and without', async () => {
  const read = (name: string): Buffer => readFileSync(new URL(`components/${name}`, import.meta.url));
  const glue = await loadInProcess(workspace, read('echo.wit').toString());
  const real = {
    'demo:echo/values': Object.fromEntries(
      ['whole', 'shapes', 'colors', 'allowed', 'wide', 'nothing'].map((key) => [key, (of: unknown) => of]),
    ),
    root: (text: string) => `${text}!`,
  };
  const fails = (of: bigint): bigint => {
    if (of === 0n) throw new ComponentError({ tag: 'circle', val: 0.5 });
    return of;
  };
  const between = glue.instantiateGuest(
    (given: Any) => ({ values: given['demo:echo/values'], root: (text: string) => given.root(`${text}?`) }),
    { ...real, 'demo:echo/values': { ...real['demo:echo/values'], fails } },
  );
  const component = compileSync(new Uint8Array(read('echo.wasm')));
  const made: Any[] = [await glue.instantiate(component, between), await instantiate(component, between)];
  for (const { values, root } of made) {
    expect(root('a')).toBe('a?!');
    expect(values.shapes([{ tag: 'polygon', val: [[1, 2]] }, { tag: 'none' }])).toEqual([
      { tag: 'polygon', val: [[1, 2]] },
      { tag: 'none' },
    ]);
    expect(values.fails(3n)).toBe(3n);
    expect(() => values.fails(0n)).toThrow(expect.objectContaining({ payload: { tag: 'circle', val: 0.5 } }));
  }
});

test('a failure far inside goes through every instance as it is', async () => {
  const { programs, imports } = await layers(['x/', 'y/']);
  const failure = new Error('broken disk');
  const { app } = programs.instantiateGuest(
    ({ 'demo:store/files': { File: Opened } }: Any) => ({
      app: { longest: () => undefined, run: () => String(new Opened('a').read()) },
    }),
    imports,
  );
  const { read } = File.prototype;
  File.prototype.read = () => {
    throw failure;
  };
  try {
    expect(() => app.run()).toThrow(failure);
  } finally {
    File.prototype.read = read;
  }
  expect(() => app.run()).toThrow(/cannot enter component instance demo:store\/program/);
});

test('types say what fits: implementations, imports, and exports as imports', () => {
  const files = (world: string, folder: string): Any[] =>
    inProcess(worldOf(wit, world)).map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  const directory = workspace.write([...files('layer', 'layer'), ...files('program', 'program')]);
  const source = `
    import { instantiateGuest as instantiateLayer, type Guest } from './layer/instantiate.ts';
    import { instantiateGuest, guestModule, type GuestImports } from './program/instantiate.ts';
    import { instantiate, type Imports } from './program/in-process/host/index.ts';
    const layer = (({ 'demo:store/files': real }) => {
      class File {
        readonly file: InstanceType<typeof real.File>;
        constructor(path: string) { this.file = new real.File(path); }
        static open(path: string): File { return new File(path); }
        read(): Uint8Array { return this.file.read(); }
        copyTo(other: File): number { return this.file.copyTo(other.file); }
        title(): ReturnType<typeof this.file.title> { return this.file.title(); }
        [Symbol.dispose](): void { this.file[Symbol.dispose](); }
      }
      return { files: { File, merge: (a: File) => a } };
    }) satisfies Guest;
    export async function main(host: Imports): Promise<string> {
      const layered = instantiateLayer(layer, host);
      const imports: Imports = { ...host, 'demo:store/files': layered['demo:store/files'] };
      const make = ({ 'demo:store/files': { File } }: GuestImports) => ({
        app: { run: () => new TextDecoder().decode(new File('a').read()), longest: () => undefined },
      });
      const { app } = instantiateGuest(make, imports, { limits: { memory: 2 ** 20, handles: 10 } });
      const other = await instantiate(guestModule(make), imports);
      return app.run() + other.app.run();
    }
    // @ts-expect-error run is missing
    instantiateGuest({ app: { longest: () => undefined } }, {} as Imports);
    // @ts-expect-error run gives a string
    instantiateGuest({ app: { longest: () => undefined, run: () => 7 } }, {} as Imports);
    // @ts-expect-error a file has no such method
    instantiateGuest((i) => ({ app: { longest: () => undefined, run: () => new i['demo:store/files'].File('').write() } }), {} as Imports);
  `;
  writeFileSync(join(directory, 'main.ts'), source);
  expect(compile(directory)).toEqual([]);
});
