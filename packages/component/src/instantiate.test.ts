import { describe, expect, test } from '@jest/globals';
import { ComponentError, LinkError, Trap, ValueError } from '@wittle/runtime';
import { load, thrownBy } from '../test/load.ts';
import { instantiate, instantiateSync, type AnyExports } from './instantiate.ts';
import { compileSync, type Component } from './component.ts';

interface Entry {
  readonly logLevel: number;
  readonly text: string;
}

interface GreeterImports {
  readonly clock: () => bigint;
  readonly 'demo:host/log': { readonly write: (entry: Entry) => void };
}

interface GreeterApi {
  readonly passOn: (entry: Entry) => void;
  readonly constructor: (a: number, b: number) => number;
  readonly sum: (all: Iterable<bigint>) => bigint;
}

interface GreeterExports {
  readonly then_: () => bigint;
  readonly sayAgain: (what: string) => string;
  readonly trap: () => void;
  readonly api: GreeterApi;
  readonly 'demo:greet/api': GreeterApi;
}

function greeter(imports: Partial<GreeterImports> = {}): GreeterExports {
  return instantiateSync<GreeterExports, GreeterImports>(load('greeter'), {
    clock: () => 7n,
    'demo:host/log': { write: () => {} },
    ...imports,
  });
}

function problemsOf(component: Component, imports: object): readonly string[] {
  const error = thrownBy(() => instantiateSync(component, imports));
  expect(error).toBeInstanceOf(LinkError);
  return (error as LinkError).problems;
}

describe('functions', () => {
  test('take and give values in JavaScript shapes', () => {
    const exports = greeter();
    expect(exports.sayAgain('grüß dich 🎉')).toBe('grüß dich 🎉');
    expect(exports.api.sum([1n, 2n, 2n ** 63n])).toBe(2n ** 63n + 3n);
    expect(exports.api.sum(new BigUint64Array(100).fill(3n))).toBe(300n);
  });

  test('an instance can be awaited: a `then` of the root has another name', async () => {
    const exports = await instantiate<GreeterExports, GreeterImports>(load('greeter'), {
      clock: () => 7n,
      'demo:host/log': { write: () => {} },
    });
    expect(exports.then_()).toBe(7n);
  });

  test('names that every object has are found, and not inherited', () => {
    const exports = greeter();
    expect(exports.api.constructor(1, 2)).toBe(3);
    expect((exports as unknown as AnyExports)['toString']).toBe(undefined);
    expect(Object.getPrototypeOf(exports.api)).toBe(null);
  });

  test('an interface is there by its name with and without version and in short', () => {
    const exports = greeter() as unknown as AnyExports;
    expect(Object.keys(exports).toSorted()).toEqual([
      'api',
      'demo:greet/api',
      'demo:greet/api@1.0.0',
      'sayAgain',
      'then_',
      'trap',
    ]);
    expect(exports['api']).toBe(exports['demo:greet/api@1.0.0']);
    expect(exports['api']).toBe(exports['demo:greet/api']);
  });

  test('results are returned or thrown on both sides', () => {
    const seen: Entry[] = [];
    const exports = greeter({
      'demo:host/log': {
        write(entry) {
          seen.push(entry);
          if (entry.logLevel > 1) throw new ComponentError(`no ${entry.text}`);
        },
      },
    });
    expect(exports.api.passOn({ logLevel: 1, text: 'tea' })).toBe(undefined);
    const error = thrownBy(() => exports.api.passOn({ logLevel: 2, text: 'coffee' }));
    expect(error).toBeInstanceOf(ComponentError);
    expect((error as ComponentError).payload).toBe('no coffee');
    expect(seen).toEqual([
      { logLevel: 1, text: 'tea' },
      { logLevel: 2, text: 'coffee' },
    ]);
  });

  test('a wrong argument is named with its path, and nothing has happened', () => {
    const exports = greeter();
    const error = thrownBy(() => exports.api.passOn({ logLevel: 300, text: '' }));
    expect(error).toBeInstanceOf(ValueError);
    expect((error as ValueError).message).toBe(
      'demo:greet/api.pass-on → e.logLevel: expected u8, got number 300',
    );
    expect(exports.api.constructor(1, 2)).toBe(3);
  });

  test('a wrong result of the host is named with its path', () => {
    const exports = greeter({ clock: () => 7 as never });
    expect(() => exports.then_()).toThrow('clock → result: expected u64, got number 7');
  });

  test('pass through the memory that each is defined with', () => {
    const written: string[] = [];
    instantiateSync(load('writer'), { write: (text: string) => void written.push(text) })['run']!();
    expect(written).toEqual(['one', 'ne']);
  });

  test('a trap is the end of an instance, and of no other', () => {
    const one = greeter();
    const other = greeter();
    expect(() => one.trap()).toThrow(WebAssembly.RuntimeError);
    expect(() => one.sayAgain('')).toThrow(Trap);
    expect(other.sayAgain('still here')).toBe('still here');
  });
});

describe('what the host gives', () => {
  test('everything that is missing is said at once', () => {
    expect(problemsOf(load('greeter'), {})).toEqual([
      '`imports` has no function `clock`',
      'no implementation of `demo:host/log@1.2.0` was given in `imports`',
    ]);
    expect(problemsOf(load('greeter'), { clock: 5, 'demo:host/log': {} })).toEqual([
      '`imports` has no function `clock`',
      'the implementation of `demo:host/log@1.2.0` has no function `write`',
    ]);
  });

  test.each(['demo:host/log', 'demo:host/log@1.2.0', 'demo:host/log@1.9.3'])('is found as %s', (key) => {
    const written: Entry[] = [];
    const exports = instantiateSync<GreeterExports>(load('greeter'), {
      clock: () => 0n,
      [key]: { write: (entry: Entry) => void written.push(entry) },
    });
    exports.api.passOn({ logLevel: 1, text: '' });
    expect(written).toHaveLength(1);
  });

  test('another version that is not compatible is said to be there', () => {
    expect(
      problemsOf(load('greeter'), { clock: () => 0n, 'demo:host/log@2.0.0': { write: () => {} } }),
    ).toEqual([
      'no implementation of `demo:host/log@1.2.0` was given in `imports`, and `demo:host/log@2.0.0` is not compatible with it',
    ]);
  });

  test('may be on the prototype of an object, but not of all objects', () => {
    class Log {
      seen = 0;
      write(): void {
        this.seen++;
      }
    }
    const log = new Log();
    greeter({ 'demo:host/log': log }).api.passOn({ logLevel: 1, text: '' });
    expect(log.seen).toBe(1);
    expect(problemsOf(load('odd-names'), {})).toEqual([
      '`imports` has no function `toString`',
      '`imports` has no function `constructor`',
      '`imports` has no function `then_`',
    ]);
  });

  test('may have any name', () => {
    const given = ['toString', 'constructor', 'then_'].map((name, i): [string, () => number] => [
      name,
      () => i + 1,
    ]);
    const exports = instantiateSync(load('odd-names'), Object.fromEntries(given));
    expect(['toString', 'constructor', 'then_'].map((key) => exports[key]!())).toEqual([1, 2, 3]);
    expect(Object.keys(exports)).toEqual(['toString', 'constructor', 'then_']);
  });

  test('is no component', () => {
    expect(() => instantiateSync({} as never)).toThrow('instantiate takes a Component, as compile gives it');
  });
});

test('generated types say what goes in and what comes out', () => {
  const component = load('greeter');
  const given: GreeterImports = { clock: () => 0n, 'demo:host/log': { write: () => {} } };
  const text: string = instantiateSync<GreeterExports, GreeterImports>(component, given).sayAgain('typed');
  expect(text).toBe('typed');
  // @ts-expect-error The implementation of `demo:host/log` is missing.
  expect(() => instantiateSync<GreeterExports, GreeterImports>(component, { clock: () => 0n })).toThrow(
    LinkError,
  );
  // @ts-expect-error So are all.
  expect(() => instantiateSync<GreeterExports, GreeterImports>(component)).toThrow(LinkError);
});

describe('failing instantiation', () => {
  const told = (fail: () => boolean): AnyExports => instantiateSync(load('failing'), { fail });

  test('a trap of a start function comes out, and the host goes on', async () => {
    expect(() => told(() => true)).toThrow(WebAssembly.RuntimeError);
    await expect(instantiate(load('failing'), { fail: () => true })).rejects.toThrow(
      WebAssembly.RuntimeError,
    );
    expect(told(() => false)['run']!()).toBe(1);
  });

  test('so does what a host function threw', () => {
    const error = new Error('of the host');
    expect(
      thrownBy(() =>
        told(() => {
          throw error;
        }),
      ),
    ).toBe(error);
  });

  test('a component of too many instances is refused in time', async () => {
    await expect(instantiate(load('many'))).rejects.toThrow('the component has more than 10000 instances');
  });

  test('so is one whose instances are inside each other too deep, or too much in all', () => {
    const deep = chain(100, binary(), 1);
    expect(() => instantiateSync(compileSync(deep))).toThrow('more than 100 instances inside each other');
    expect(instantiateSync(compileSync(chain(99, binary(), 1)))).toEqual({});
    const wide = chain(9, binary(section(7, vector(Array.from({ length: 2500 }, () => [0x7f])))), 2);
    expect(() => instantiateSync(compileSync(wide))).toThrow(
      'more than 1000000 definitions in its instances',
    );
  });
});

describe('components and core modules between the host and a component', () => {
  const twice = new WebAssembly.Module(
    // (import "own" "base" (func (result i32))) (func (export "twice") (param i32) (result i32) base + 2 * it)
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 10, 2, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f],
      ...[2, 12, 1, 3, 0x6f, 0x77, 0x6e, 4, 0x62, 0x61, 0x73, 0x65, 0, 0],
      ...[3, 2, 1, 1],
      ...[7, 9, 1, 5, 0x74, 0x77, 0x69, 0x63, 0x65, 0, 1],
      ...[10, 12, 1, 10, 0, 0x10, 0, 0x20, 0, 0x41, 1, 0x74, 0x6a, 0x0b],
    ]),
  );

  function parts(): AnyExports {
    const bootstrap = instantiateSync(load('inner'));
    return instantiateSync(load('parts'), { moduleIn: twice, componentIn: bootstrap['inner'] });
  }

  test('go in', () => {
    const exports = parts();
    expect(exports['twice']!(4)).toBe(28);
    // Each of the two adds the number of its calls.
    expect([exports['two']!(), exports['two']!()]).toEqual([22, 24]);
  });

  test('come out', () => {
    const exports = parts();
    expect(exports['ownModule']).toBeInstanceOf(WebAssembly.Module);
    const inner = exports['innerOne'] as unknown as Component;
    expect(inner.imports).toEqual([{ name: 'base', kind: 'function' }]);
    expect(instantiateSync(inner, { base: () => 1 })['next']!()).toBe(22);
  });

  test('must be there and of the type that is asked for', () => {
    expect(problemsOf(load('parts'), {})).toEqual([
      '`imports` has no core module `moduleIn`',
      '`imports` has no component `componentIn`',
    ]);
    const [other] = load('failing').modules;
    expect(problemsOf(load('parts'), { moduleIn: other, componentIn: load('failing') })).toEqual([
      'core module `moduleIn` does not export a function `twice`',
      'core module `moduleIn` imports a function `host` `fail`, which it is not given',
      'component `componentIn` of `imports` is not of the type that is imported',
    ]);
  });
});

/** A component of sections. */
function binary(...sections: readonly (readonly number[])[]): number[] {
  return [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...sections.flat()];
}

function section(id: number, contents: readonly number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

function leb(n: number): number[] {
  return n < 128 ? [n] : [128 | (n & 127), ...leb(n >>> 7)];
}

/** `first`, then `length` components of which each makes `times` instances of the one before, and one of the last. */
function chain(length: number, first: readonly number[], times: number): Uint8Array<ArrayBuffer> {
  const instantiated = (component: number): number[] => [0, ...leb(component), 0];
  const components = Array.from({ length }, (_, i) =>
    binary(
      section(6, vector([[4, 2, 1, ...leb(i)]])),
      section(5, vector(Array.from({ length: times }, () => instantiated(0)))),
    ),
  );
  return Uint8Array.from(
    binary(
      ...[first, ...components].map((each) => section(4, each)),
      section(5, vector([instantiated(length)])),
    ),
  );
}
