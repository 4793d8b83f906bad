/** Resources of guests in TypeScript, and of their hosts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workspace, thrownBy, type Any } from './generate.ts';
import { loadInProcess, watched, type Loaded, type Watched } from './in-process.ts';

const workspace = new Workspace();
const { ComponentError, Trap } = await workspace.runtime();
afterAll(() => workspace.remove());

const wit = `package demo:res;
  interface files {
    resource file {
      constructor(path: string);
      name: func() -> string;
      then: func() -> u32;
      same: func(other: borrow<file>) -> bool;
      open: static func(path: string) -> result<file, string>;
    }
    resource token {}
    give: func() -> token;
    take: func(f: file, t: option<token>) -> u32;
    swap: func(moved: list<file>, kept: list<borrow<file>>) -> list<file>;
  }
  interface counters {
    use files.{file, token};
    resource counter {
      constructor(start: u32) -> result<counter, string>;
      next: func() -> u32;
      add: func(other: borrow<counter>) -> u32;
      into: static func(c: counter) -> u32;
      both: static func(a: counter, b: option<counter>) -> tuple<counter, option<counter>>;
    }
    keep: func(f: file);
    lend: func(f: borrow<file>, all: list<borrow<file>>) -> string;
    make: func(path: string) -> file;
    run: func();
    run-with: func(f: borrow<file>, c: borrow<counter>);
  }
  world w { import files; export counters; }`;
let glue: Loaded;
beforeAll(async () => {
  glue = await loadInProcess(workspace, wit);
});

let log: string[] = [];
class File {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  static open(path: string): File {
    if (path === '') throw new ComponentError('no path');
    return new File(path);
  }
  name(): string {
    return this.path;
  }
  then_(): number {
    return 7;
  }
  same(other: File): boolean {
    return this === other;
  }
  [Symbol.dispose](): void {
    log.push(`closed ${this.path}`);
  }
}
class Token {
  [Symbol.dispose](): void {
    log.push('token gone');
  }
}
const files = {
  File,
  Token,
  give: () => new Token(),
  take: (f: File, t: Token | undefined) => f.path.length + (t === undefined ? 0 : 100),
  swap: (moved: File[], kept: File[]) => moved.map((f) => new File(`${f.path}${kept.length}`)),
};

interface Started {
  readonly counters: Any;
  readonly usage: Watched['usage'];
}

/** An instance whose functions are given the imports. */
async function start(own: (imported: Any) => object): Promise<Started> {
  log = [];
  const { module, usage } = watched(
    glue.guestModule((imports: Any) => {
      const imported = imports['demo:res/files'];
      const { Counter = class {}, ...functions } = own(imported) as Any;
      const all = ['next', 'add'];
      for (const name of all) Counter.prototype[name] ??= () => 0;
      for (const name of ['into', 'both']) Counter[name] ??= () => 0;
      const nothing = (): void => {};
      const counters = { keep: nothing, lend: () => '', make: nothing, run: nothing, runWith: nothing };
      return { counters: { ...counters, ...functions, Counter } };
    }),
  );
  return { counters: (await glue.instantiate(module, { 'demo:res/files': files })).counters, usage };
}

test('of the host are objects with methods: made, passed on, and dropped once', async () => {
  const { counters, usage } = await start(({ File: Imported, take, give, swap }) => ({
    run() {
      const file = new Imported('a');
      expect(file).toBeInstanceOf(Imported);
      expect([file.name(), file.then_(), file.same(file)]).toEqual(['a', 7, true]);
      expect(thrownBy(() => Imported.open('')).payload).toBe('no path');
      const opened = Imported.open('bb');
      expect(take(opened, give())).toBe(102);
      expect(() => opened.name()).toThrow(
        'expected a live demo:res/files.file (this one was dropped or given away)',
      );
      const [one] = swap([new Imported('c')], [file, file]);
      expect(one.name()).toBe('c2');
      for (const each of [one, one, file]) each[Symbol.dispose]();
      expect(() => file.name()).toThrow(/expected a live demo:res\/files\.file/);
    },
  }));
  counters.run();
  expect(log).toEqual(['closed c2', 'closed a']);
  expect(usage()).toEqual({ blocks: 0, objects: 0 });
});

test('of the host can be derived from, and a class without a constructor says so', async () => {
  const { counters } = await start(({ File: Imported, Token: Bare }) => ({
    run() {
      class Mine extends Imported {
        readonly own = 'own';
        twice(): string {
          return (this as Any).name() + (this as Any).name() + this.own;
        }
      }
      const mine = new (Mine as Any)('x');
      expect([mine.twice(), mine instanceof Mine, Imported.name]).toEqual(['xxown', true, 'File']);
      expect(() => new Bare()).toThrow('demo:res/files.token has no constructor: the host makes its values');
      mine[Symbol.dispose]();
    },
  }));
  counters.run();
  expect(log).toEqual(['closed x']);
});

test('are dropped by `using`, which says nothing of its own when the host has failed', async () => {
  const { counters } = await start(({ File: Imported, take }) => ({
    make() {
      using one = new Imported('one');
      expect(one.name()).toBe('one');
      return new Imported('made');
    },
    run() {
      using file = new Imported('broken');
      try {
        take(file, undefined);
      } finally {
        expect(() => new Imported('late')).toThrow('disk on fire');
      }
    },
  }));
  counters.make('');
  expect(log).toEqual(['closed one']);
  const { take } = files;
  files.take = () => {
    throw failure;
  };
  const failure = new Error('disk on fire');
  try {
    expect(thrownBy(() => counters.run())).toBe(failure);
  } finally {
    files.take = take;
  }
});

test('that are lent for a call end with it, and are no one’s to give away', async () => {
  const kept: Any[] = [];
  const { counters } = await start(({ take }) => ({
    lend(f: Any, all: Any[]) {
      kept.push(f, ...all);
      expect(() => take(f, undefined)).toThrow(
        'expected an owned demo:res/files.file (this one is lent for a call)',
      );
      return [f, ...all].map((each) => each.name()).join();
    },
    run() {
      for (const each of kept) expect(() => each.name()).toThrow(/expected a live demo:res\/files\.file/);
      kept[0][Symbol.dispose]();
    },
  }));
  const [a, b] = [new File('a'), new File('b')];
  expect(counters.lend(a, [b, a])).toBe('a,b,a');
  counters.run();
  expect(log).toEqual([]);
});

test('may be kept from one call to the next when they are owned', async () => {
  let kept: Any;
  const { counters } = await start(() => ({
    keep: (f: Any) => void (kept = f),
    make: () => kept,
    run: () => expect(kept.name()).toBe('k'),
  }));
  const given = new File('k');
  counters.keep(given);
  counters.run();
  expect(() => kept[Symbol.dispose]()).toThrow(
    /dropping a demo:res\/files\.file was called while no function/,
  );
  expect(counters.make('')).toBe(given);
  expect(thrownBy(() => counters.make('')).message).toMatch(/result: expected a live demo:res\/files\.file/);
  expect(log).toEqual([]);
});

test('are taken back when another argument of the call is wrong', async () => {
  const { counters, usage } = await start(({ File: Imported, take, swap }) => ({
    run() {
      const [a, b] = [new Imported('a'), new Imported('b')];
      expect(() => take(a, 7)).toThrow(
        'demo:res/files.take → t: expected a demo:res/files.token, got number 7',
      );
      expect(() => swap([a, b, a], [])).toThrow(/swap → moved\[2\]: expected a live/);
      expect(() => swap([a], [b, {}])).toThrow(
        /swap → kept\[1\]: expected a demo:res\/files\.file, got Object/,
      );
      expect(take(a, undefined) + take(b, undefined)).toBe(2);
    },
  }));
  counters.run();
  expect(usage()).toEqual({ blocks: 0, objects: 0 });
});

test('of another instance are refused', async () => {
  let other: Any;
  const one = await start(({ File: Imported }) => ({ run: () => void (other = new Imported('o')) }));
  one.counters.run();
  const two = await start(({ take }) => ({
    run: () => expect(() => take(other, undefined)).toThrow(/a demo:res\/files\.file of this instance/),
  }));
  two.counters.run();
});

test('that the guest has forgotten are dropped when it is called again', async () => {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const { counters } = await start(({ File: Imported }) => ({ run: () => void new Imported('forgotten') }));
  for (let round = 0; round < 50 && log.length === 0; round++) {
    counters.run();
    gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(log[0]).toBe('closed forgotten');
});

class Counter {
  #n: number;
  constructor(start: number) {
    if (start > 9) throw new ComponentError('too large');
    this.#n = start;
  }
  next(): number {
    return this.#n++;
  }
  add(other: Counter): number {
    return (this.#n += other.#n);
  }
  static into(c: Counter): number {
    return c.#n;
  }
  static both(a: Counter, b: Counter | undefined): unknown {
    return [b ?? a, b && a];
  }
  [Symbol.dispose](): void {
    log.push(`counter ${this.#n} gone`);
  }
}

test('of the guest are its own objects, with their private members, owned by the host', async () => {
  const { counters, usage } = await start(() => ({ Counter }));
  const a = new counters.Counter(1);
  const b = new counters.Counter(5);
  expect(thrownBy(() => new counters.Counter(10)).payload).toBe('too large');
  expect([a.next(), a.next(), a.add(b), a.next()]).toEqual([1, 2, 8, 8]);
  const [x, y] = counters.Counter.both(a, b);
  expect([x.next(), y.next()]).toEqual([5, 9]);
  expect(() => a.next()).toThrow(/expected a live demo:res\/counters\.counter/);
  expect(usage().objects).toBe(2);
  // Given to the guest, it is disposed of by nobody but the guest.
  expect(counters.Counter.into(x)).toBe(6);
  expect([usage().objects, log]).toEqual([1, []]);
  y[Symbol.dispose]();
  y[Symbol.dispose]();
  expect(log).toEqual(['counter 10 gone']);
  expect(usage()).toEqual({ blocks: 0, objects: 0 });
});

test('of the guest must be of its class', async () => {
  const { counters } = await start(() => ({
    Counter: class extends Counter {
      static override both(): unknown {
        return [{ next: () => 1 }, undefined];
      }
    },
  }));
  const error = thrownBy(() => counters.Counter.both(new counters.Counter(1), undefined));
  expect(error).toBeInstanceOf(Trap);
  expect(error.message).toMatch(/result\[0\]: expected a demo:res\/counters\.counter, got Object/);
});

test('a destructor that fails is a trap, and one that calls out may', async () => {
  const failing = await start(() => ({
    Counter: class {
      [Symbol.dispose](): void {
        throw new Error('not today');
      }
    },
  }));
  const one = new failing.counters.Counter(1);
  expect(thrownBy(() => one[Symbol.dispose]()).message).toBe(
    'the destructor of demo:res/counters.counter failed: Error: not today',
  );
  expect(() => failing.counters.run()).toThrow(/cannot enter component instance/);
  const owning = await start(({ File: Imported }) => ({
    Counter: class {
      readonly #file = new Imported('inner');
      [Symbol.dispose](): void {
        this.#file[Symbol.dispose]();
      }
    },
  }));
  new owning.counters.Counter(1)[Symbol.dispose]();
  expect(log).toEqual(['closed inner']);
});

test('thousands of calls leave no handle, no object and no block', async () => {
  const { counters, usage } = await start(({ File: Imported, swap }) => ({
    Counter,
    lend(f: Any, all: Any[]) {
      const own = [f, ...all].map((each) => new Imported(each.name()));
      const given = swap(own, [f]);
      const names = given.map((each: Any) => each.name()).join();
      for (const each of given) each[Symbol.dispose]();
      return names;
    },
  }));
  for (let i = 0; i < 2000; i++) {
    const c = new counters.Counter(i % 9);
    counters.runWith(new File('x'), c);
    expect(counters.lend(new File('p'), [new File('q')])).toBe('p1,q1');
    c[Symbol.dispose]();
  }
  expect(usage()).toEqual({ blocks: 0, objects: 0 });
  expect(log.filter((line) => line.startsWith('closed'))).toHaveLength(4000);
});
