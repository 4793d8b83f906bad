/** Resources both ways: who owns what, and when it ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Workspace, type Any, type Glue, thrownBy } from './generate.ts';
import {
  add,
  call,
  get,
  globalGet,
  globalSet,
  i32,
  load32,
  set,
  store32,
  WasmModule,
  type Instructions,
  type Signature,
} from './wasm.ts';

const workspace = new Workspace();
const { ComponentError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

const sig = (params: Signature['params'], results: Signature['results'] = []): Signature => ({
  params,
  results,
});
const I: Signature = sig(['i32'], ['i32']);

describe('resources of the host', () => {
  const wit = `package demo:res;
    interface files {
      resource file {
        constructor(name: string);
        size: func() -> u32;
        same: func(other: borrow<file>) -> bool;
        open: static func(name: string) -> result<file, u32>;
      }
      resource other {}
      swallow: func(f: file);
      swap: func(kept: borrow<file>, moved: file);
      sum: func(kept: list<borrow<file>>, moved: list<file>) -> u32;
      give: func() -> file;
    }
    interface api {
      use files.{file, other};
      record pair { f: borrow<file>, n: u32 }
      record owned { f: file, n: u32 }
      take: func(f: file);
      lend: func(f: borrow<file>);
      lend-two: func(a: borrow<file>, n: u8, b: borrow<file>);
      move-two: func(a: file, b: file);
      in-record: func(p: pair);
      in-list: func(l: list<owned>);
      in-option: func(o: option<file>, n: u8);
      many: func(a: file, ${Array.from({ length: 16 }, (_, index) => `p${index}: u32`).join(', ')});
      make: func() -> file;
      do-swap: func(moved: file, kept: file) -> u32;
      nested: func(moved: file, kept: file);
      poke: func(handle: u32);
    }
    world w { import files; export api; }`;

  let glue: Glue;
  beforeAll(async () => {
    glue = await workspace.load(wit);
  });

  let disposed: string[] = [];
  class File {
    // Private members do not keep a class from being an implementation.
    readonly #name: string;
    constructor(name: string) {
      this.#name = name;
    }
    get name(): string {
      return this.#name;
    }
    size(): number {
      return this.#name.length;
    }
    same(other: File): boolean {
      return this === other;
    }
    static open(name: string): File {
      if (name === '') throw new ComponentError(7);
      return new File(name);
    }
    [Symbol.dispose](): void {
      disposed.push(this.#name);
    }
  }
  class Other {}

  type Imports = Readonly<
    Record<'size' | 'drop' | 'swallow' | 'swap' | 'sum' | 'give' | 'make' | 'open', number>
  >;
  interface Guest {
    readonly api: Any;
    readonly swallowed: File[];
  }

  /** A guest whose exports do nothing, but for those that are given: they keep what they are handed. */
  async function guest(bodies: (of: Imports) => Readonly<Record<string, Instructions>>): Promise<Guest> {
    const module = new WasmModule();
    const from = 'demo:res/files';
    const of: Imports = {
      size: module.import(from, '[method]file.size', I),
      drop: module.import(from, '[resource-drop]file', sig(['i32'])),
      swallow: module.import(from, 'swallow', sig(['i32'])),
      swap: module.import(from, 'swap', sig(['i32', 'i32'])),
      sum: module.import(from, 'sum', sig(['i32', 'i32', 'i32', 'i32'], ['i32'])),
      give: module.import(from, 'give', sig([], ['i32'])),
      make: module.import(from, '[constructor]file', sig(['i32', 'i32'], ['i32'])),
      open: module.import(from, '[static]file.open', sig(['i32', 'i32', 'i32'])),
    };
    module.memory(1);
    module.bumpRealloc();
    const given = bodies(of);
    const signatures: Readonly<Record<string, Signature>> = {
      take: sig(['i32']),
      lend: sig(['i32']),
      'lend-two': sig(['i32', 'i32', 'i32']),
      'move-two': sig(['i32', 'i32']),
      'in-record': sig(['i32', 'i32']),
      'in-list': sig(['i32', 'i32']),
      'in-option': sig(['i32', 'i32', 'i32']),
      many: sig(['i32']),
      make: sig([], ['i32']),
      'do-swap': sig(['i32', 'i32'], ['i32']),
      nested: sig(['i32', 'i32']),
      poke: sig(['i32']),
    };
    for (const [name, signature] of Object.entries(signatures)) {
      const idle = signature.results.length > 0 ? i32(0) : [];
      module.func(`demo:res/api#${name}`, signature, given[name] ?? idle, ['i32']);
    }
    const swallowed: File[] = [];
    const files = {
      File,
      Other,
      swallow: (file: File) => void swallowed.push(file),
      swap: (_: File, moved: File) => void swallowed.push(moved),
      sum: (kept: File[], moved: File[]) => [...kept, ...moved].reduce((sum, file) => sum + file.size(), 0),
      give: () => new File('given'),
    };
    disposed = [];
    const { api } = await glue.instantiate(module.bytes(), { 'demo:res/files': files });
    return { api, swallowed };
  }

  const dropFirst = ({ drop }: Imports): Instructions => [...get(0), ...call(drop)];

  test('an own that the guest drops is disposed of once; one that it gives back is the same object', async () => {
    const { api, swallowed } = await guest((of) => ({
      take: dropFirst(of),
      'move-two': [...get(1), ...call(of.swallow)],
    }));
    const file = new File('a');
    api.take(file);
    expect(disposed).toEqual(['a']);
    const kept = new File('b');
    api.moveTwo(new File('x'), kept);
    expect(swallowed).toEqual([kept]);
    expect(disposed).toEqual(['a']);
  });

  test('a borrow must be dropped before the call ends; dropping it disposes of nothing', async () => {
    const good = await guest((of) => ({ lend: dropFirst(of) }));
    const file = new File('a');
    good.api.lend(file);
    good.api.lend(file);
    expect(disposed).toEqual([]);
    const bad = await guest(() => ({}));
    expect(() => bad.api.lend(file)).toThrow('borrow handles still remain at the end of the call');
    expect(() => bad.api.lend(file)).toThrow(Trap);
  });

  test('a borrow cannot be given away', async () => {
    const { api } = await guest((of) => ({ lend: [...get(0), ...call(of.swallow)] }));
    expect(() => api.lend(new File('a'))).toThrow('cannot transfer ownership');
  });

  test('the guest makes resources by constructors and statics, and drops them', async () => {
    const { api } = await guest((of) => ({
      make: [...i32(0), ...i32(0), ...call(of.make)],
      'do-swap': [
        // open("") fails with 7; what it stores at 64 is given.
        ...i32(0),
        ...i32(0),
        ...i32(64),
        ...call(of.open),
        ...i32(64),
        ...load32(),
        ...i32(68),
        ...load32(),
        ...add,
      ],
    }));
    expect(api.make()).toBeInstanceOf(File);
    expect(api.doSwap(new File('a'), new File('b'))).toBe(8);
  });

  test('what is lent in a call cannot be moved by the same call, at the top or in a list', async () => {
    const flat = await guest((of) => ({ take: [...get(0), ...get(0), ...call(of.swap)] }));
    expect(() => flat.api.take(new File('a'))).toThrow(
      'cannot remove owned resource while borrowed: handle index 1 is lent',
    );
    const fine = await guest((of) => ({
      nested: [...get(0), ...get(1), ...call(of.swap), ...get(0), ...call(of.drop)],
    }));
    fine.api.nested(new File('a'), new File('b'));
    expect(fine.swallowed.map((file) => file.name)).toEqual(['b']);
    expect(disposed).toEqual(['a']);
    // kept = [0], moved = [1] at 64 and 68.
    const lists =
      (same: boolean) =>
      (of: Imports): Readonly<Record<string, Instructions>> => ({
        'do-swap': [
          ...i32(64),
          ...get(0),
          ...store32(),
          ...i32(68),
          ...get(same ? 0 : 1),
          ...store32(),
          ...i32(64),
          ...i32(1),
          ...i32(68),
          ...i32(1),
          ...call(of.sum),
        ],
      });
    expect((await guest(lists(false))).api.doSwap(new File('abc'), new File('de'))).toBe(5);
    const twice = await guest(lists(true));
    expect(() => twice.api.doSwap(new File('abc'), new File('de'))).toThrow(
      'cannot remove owned resource while borrowed: handle index 1 is lent',
    );
  });

  test('a handle of another type, an unknown or a dropped one trap', async () => {
    for (const handle of [0, 5, -1]) {
      const { api } = await guest((of) => ({ poke: [...get(0), ...call(of.drop)] }));
      expect(() => api.poke(handle >>> 0)).toThrow('unknown handle index');
    }
    const twice = await guest((of) => ({ take: [...dropFirst(of), ...dropFirst(of)] }));
    expect(() => twice.api.take(new File('a'))).toThrow('unknown handle index');
    expect(disposed).toEqual(['a']);
  });

  describe('a wrong argument leaves no handle in the guest', () => {
    /** Whether the guest has a handle with a number: it drops it. */
    const dropping = (of: Imports): Readonly<Record<string, Instructions>> => ({
      poke: [...get(0), ...call(of.drop)],
      lend: dropFirst(of),
      'lend-two': [...dropFirst(of), ...get(2), ...call(of.drop)],
    });
    const file = new File('kept');
    const cases: readonly (readonly [string, (api: Any) => unknown, string])[] = [
      [
        'a second own of another class',
        (api) => api.moveTwo(file, new Other()),
        'move-two → b: expected a demo:res/files.file, got Other',
      ],
      [
        'a borrow beside a number',
        (api) => api.lendTwo(file, 300, file),
        'lend-two → n: expected u8, got number 300',
      ],
      ['a record', (api) => api.inRecord({ f: file, n: -1 }), 'in-record → p.n: expected u32, got number -1'],
      [
        'a list',
        (api) =>
          api.inList([
            { f: file, n: 1 },
            { f: file, n: 'x' },
          ]),
        'in-list → l[1].n: expected u32, got string "x"',
      ],
      ['an option', (api) => api.inOption(file, 300), 'in-option → n: expected u8, got number 300'],
      [
        'more parameters than fit',
        (api) => api.many(file, ...Array.from({ length: 15 }, () => 1), 'x'),
        'many → p15: expected u32, got string "x"',
      ],
    ];
    test.each(cases)('%s', async (_, run, message) => {
      const { api } = await guest(dropping);
      expect(thrownBy(() => run(api)).message).toBe(`demo:res/api.${message}`);
      // Handles are numbered from 1; the next one takes the first that is free.
      api.lend(file);
      expect(() => api.poke(1)).toThrow('unknown handle index 1');
      expect(disposed).toEqual([]);
    });
  });

  test('what is no resource of the type is refused', async () => {
    const { api } = await guest(() => ({}));
    expect(thrownBy(() => api.take({ size: () => 1 }))).toBeInstanceOf(ValueError);
    expect(thrownBy(() => api.take(undefined)).message).toBe(
      'demo:res/api.take → f: expected a demo:res/files.file, got undefined',
    );
  });
});

describe('resources of the guest', () => {
  const wit = `package demo:counters;
    interface api {
      resource counter {
        constructor(start: u32);
        value: func() -> u32;
        add: func(n: u32);
        plus: func(other: borrow<counter>) -> u32;
        then: func() -> u32;
        clone: static func(of: borrow<counter>) -> counter;
      }
      resource strict { constructor(ok: bool) -> result<strict, string>; %constructor: func() -> u32; }
      resource made { number: func() -> u32; }
      join: func(a: counter, b: counter) -> counter;
      total: func(of: list<counter>) -> u32;
      peek: func(of: list<borrow<counter>>) -> u32;
      checked: func(of: list<counter>, n: u8);
      make: func(n: u32) -> made;
      dropped: func() -> u32;
      steal: func(c: counter) -> counter;
    }
    world w { export api; }`;

  /** A counter's rep is the address of its value; global 0 counts destructors. */
  function module(): Uint8Array<ArrayBuffer> {
    const m = new WasmModule();
    const exported = '[export]demo:counters/api';
    const newCounter = m.import(exported, '[resource-new]counter', I);
    const repCounter = m.import(exported, '[resource-rep]counter', I);
    const dropCounter = m.import(exported, '[resource-drop]counter', sig(['i32']));
    const newStrict = m.import(exported, '[resource-new]strict', I);
    const newMade = m.import(exported, '[resource-new]made', I);
    m.memory(1);
    const realloc = m.bumpRealloc();
    const drops = m.global(0);
    const name = (text: string): string => `demo:counters/api#${text}`;
    const cell = m.func(
      undefined,
      I,
      [
        ...i32(0),
        ...i32(0),
        ...i32(4),
        ...i32(4),
        ...call(realloc),
        ...set(1),
        ...get(1),
        ...get(0),
        ...store32(),
        ...get(1),
      ],
      ['i32'],
    );
    m.func(name('[constructor]counter'), I, [...get(0), ...call(cell), ...call(newCounter)]);
    m.func(name('[method]counter.value'), I, [...get(0), ...load32()]);
    m.func(name('[method]counter.then'), I, [...get(0), ...load32()]);
    m.func(name('[method]counter.add'), sig(['i32', 'i32']), [
      ...get(0),
      ...get(0),
      ...load32(),
      ...get(1),
      ...add,
      ...store32(),
    ]);
    m.func(name('[method]counter.plus'), sig(['i32', 'i32'], ['i32']), [
      ...get(0),
      ...load32(),
      ...get(1),
      ...load32(),
      ...add,
    ]);
    m.func(name('[static]counter.clone'), I, [...get(0), ...load32(), ...call(cell), ...call(newCounter)]);
    m.func(name('[dtor]counter'), sig(['i32']), [
      ...globalGet(drops),
      ...i32(1),
      ...add,
      ...globalSet(drops),
    ]);
    m.func(name('[constructor]strict'), I, [
      // ok: { 0, handle }; err: { 1, "no" at 48 }
      ...get(0),
      0x04,
      0x40,
      ...i32(32),
      ...i32(0),
      ...store32(),
      ...i32(36),
      ...i32(9),
      ...call(newStrict),
      ...store32(),
      0x05,
      ...i32(32),
      ...i32(1),
      ...store32(),
      ...i32(36),
      ...i32(48),
      ...store32(),
      ...i32(40),
      ...i32(2),
      ...store32(),
      0x0b,
      ...i32(32),
    ]);
    m.data(48, new TextEncoder().encode('no'));
    m.func(name('[method]strict.constructor'), I, get(0));
    m.func(name('[method]made.number'), I, get(0));
    m.func(name('make'), I, [...get(0), ...call(newMade)]);
    // A new one with the sum; the others are dropped.
    m.func(
      name('join'),
      sig(['i32', 'i32'], ['i32']),
      [
        ...get(0),
        ...call(repCounter),
        ...load32(),
        ...get(1),
        ...call(repCounter),
        ...load32(),
        ...add,
        ...call(cell),
        ...call(newCounter),
        ...set(2),
        ...get(0),
        ...call(dropCounter),
        ...get(1),
        ...call(dropCounter),
        ...get(2),
      ],
      ['i32'],
    );
    m.func(name('total'), sig(['i32', 'i32'], ['i32']), [
      ...get(0),
      ...load32(),
      ...call(repCounter),
      ...load32(),
      ...get(0),
      ...load32(),
      ...call(dropCounter),
    ]);
    m.func(name('peek'), sig(['i32', 'i32'], ['i32']), [...get(0), ...load32(), ...load32()]);
    m.func(name('checked'), sig(['i32', 'i32', 'i32']), []);
    m.func(name('dropped'), sig([], ['i32']), globalGet(drops));
    m.func(name('steal'), I, get(0));
    return m.bytes();
  }

  let glue: Glue;
  beforeAll(async () => {
    glue = await workspace.load(wit);
  });
  const start = (): Any => glue.instantiateSync(module(), {}).api;

  test('are made, called, lent, moved and dropped', () => {
    const api = start();
    const a = new api.Counter(3);
    a.add(4);
    expect(a.value()).toBe(7);
    const b = api.Counter.clone(a);
    expect(b).toBeInstanceOf(api.Counter);
    expect(b.plus(a)).toBe(14);
    expect(a.then_()).toBe(7);
    expect(api.peek([a])).toBe(7);
    const c = api.join(a, b);
    expect(c.value()).toBe(14);
    expect(api.dropped()).toBe(2);
    c[Symbol.dispose]();
    c[Symbol.dispose]();
    expect(api.dropped()).toBe(3);
  });

  test('cannot be used after they were dropped or given away', () => {
    const api = start();
    const a = new api.Counter(1);
    a[Symbol.dispose]();
    expect(thrownBy(() => a.value()).message).toMatch(
      /^demo:counters\/api.counter.value → self: expected a live demo:counters\/api.counter/,
    );
    expect(thrownBy(() => api.steal(a))).toBeInstanceOf(ValueError);
    const b = new api.Counter(2);
    const c = api.steal(b);
    expect(c.value()).toBe(2);
    expect(() => b.value()).toThrow(ValueError);
    b[Symbol.dispose]();
    expect(api.dropped()).toBe(1);
    expect(c.value()).toBe(2);
  });

  test('the same object cannot be moved twice by one call, and stays whole when it is tried', () => {
    const api = start();
    const a = new api.Counter(5);
    expect(thrownBy(() => api.join(a, a)).message).toMatch(/^demo:counters\/api.join → b: expected a live/);
    expect(a.value()).toBe(5);
    const b = new api.Counter(6);
    expect(() => api.checked([a, b], 300)).toThrow(ValueError);
    expect(() => api.checked([a, b, a], 3)).toThrow(ValueError);
    expect(api.join(a, b).value()).toBe(11);
    expect(api.dropped()).toBe(2);
  });

  test('lists of them are given away whole', () => {
    const api = start();
    const a = new api.Counter(5);
    expect(api.total([a])).toBe(5);
    expect(() => a.value()).toThrow(ValueError);
    expect(api.dropped()).toBe(1);
  });

  test('a constructor may fail', () => {
    const api = start();
    expect(new api.Strict(true)).toBeInstanceOf(api.Strict);
    const error = thrownBy(() => new api.Strict(false)) as Any;
    expect(error).toBeInstanceOf(ComponentError);
    expect(error.payload).toBe('no');
  });

  test('a method may be called constructor', () => {
    const api = start();
    expect(new api.Strict(true).constructor()).toBe(9);
  });

  test('one without a constructor is made by the guest alone', () => {
    const api = start();
    expect(() => new api.Made()).toThrow('demo:counters/api.made has no constructor');
    expect(api.make(8).number()).toBe(8);
    expect(api.Made.name).toBe('Made');
  });

  test('belong to their instance', () => {
    const [one, other] = [start(), start()];
    const a = new one.Counter(1);
    expect(() => other.steal(a)).toThrow(ValueError);
    expect(() => one.Counter.prototype.value.call(undefined)).toThrow(ValueError);
    expect(thrownBy(() => other.Counter.prototype.value.call(a)).message).toContain(
      "of this instance (this one is another's)",
    );
    expect(() => one.Counter.prototype.value.call({})).toThrow(ValueError);
    expect(a.value()).toBe(1);
  });

  test('of one type are not taken for another', () => {
    const api = start();
    expect(() => api.steal(api.make(1))).toThrow(ValueError);
  });
});
