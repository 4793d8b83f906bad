/** A worker's side of the tests of served imports: does what its name says, and posts what came of it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { ComponentError } from '@wittle/runtime';
import { connectImports, HostError, type Connection } from '@wittle/wasi/worker';

/** What the host of these tests serves. */
export interface DemoImports {
  readonly 'demo:shop/counters': {
    readonly Counter: {
      new (start: number): DemoCounter;
      readonly prototype: object;
      merged(one: DemoCounter, other: DemoCounter): DemoCounter;
    };
    readonly keep: (counter: DemoCounter) => void;
  };
  readonly 'demo:shop/values': {
    readonly echo: (value: unknown) => unknown;
    readonly later: (value: unknown) => unknown;
    readonly fail: (how: string) => void;
    readonly never: () => void;
  };
  readonly log: (text: string) => void;
}

export interface DemoCounter extends Disposable {
  add(by: number): number;
}

export interface ScenarioData {
  readonly connection: Connection;
  readonly scenario: string;
  readonly value: unknown;
}

const { connection, scenario, value } = workerData as ScenarioData;
const { imports, settle } = connectImports<DemoImports>(connection);
const { Counter, keep } = imports['demo:shop/counters'];
const { echo, later, fail, never } = imports['demo:shop/values'];

const scenarios: Readonly<Record<string, () => unknown>> = {
  shape: () => ({
    interfaces: Object.keys(imports),
    counters: Object.keys(imports['demo:shop/counters']),
    methods: Object.getOwnPropertyNames(Counter.prototype).sort(),
  }),
  echo: () => [echo(value), later(value)],
  resources: () => {
    const one = new Counter(1);
    const two = new Counter(20);
    const sum = Counter.merged(one, two);
    const given = echo({ tag: 'some', val: [one] }) as { readonly val: readonly DemoCounter[] };
    return [
      sum instanceof Counter,
      sum.add(1),
      given.val[0] instanceof Counter,
      given.val[0]!.add(1),
      one.add(1),
    ];
  },
  drop: () => {
    for (let count = 0; count < 1000; count++) {
      using counter = new Counter(count);
      counter.add(1);
    }
    settle();
  },
  move: () => {
    for (let count = 0; count < 100; count++) keep(new Counter(count));
  },
  dropped: () => {
    const counter = new Counter(1);
    counter[Symbol.dispose]();
    counter[Symbol.dispose]();
    return counter.add(1);
  },
  'drop that fails': () => {
    const counter = new Counter(-1);
    counter[Symbol.dispose]();
    settle();
  },
  // Borrowed as far as anybody knows, and not used any more.
  forget: async () => {
    (() => {
      for (let count = 0; count < 100; count++) echo([new Counter(count).add(1)]);
    })();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let turn = 0; turn < 10; turn++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    settle();
  },
  errors: () =>
    ['payload', 'value', 'error', 'promise'].map((how) => {
      try {
        fail(how);
        return 'nothing';
      } catch (error) {
        if (error instanceof ComponentError) return ['ComponentError', error.payload];
        return [error instanceof HostError, (error as Error).name, (error as Error).message];
      }
    }),
  unfit: () =>
    [
      () => echo(() => {}),
      () => echo(2n ** 64n),
      () => echo({ deep: Symbol('x') }),
      () => echo(cyclic()),
    ].map((call) => {
      try {
        return call();
      } catch (error) {
        return String(error);
      }
    }),
  never,
  calls: () => {
    let sum = 0;
    for (let count = 0; count < 3000; count++)
      sum += (count % 2 === 0 ? echo(count) : later(count)) as number;
    return sum;
  },
  log: () => imports.log('from the worker'),
  // What a connection carries when something on this side is broken.
  garbage: async () => {
    const { port, requests } = connection;
    new Uint8Array(requests).fill(0xff);
    // oxlint-disable unicorn/require-post-message-target-origin -- not a window
    for (const message of [
      3,
      100,
      1e9,
      -5,
      NaN,
      null,
      'text',
      {},
      { forget: 'x' },
      { requests: -1, length: 1 },
    ])
      port.postMessage(message);
    port.postMessage({ answers: 'none' });
    // oxlint-enable
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
};

function cyclic(): object {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

try {
  const result: unknown = await scenarios[scenario]!();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
  parentPort!.postMessage({ result });
} catch (error) {
  const { name, message } = error as Error;
  const { failure } = error as Partial<HostError>;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
  parentPort!.postMessage({ error: { name, message, failure } });
}
