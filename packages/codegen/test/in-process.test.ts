/** Guests in TypeScript behind a memory of their own: values, failures and limits. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workspace, thrownBy, type Any } from './generate.ts';
import { loadInProcess, watched, type Loaded } from './in-process.ts';

const workspace = new Workspace();
const { ComponentError, LinkError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

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
  const { module, usage } = watched(glue.guestModule({ cart: { ...cart, add: () => 1n }, then_: () => '' }));
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
