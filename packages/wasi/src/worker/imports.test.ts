import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { ComponentError } from '@wittle/runtime';
import type { DemoImports } from '../../test/worker-scenarios.ts';
import { serveImports, type ServedImports, type ServeOptions } from './index.ts';

const disposed: number[] = [];
const logged: string[] = [];
const boom = new RangeError('boom');

class Counter {
  value: number;
  constructor(start: number) {
    this.value = start;
  }
  add(by: number): number {
    return (this.value += by);
  }
  get broken(): number {
    throw new Error('a getter of the prototype is not for the prototype');
  }
  hidden(): void {}
  static merged(one: Counter, other: Counter): Counter {
    return new Counter(one.value + other.value);
  }
  [Symbol.dispose](): void {
    if (this.value < 0) throw boom;
    disposed.push(this.value);
  }
}

class Log {
  readonly #lines = logged;
  log(text: string): void {
    this.#lines.push(text);
  }
}

const implementations = (): object => {
  const log = new Log();
  return {
    'demo:shop/counters': { Counter, keep: () => {} },
    'demo:shop/values': {
      echo: (value: unknown) => value,
      later: async (value: unknown) => value,
      never: () => new Promise(() => {}),
      fail: (how: string) => {
        if (how === 'payload') throw new ComponentError({ tag: 'closed', val: [1n] });
        // oxlint-disable-next-line typescript/only-throw-error -- implementations may
        if (how === 'value') throw 'access-denied';
        if (how === 'error') throw boom;
        return Promise.reject(new ComponentError('late'));
      },
    } satisfies Record<keyof DemoImports['demo:shop/values'], (...args: never[]) => unknown>,
    log: (text: string) => log.log(text),
  };
};

interface Outcome {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly failure?: number };
}

/** Runs a scenario in a worker over these implementations. */
async function run(
  scenario: string,
  value?: unknown,
  options: ServeOptions = {},
  meanwhile: (served: ServedImports) => void = () => {},
): Promise<Outcome & { readonly served: ServedImports; readonly held: number }> {
  using served = serveImports(implementations(), {
    leaveOut: (path) => path.endsWith('.hidden'),
    ...options,
  });
  const { connection } = served;
  const worker = new Worker(new URL('../../test/worker-scenarios.ts', import.meta.url), {
    workerData: { connection, scenario, value },
    transferList: [connection.port as never],
    execArgv: ['--conditions=wittle-source', '--disable-warning=ExperimentalWarning'],
  });
  meanwhile(served);
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return { ...outcome, served, held: served.resources };
  } finally {
    await worker.terminate();
  }
}

describe('imports in a worker', () => {
  test('have the shape of the implementations, without what is left out', async () => {
    const { result } = await run('shape');
    expect(result).toEqual({
      interfaces: ['demo:shop/counters', 'demo:shop/values', 'log'],
      counters: ['Counter', 'keep'],
      methods: ['add'],
    });
  });

  test('take and give values as they are, at once or later', async () => {
    const value = {
      numbers: [0, -0, 1.5, NaN, 2 ** 31, -(2 ** 31), Infinity],
      'big ones': [0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n],
      text: ['', 'plain', 'Zoë 🍏', '\ufeff', 'x'.repeat(100_000), '𝄞'.repeat(40)],
      records: { tag: 'some', val: { a: undefined, b: [true, false], 'c-d': 'e' } },
      'typed arrays': [new Uint8Array([1, 2, 3]), new Float64Array([1.5]), new BigInt64Array([-1n])],
      maps: new Map([['a', new Map([[1n, [2]]])]]),
    };
    const { result } = await run('echo', value);
    expect(result).toEqual([value, value]);
  });

  test('take and give more than fits at first', async () => {
    const value = Uint8Array.from({ length: 1_000_000 }, (_, index) => index * index);
    const { result } = await run('echo', value);
    expect((result as readonly Uint8Array[]).map((each) => Buffer.compare(each, value))).toEqual([0, 0]);
  });

  test('have resources of the host, which stay what they are', async () => {
    expect((await run('resources')).result).toEqual([true, 22, true, 2, 3]);
  });

  test('are called with the object that they are members of', async () => {
    await run('log');
    expect(logged).toEqual(['from the worker']);
  });

  test('may wait in any function, thousands of times', async () => {
    expect((await run('calls')).result).toBe((2999 * 3000) / 2);
  });
});

describe('resources', () => {
  test('that are dropped are disposed of once, and given up', async () => {
    disposed.length = 0;
    const { held } = await run('drop');
    expect(disposed).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(held).toBe(0);
  });

  test('that move are given up and not disposed of', async () => {
    disposed.length = 0;
    expect((await run('move')).held).toBe(100);
    expect((await run('move', undefined, { moves: { 'demo:shop/counters.keep': [0] } })).held).toBe(0);
    expect(disposed).toEqual([]);
  });

  test('that nobody can use any more are given up when there is time', async () => {
    expect((await run('forget')).held).toBeLessThan(5);
  });

  test('cannot be used after they were dropped', async () => {
    expect((await run('dropped')).error).toMatchObject({
      name: 'TypeError',
      message: 'a resource is used that was dropped',
    });
  });

  test('that cannot be dropped fail with the next call', async () => {
    const { error, served } = await run('drop that fails');
    expect(error).toMatchObject({ name: 'RangeError', message: 'boom' });
    expect(served.errorBehind(error!.failure!)).toBe(boom);
  });
});

describe('errors', () => {
  test('are error values, or failures of the host', async () => {
    expect((await run('errors')).result).toEqual([
      ['ComponentError', { tag: 'closed', val: [1n] }],
      ['ComponentError', 'access-denied'],
      [true, 'RangeError', 'boom'],
      ['ComponentError', 'late'],
    ]);
  });

  test('say what cannot cross', async () => {
    expect((await run('unfit')).result).toEqual([
      'TypeError: a function is no value that can be given to another thread',
      'TypeError: a bigint of more than 64 bits is no value of WIT',
      'TypeError: a symbol is no value that can be given to another thread',
      'TypeError: a value is nested too deeply, or in itself',
    ]);
  });

  test('end a call that waits when the host is done with the worker', async () => {
    const { error } = await run('never', undefined, {}, (served) => {
      setTimeout(() => served[Symbol.dispose](), 300);
    });
    expect(error).toMatchObject({ message: 'the host does not answer any more' });
  });

  test('of the protocol do not reach the host', async () => {
    expect(await run('garbage')).toMatchObject({ result: undefined });
  });
});
