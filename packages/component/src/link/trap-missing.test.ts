import { describe, expect, test } from '@jest/globals';
import { LinkError, Trap } from '@wittle/runtime';
import { load } from '../../test/load.ts';
import { instantiateSync, type AnyExports } from '../instantiate.ts';

class Counter {
  up(): number {
    return 7;
  }
  static merge(): Counter {
    return new Counter();
  }
}

/** An instance of a component that counts, and what was asked about. */
function counting(imports: object, missing: readonly string[]): [AnyExports, string[]] {
  const asked: string[] = [];
  const trapMissing = (name: string): boolean => {
    asked.push(name);
    return missing.includes(name);
  };
  return [instantiateSync(load('counting'), imports, { trapMissing }), asked];
}

const name = 'demo:count/counters@0.3.0';

describe('imports that may be missing', () => {
  test('are traps when they are called, and only then', () => {
    const [exports, asked] = counting({}, [name]);
    expect(new Set(asked)).toEqual(new Set([name]));
    expect(() => exports['count']!(1, 2)).toThrow(Trap);
    expect(() => counting({}, [name])[0]['count']!(1, 2)).toThrow(
      'demo:count/counters.counter.constructor is not implemented by the host',
    );
  });

  test('may be parts of an interface', () => {
    expect(counting({ [name]: { Counter } }, [])[0]['count']!(1, 2)).toBe(7);
    class OnlyMade {}
    expect(() => counting({ [name]: { Counter: OnlyMade } }, [name])[0]['count']!(1, 2)).toThrow(
      'demo:count/counters.counter.merge is not implemented by the host',
    );
    class Unmoved {
      static merge(): Unmoved {
        return new Unmoved();
      }
    }
    expect(() => counting({ [name]: { Counter: Unmoved } }, [name])[0]['count']!(1, 2)).toThrow(
      'demo:count/counters.counter.up is not implemented by the host',
    );
  });

  test('are refused where that is not said', () => {
    expect(() => counting({}, ['demo:count/other'])).toThrow(LinkError);
    expect(() => counting({ [name]: {} }, [])).toThrow('has no class `Counter`');
    const log = 'demo:host/log@1.2.0';
    const greeter = (missing: string): AnyExports =>
      instantiateSync(load('greeter'), {}, { trapMissing: (each) => each === missing });
    expect(() => greeter(log)).toThrow('`imports` has no function `clock`');
    expect(() => greeter('clock')).toThrow(`no implementation of \`${log}\``);
  });
});
