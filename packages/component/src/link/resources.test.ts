import { describe, expect, test } from '@jest/globals';
import { ComponentError, Trap, ValueError, type LinkError } from '@wittle/runtime';
import { load, thrownBy } from '../../test/load.ts';
import { instantiateSync } from '../instantiate.ts';

interface Counter extends Disposable {
  readonly up: (by: number) => number;
}

interface CounterClass {
  new (from: number): Counter;
  readonly merge: (a: Counter, b: Counter) => Counter;
  readonly prototype_: () => number;
}

interface Counters {
  readonly Counter: CounterClass;
  readonly take: (it: Counter) => void;
  readonly live: () => number;
}

interface Counting {
  readonly count: (a: number, b: number) => number;
  readonly same: (it: Counter) => Counter;
  readonly look: (at: Counter) => number;
}

function counters(): Counters {
  return instantiateSync<{ readonly counters: Counters }>(load('counters')).counters;
}

describe('resources of a component', () => {
  test('are classes with constructors, methods and statics', () => {
    const { Counter, live } = counters();
    expect(Counter.name).toBe('Counter');
    const one = new Counter(3);
    expect(one).toBeInstanceOf(Counter);
    expect(one.up(2)).toBe(5);
    expect(Counter.merge(one, new Counter(10)).up(0)).toBe(15);
    expect(Counter.prototype_()).toBe(3);
    expect(live()).toBe(3);
    expect(Object.keys(Counter)).toEqual([]);
  });

  test('are destructed when they are disposed of, and only once', () => {
    const { Counter, live } = counters();
    const one = new Counter(1);
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(live()).toBe(0);
    expect(() => one.up(1)).toThrow(ValueError);
  });

  test('move into the guest, which destructs them', () => {
    const { Counter, take, live } = counters();
    const one = new Counter(1);
    take(one);
    expect(live()).toBe(0);
    expect(thrownBy(() => one.up(1))).toMatchObject({
      message:
        'demo:count/counters.counter.up → self: expected a live demo:count/counters.counter (this one was dropped or given away), got Counter',
    });
  });

  test('can be extended', () => {
    const { Counter, live } = counters();
    class Twice extends Counter {
      override readonly up = (by: number): number => super.up(2 * by);
    }
    const one = new Twice(1);
    expect(one).toBeInstanceOf(Twice);
    expect(live()).toBe(1);
    expect(Counter.prototype.up.call(one, 1)).toBe(2);
  });

  test('cannot be made without a constructor', () => {
    const { Token, issue } = instantiateSync<{
      readonly Token: new () => unknown;
      readonly issue: () => unknown;
    }>(load('token'));
    expect(() => new Token()).toThrow('token has no constructor: the guest makes its values');
    expect(issue()).toBeInstanceOf(Token);
  });

  test('of two instances are two types', () => {
    const [one, other] = [counters(), counters()];
    expect(() => one.Counter.merge(new one.Counter(1), new other.Counter(2))).toThrow(
      'demo:count/counters.counter.merge → b: expected a demo:count/counters.counter, got Counter',
    );
    expect(one.live()).toBe(1);
  });

  test('whose constructor traps do not come to be', () => {
    const { Counter, live } = counters();
    expect(() => new Counter(666)).toThrow(WebAssembly.RuntimeError);
    expect(() => live()).toThrow(Trap);
  });
});

describe('resources of the host', () => {
  const log: string[] = [];
  class HostCounter {
    n: number;
    constructor(from: number) {
      this.n = from;
    }
    up(by: number): number {
      return (this.n += by);
    }
    static merge(a: HostCounter, b: HostCounter): HostCounter {
      return new this(a.n + b.n);
    }
    [Symbol.dispose](): void {
      log.push(`${this.n} gone`);
    }
  }

  function counting(Counter: unknown): Counting {
    return instantiateSync<Counting>(load('counting'), { 'demo:count/counters': { Counter } });
  }

  test('are made, called and disposed of', () => {
    log.length = 0;
    expect(counting(HostCounter).count(3, 4)).toBe(8);
    expect(log).toEqual(['3 gone', '4 gone', '8 gone']);
  });

  test('come back as the same objects', () => {
    const exports = counting(HostCounter);
    const one = new HostCounter(5);
    expect(exports.same(one as never)).toBe(one);
    expect(exports.look(one as never)).toBe(5);
    expect(() => exports.same({} as never)).toThrow(
      'same → it: expected a demo:count/counters.counter, got Object',
    );
  });

  test('must have what the component imports', () => {
    const problems = (Counter: unknown): readonly string[] =>
      (thrownBy(() => counting(Counter)) as LinkError).problems;
    expect(problems(undefined)).toEqual([
      'the implementation of `demo:count/counters@0.3.0` has no class `Counter`',
    ]);
    expect(problems(class {})).toEqual([
      'the implementation of `demo:count/counters@0.3.0` has no method `Counter.prototype.up`',
      'the implementation of `demo:count/counters@0.3.0` has no method `Counter.merge`',
    ]);
  });

  test('must be the same class where it is the same resource', () => {
    const component = load('same-resource');
    class Thing {}
    const first = { Thing };
    for (const second of [{ Same: Thing }, {}, undefined])
      expect(instantiateSync(component, { first, second })).toEqual({});
    expect(thrownBy(() => instantiateSync(component, { first, second: { Same: class {} } }))).toMatchObject({
      problems: ['class `Same` of the implementation of `second` is not the same as first.thing'],
    });
  });

  test('may fail as the host likes, which is the end of the instance', () => {
    class Failing extends HostCounter {
      override up(): number {
        throw new ComponentError('no result type to put this in');
      }
    }
    const exports = counting(Failing);
    expect(() => exports.count(1, 2)).toThrow(ComponentError);
    expect(() => exports.count(1, 2)).toThrow(Trap);
  });
});

test('the exports of one instance are the imports of another', () => {
  const made = instantiateSync<{ readonly counters: Counters }>(load('counters'));
  const { Counter, live } = made.counters;
  const exports = instantiateSync<Counting>(load('counting'), made);
  expect(exports.count(3, 4)).toBe(8);
  expect(live()).toBe(0);
  const one = new Counter(7);
  expect(exports.look(one)).toBe(7);
  const same = exports.same(one);
  expect(same).toBeInstanceOf(Counter);
  expect(same.up(1)).toBe(8);
  same[Symbol.dispose]();
  expect(live()).toBe(0);
});
