/** Guests in TypeScript behind a memory of their own: what they may do, and what becomes of what they should not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate, guestTarget, type GuestOptions } from '../src/index.ts';
import { code } from '../src/emit/code.ts';
import { printFile } from '../src/emit/file.ts';
import { mirrored } from '../src/targets/guest/in-process.ts';
import { worldData } from '../src/targets/guest/in-process-world.ts';
import { waitingOptions } from '../src/world/blocking.ts';
import { planWorld } from '../src/world/plan.ts';
import { compile } from './compile.ts';
import { generated, Workspace, worldOf, type Any } from './generate.ts';
import { inProcess, loadInProcess, watched, type Loaded, type Watched } from './in-process.ts';

const workspace = new Workspace();
const { ComponentError, LinkError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

function thrownBy(run: () => unknown): Any {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('values and failures', () => {
  const wit = `package demo:shop@1.2.0;
    interface log { write: func(line: string); fail: func() -> result<u32, string>; }
    interface cart {
      record item { name: string, amount: u64, tags: list<string> }
      variant problem { not-found, refused(string) }
      add: func(item: item) -> result<u64, problem>;
      list-items: func() -> list<item>;
      clear: func();
      bytes: func(of: list<u8>) -> list<u8>;
      text: func(of: string) -> string;
      many: func(a: string, b: string, c: string, d: string, e: string, f: string, g: string, h: string, i: string) -> u32;
    }
    world shop { import log; export cart; export then: func() -> string; }`;
  let glue: Loaded;
  beforeAll(async () => {
    glue = await loadInProcess(workspace, wit);
  });

  const host = { 'demo:shop/log': { write: () => {}, fail: () => 1 } };
  const unused = (): never => {
    throw new Error('not to be called');
  };
  const cart = {
    add: unused,
    listItems: unused,
    clear: unused,
    bytes: unused,
    text: unused,
    many: unused,
  };
  const shop = (own: object, imports: object = host): Any =>
    glue.instantiateGuest({ cart: { ...cart, ...own }, then_: () => 'then' }, imports);

  test('a value that is returned is the value, what is thrown is the error value', () => {
    const { cart: made } = shop({
      add: ({ name, amount }: Any) => {
        if (name === '') throw new ComponentError({ tag: 'not-found' });
        if (amount === 0n) throw { tag: 'refused', val: name };
        return amount * 2n;
      },
    });
    expect(made.add({ name: 'tea', amount: 4n, tags: [] })).toBe(8n);
    expect(thrownBy(() => made.add({ name: '', amount: 4n, tags: [] }))).toMatchObject({
      name: 'ComponentError',
      payload: { tag: 'not-found' },
    });
    expect(thrownBy(() => made.add({ name: 'x', amount: 0n, tags: [] })).payload).toEqual({
      tag: 'refused',
      val: 'x',
    });
    expect(made.add({ name: 'tea', amount: 5n, tags: ['hot', ''] })).toBe(10n);
  });

  test('functions are called on the object that they belong to', () => {
    class Cart {
      readonly #items = [{ name: 'ä€😀', amount: 2n ** 64n - 1n, tags: ['', 'x'] }];
      listItems(): unknown {
        return this.#items;
      }
    }
    const implementation = Object.assign(new Cart(), { ...cart, listItems: Cart.prototype.listItems });
    const made = glue.instantiateGuest({ cart: implementation, then_: () => '' }, host);
    expect(made.cart.listItems()).toEqual([{ name: 'ä€😀', amount: 2n ** 64n - 1n, tags: ['', 'x'] }]);
  });

  test('keys of an implementation may be the names of interfaces, with any compatible version', () => {
    for (const key of ['cart', 'demo:shop/cart', 'demo:shop/cart@1.2.0', 'demo:shop/cart@1.0.3']) {
      const made = glue.instantiateGuest({ [key]: { ...cart, clear: () => {} }, then_: () => '' }, host);
      expect(made.cart.clear()).toBe(undefined);
    }
  });

  test('an exported `then` does not make the instance thenable', async () => {
    const made = await Promise.resolve(shop({}));
    expect(made.then).toBe(undefined);
    expect(made.then_()).toBe('then');
  });

  test('a wrong argument names its place and leaves the guest as it was, with nothing lost', async () => {
    const { module, usage } = watched(
      glue.guestModule({ cart: { ...cart, add: () => 1n }, then_: () => '' }),
    );
    const made = await glue.instantiate(module, host);
    const error = thrownBy(() => made.cart.add({ name: 'x', amount: -1n, tags: [] }));
    expect(error).toBeInstanceOf(ValueError);
    expect(error.message).toBe('demo:shop/cart.add → item.amount: expected u64, got bigint -1');
    expect(made.cart.add({ name: 'x', amount: 1n, tags: [] })).toBe(1n);
    // The host's lowering began with the name, and has nobody to give it back to.
    expect(usage().blocks).toBeLessThanOrEqual(1);
  });

  test('another error is a trap with the error as its cause, and ends the instance', () => {
    const cause = new RangeError('boom');
    for (const name of ['add', 'clear']) {
      const made = shop({
        [name]: () => {
          throw cause;
        },
      });
      const call = (): unknown => made.cart[name]({ name: '', amount: 1n, tags: [] });
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(Trap);
      expect(error.message).toBe(`demo:shop/cart.${name} failed: RangeError: boom`);
      expect(error.cause).toBe(cause);
      expect(thrownBy(() => made.cart.listItems()).message).toMatch(/cannot enter component instance/);
    }
  });

  test.each([
    ['a thrown value from a function without a result', 'clear', 'thrown', /clear failed: thrown/],
    [
      'an error value of the wrong shape',
      'add',
      { tag: 'gone' },
      /result\.err\.tag: expected "not-found" \| "refused", got string "gone"/,
    ],
    ['no value at all', 'add', undefined, /result\.err: expected object, got undefined/],
  ])('%s is a trap', (_, name, thrown, message) => {
    const made = shop({
      [name]: () => {
        throw thrown;
      },
    });
    const error = thrownBy(() => made.cart[name]({ name: '', amount: 1n, tags: [] }));
    expect(error).toBeInstanceOf(Trap);
    expect(error.message).toMatch(message);
  });

  test('a returned value of the wrong shape is a trap that names the place', () => {
    const made = shop({ listItems: () => [{ name: 'x', amount: 1n, tags: ['a', 7] }] });
    const error = thrownBy(() => made.cart.listItems());
    expect(error).toBeInstanceOf(Trap);
    expect(error.message).toMatch(
      /demo:shop\/cart\.list-items → result\[0\]\.tags\[1\]: expected string, got number 7/,
    );
    expect(error.cause).toBeInstanceOf(ValueError);
  });

  test('a failure of the host goes on as it is, even if the guest has caught it', () => {
    const failure = Object.assign(new Error('disk on fire'), { payload: 'no error value of this function' });
    const imports = {
      'demo:shop/log': {
        write: () => {
          throw failure;
        },
        fail: unused,
      },
    };
    const passing = glue.instantiateGuest(
      (given: Any) => ({
        cart: { ...cart, add: () => given['demo:shop/log'].write('x') },
        then_: () => '',
      }),
      imports,
    );
    expect(thrownBy(() => passing.cart.add({ name: '', amount: 1n, tags: [] }))).toBe(failure);
    const catching = glue.instantiateGuest(
      (given: Any) => ({
        cart: {
          ...cart,
          clear() {
            try {
              given['demo:shop/log'].write('x');
            } catch {}
          },
        },
        then_: () => '',
      }),
      imports,
    );
    expect(thrownBy(() => catching.cart.clear()).message).toMatch(/is dead: one of its calls trapped/);
  });

  test('error values of imports are thrown to the guest, wrong arguments as well, and both can be caught', () => {
    const seen: unknown[] = [];
    const made = glue.instantiateGuest(
      ({ 'demo:shop/log': log }: Any) => ({
        cart: {
          ...cart,
          clear() {
            seen.push(thrownBy(() => log.fail()).payload, thrownBy(() => log.write(7)).message);
            log.write('still there');
          },
        },
        then_: () => '',
      }),
      {
        'demo:shop/log': {
          write: (line: string) => seen.push(line),
          fail: () => {
            throw new ComponentError('no paper');
          },
        },
      },
    );
    made.cart.clear();
    expect(seen).toEqual([
      'no paper',
      'demo:shop/log.write → line: expected string, got number 7',
      'still there',
    ]);
  });

  test('imports can be called while the implementation is made, and not between calls', () => {
    const lines: string[] = [];
    let write: (line: string) => void = unused;
    const made = glue.instantiateGuest(
      (given: Any) => {
        write = given['demo:shop/log'].write;
        write('hello');
        return { cart: { ...cart, clear: () => write('clear') }, then_: () => '' };
      },
      { 'demo:shop/log': { write: (line: string) => lines.push(line), fail: unused } },
    );
    expect(() => write('between')).toThrow(
      'demo:shop/log.write was called while no function of the guest demo:shop/shop runs',
    );
    made.cart.clear();
    expect(lines).toEqual(['hello', 'clear']);
  });

  test('a guest cannot be entered again while it runs', () => {
    const seen: string[] = [];
    let again: () => void = unused;
    const made = glue.instantiateGuest(
      (given: Any) => ({
        cart: { ...cart, clear: () => given['demo:shop/log'].write('x') },
        then_: () => '',
      }),
      { 'demo:shop/log': { write: () => void seen.push(thrownBy(() => again()).message), fail: unused } },
    );
    again = () => made.cart.clear();
    made.cart.clear();
    expect(seen).toEqual([
      expect.stringMatching(/cannot enter component instance demo:shop\/shop: a call is in progress/),
    ]);
  });

  test('everything that an implementation lacks is one error, before anything can be called', () => {
    const error = thrownBy(() => glue.instantiateGuest({ cart: { add: 1, clear() {} } }, host));
    expect(error).toBeInstanceOf(LinkError);
    expect(error.problems).toEqual([
      'the implementation of `demo:shop/cart@1.2.0` has no function `add`',
      'the implementation of `demo:shop/cart@1.2.0` has no function `listItems`',
      'the implementation of `demo:shop/cart@1.2.0` has no function `bytes`',
      'the implementation of `demo:shop/cart@1.2.0` has no function `text`',
      'the implementation of `demo:shop/cart@1.2.0` has no function `many`',
      'the implementation has no function `then_`',
    ]);
    expect(thrownBy(() => glue.instantiateGuest({}, host)).problems[0]).toBe(
      'the implementation has no `cart`, which is `demo:shop/cart@1.2.0`',
    );
    for (const wrong of [undefined, null, 'x', () => 7])
      expect(thrownBy(() => glue.instantiateGuest(wrong, host)).message).toMatch(
        /the implementation is no object but/,
      );
    expect(() => glue.instantiateGuest(async () => ({ cart }), host)).toThrow(
      /the implementation is a promise/,
    );
    expect(thrownBy(() => shop({}, {})).problems).toEqual([
      'no implementation of `demo:shop/log@1.2.0` was given in `imports`',
    ]);
  });

  test('what making the implementation throws is thrown on', () => {
    const failure = new Error('no configuration');
    const make = (): never => {
      throw failure;
    };
    expect(thrownBy(() => glue.instantiateGuest(make, host))).toBe(failure);
  });

  test('a promise is refused where nothing waits, and its failure is nobody’s', () => {
    const made = shop({ clear: () => Promise.reject(new Error('late')) });
    expect(thrownBy(() => made.cart.clear()).message).toBe(
      'demo:shop/cart.clear failed: Error: it returned a promise, and cannot wait',
    );
  });

  test('values of a MiB pass, the memory grows in the middle, and nothing is left', async () => {
    const { module, usage, memory } = watched(
      glue.guestModule((given: Any) => ({
        cart: {
          ...cart,
          bytes: (of: Uint8Array) => of.map((byte) => byte ^ 255),
          text: (of: string) => {
            given['demo:shop/log'].write(of);
            return of + of;
          },
          many: (...all: string[]) => all.join('').length,
        },
        then_: () => '',
      })),
    );
    let logged = '';
    const made = await glue.instantiate(module, {
      'demo:shop/log': { write: (line: string) => void (logged = line), fail: unused },
    });
    const bytes = Uint8Array.from({ length: 2 ** 20 }, (_, i) => i * 7);
    const flipped = bytes.map((byte) => byte ^ 255);
    const text = 'aé😀'.repeat(2 ** 18);
    for (let round = 0; round < 3; round++) {
      expect(Buffer.compare(made.cart.bytes(bytes), flipped)).toBe(0);
      expect(made.cart.text(text) === text + text).toBe(true);
      expect(logged === text).toBe(true);
      expect(made.cart.many(...Array.from({ length: 9 }, () => text))).toBe(9 * text.length);
      expect(usage().blocks).toBe(0);
    }
    const { byteLength } = memory().buffer;
    for (let i = 0; i < 300; i++) {
      made.cart.bytes(bytes.subarray(0, 1000 * i));
      made.cart.text(text.slice(0, 100 * i));
    }
    expect(usage().blocks).toBe(0);
    expect(memory().buffer.byteLength).toBeLessThan(2 * byteLength);
  });

  test('memory is bounded where a limit is set', () => {
    const own = { cart: { ...cart, bytes: (of: Uint8Array) => of }, then_: () => '' };
    const made = glue.instantiateGuest(own, host, { limits: { memory: 2 ** 20 } });
    expect(made.cart.bytes(new Uint8Array(2 ** 18))).toHaveLength(2 ** 18);
    expect(thrownBy(() => made.cart.bytes(new Uint8Array(2 ** 20))).message).toMatch(
      /no memory left for \d+ bytes/,
    );
    for (const memory of [0, 1, 1.5, Number.NaN, '1'])
      expect(() => glue.instantiateGuest(own, host, { limits: { memory } })).toThrow(
        /limits\.memory is a number of bytes, at least 65536/,
      );
  });

  test('a module makes instances of their own, from an implementation for each', async () => {
    let made = 0;
    const module = glue.guestModule(() => {
      const number = ++made;
      return { cart: { ...cart, text: (of: string) => `${of} ${number}` }, then_: () => '' };
    });
    const [one, two] = [await glue.instantiate(module, host), glue.instantiateSync(module, host)];
    expect([one.cart.text('a'), two.cart.text('b'), one.cart.text('c')]).toEqual(['a 1', 'b 2', 'c 1']);
  });

  test('getters of values may call imports, and what they return may be any iterable', () => {
    const lines: string[] = [];
    const made = glue.instantiateGuest(
      ({ 'demo:shop/log': log }: Any) => ({
        cart: {
          ...cart,
          *listItems() {
            yield {
              name: 'x',
              get amount() {
                log.write('y'.repeat(100_000));
                return 1n;
              },
              tags: new Set(['a', 'b']),
            };
          },
        },
        then_: () => '',
      }),
      { 'demo:shop/log': { write: (line: string) => lines.push(line), fail: unused } },
    );
    expect(made.cart.listItems()).toEqual([{ name: 'x', amount: 1n, tags: ['a', 'b'] }]);
    expect(lines).toEqual(['y'.repeat(100_000)]);
  });
});

describe('resources', () => {
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
        expect(() => new Bare()).toThrow(
          'demo:res/files.token has no constructor: the host makes its values',
        );
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
    expect(thrownBy(() => counters.make('')).message).toMatch(
      /result: expected a live demo:res\/files\.file/,
    );
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
});

describe('waiting', () => {
  const wit = `package demo:wait;
    interface clock { sleep: func(ms: u32) -> result<string, u32>; now: func() -> u32; tick: func(); }
    interface api { run: func(ms: u32) -> result<string, u32>; both: func(); quick: func() -> u32; }
    world w { import clock; export api; }`;
  let glue: Loaded;
  beforeAll(async () => {
    glue = await loadInProcess(workspace, wit, {
      mayBlock: ['demo:wait/clock#sleep', 'demo:wait/clock#tick'],
      syncExports: ['demo:wait/api#quick'],
    });
  });

  const clock = {
    sleep: async (ms: number) => {
      await Promise.resolve();
      if (ms === 0) throw new ComponentError(404);
      return 'z'.repeat(ms);
    },
    now: () => 1,
    tick: (): void | Promise<void> => {},
  };
  const start = (own: (imported: Any) => object, host: object = {}, options: object = {}): Any =>
    glue.instantiateGuest(
      ({ 'demo:wait/clock': imported }: Any) => ({
        api: { run: () => '', both: () => {}, quick: () => 7, ...own(imported) },
      }),
      { 'demo:wait/clock': { ...clock, ...host } },
      options,
    ).api;

  test('is a promise inside and outside, without a stack to suspend', async () => {
    const api = start((imported) => ({ run: async (ms: number) => `${await imported.sleep(ms)}!` }));
    expect(await api.run(3)).toBe('zzz!');
    expect((await Promise.allSettled([api.run(0)]))[0]).toMatchObject({ reason: { payload: 404 } });
    expect(await api.run(100_000)).toBe(`${'z'.repeat(100_000)}!`);
    expect(api.quick()).toBe(7);
  });

  test('takes nothing of the engine', async () => {
    const names = ['Suspending', 'promising'] as const;
    const engine = WebAssembly as unknown as Record<string, unknown>;
    const had = names.map((name) => engine[name]);
    for (const name of names) delete engine[name];
    try {
      const api = start((imported) => ({ run: async (ms: number) => imported.sleep(ms) }));
      expect(await api.run(2)).toBe('zz');
    } finally {
      names.forEach((name, i) => had[i] !== undefined && Object.assign(engine, { [name]: had[i] }));
    }
  });

  test('does not happen where the host was ready', async () => {
    const seen: unknown[] = [];
    const api = start((imported) => ({ both: () => void seen.push(imported.tick()) }));
    await api.both();
    expect(seen).toEqual([undefined]);
  });

  test('keeps everybody out: the program and the guest’s own calls', async () => {
    const api = start((imported) => ({
      async run(ms: number) {
        const waiting = imported.sleep(ms);
        expect(() => imported.now()).toThrow(
          'demo:wait/clock.now was called while the guest demo:wait/w waits for demo:wait/clock.sleep',
        );
        return waiting;
      },
    }));
    const running = api.run(2);
    await expect(api.both()).rejects.toThrow(/cannot enter component instance/);
    expect(await running).toBe('zz');
    await api.both();
  });

  test('a guest may wait for something of its own, too', async () => {
    const api = start((imported) => ({
      async run() {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return String(imported.now());
      },
    }));
    expect(await api.run(0)).toBe('1');
  });

  test('a guest that returns without having waited is a trap', async () => {
    const api = start((imported) => ({ both: () => void imported.sleep(1) }));
    await expect(api.both()).rejects.toThrow(
      'it returned while demo:wait/clock.sleep, which it called, had not',
    );
  });

  test('a failed wait is thrown in the guest, and is the end of it', async () => {
    const failure = new Error('no clock');
    const api = start((imported) => ({ run: async () => imported.tick() }), {
      tick: () => Promise.reject(failure),
    });
    await expect(api.run(1)).rejects.toBe(failure);
    await expect(api.both()).rejects.toThrow(/cannot enter component instance/);
  });

  test('a call that cannot wait says so', async () => {
    const sync = start((imported) => ({ quick: () => imported.tick() ?? 1 }), { tick: async () => {} });
    expect(() => sync.quick()).toThrow(
      /demo:wait\/clock\.tick would have to wait, but the guest was entered by a call that cannot/,
    );
    const none = start((imported) => ({ run: () => imported.sleep(1) }), {}, { blocking: 'none' });
    await expect(none.run(1)).rejects.toThrow(/would have to wait/);
    const promised = start(() => ({ both: async () => {} }), {}, { blocking: 'none' });
    await expect(promised.both()).rejects.toThrow(
      'it returned a promise, and was called so that it cannot wait',
    );
  });
});

describe('generating', () => {
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
});
