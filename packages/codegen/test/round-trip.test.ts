/** Values of every type pass through a guest and come back as they were. */
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { echoGuest } from './echo.ts';
import { Workspace, worldOf, type Any } from './generate.ts';
import { loadInProcess, watched } from './in-process.ts';
import type { HostOptions } from '../src/index.ts';
import { anyShape, behind, PROFILES, valuesOf, witOf, type Shape } from './random-types.ts';

const workspace = new Workspace();
const { ComponentError } = await workspace.runtime();
afterAll(() => workspace.remove());

type Plain = (...args: unknown[]) => unknown;

/** A function that takes some values and gives them back: alone, in a tuple, or as the `ok` of a result. */
interface EchoFunction {
  readonly params: readonly Shape[];
  readonly fallible: boolean;
}

const isTuple = ({ params }: EchoFunction): boolean => params.length !== 1;
/** Its result is a `result` in WIT: by its own, or because its only parameter is one. */
const fails = (of: EchoFunction): boolean =>
  of.fallible || (!isTuple(of) && behind(of.params[0]!).kind === 'result');

function interfaceOf(functions: readonly EchoFunction[]): string {
  const declarations = new Map<string, string>();
  const texts = functions.map((of, index) => {
    const types = of.params.map((each) => witOf(each, declarations));
    const list = types.map((type, at) => `p${at}: ${type}`).join(', ');
    const result = isTuple(of) ? `tuple<${types.join(', ')}>` : types[0]!;
    return `f${index}: func(${list}) -> ${of.fallible ? `result<${result}, string>` : result};`;
  });
  const names = [...declarations.keys()];
  const use = names.length === 0 ? '' : `use types.{${names.join(', ')}};`;
  return `package demo:random;
    interface types { ${[...declarations.values()].join('\n')} }
    interface echo { ${use} ${texts.join('\n')} }
    world random { import echo; export echo; }`;
}

type Options = Partial<
  Pick<HostOptions, 'emit' | 'results' | 'variants' | 'readonly' | 'brands' | 'defaultShapes'>
>;

/** How a `result` passes between a program and a function that gives it. */
interface Results {
  /** The value of the `ok` case. */
  readonly ok: (value: unknown) => unknown;
  /** Gives a `result` as a host function does: returned, or thrown. */
  readonly give: (result: unknown) => unknown;
  /** A `result` out of a call that returns or throws. */
  readonly taken: (call: () => unknown) => unknown;
}

function resultsOf({ results = 'throw', variants = 'tag' }: Options): Results {
  const { tag, payload, ok, err } = PROFILES[variants];
  const made = (name: string, value: unknown): object => ({ [tag]: name, [payload]: value });
  if (results === 'return')
    return { ok: (value) => made(ok, value), give: (of) => of, taken: (call) => call() };
  return {
    ok: (value) => made(ok, value),
    give: (result) => {
      const given = result as Readonly<Record<string, unknown>>;
      if (given[tag] === err) throw new ComponentError(given[payload]);
      return given[payload];
    },
    taken: (call) => {
      try {
        return made(ok, call());
      } catch (error) {
        if (error instanceof ComponentError) return made(err, error.payload);
        throw error;
      }
    },
  };
}

describe('values of random types', () => {
  const seed = Number(process.env['SEED'] ?? 20_261_122);
  const functions: fc.Arbitrary<EchoFunction> = fc.record({
    params: fc.array(anyShape, { minLength: 1, maxLength: 3 }),
    fallible: fc.boolean(),
  });
  const worlds = fc.sample(fc.array(functions, { minLength: 4, maxLength: 4 }), {
    seed,
    numRuns: Number(process.env['RUNS'] ?? 100),
  });

  /** An instance of an echo guest; `seen` is what the host was given last. */
  async function start(
    world: readonly EchoFunction[],
    index: number,
    waits: boolean,
    kind: Guest,
    options: Options = {},
  ): Promise<Started> {
    const model = worldOf(interfaceOf(world));
    const all = { ...options, ...(waits ? { mayBlock: ['*'] } : {}) };
    const { ok, give } = resultsOf(options);
    const started: Started = { echo: {}, seen: [], blocks: () => 0 };
    const host = Object.fromEntries(
      world.map((of, at): [string, Plain] => {
        const answer: Plain = (...args) => {
          started.seen = args;
          const value = isTuple(of) ? args : args[0];
          if (!fails(of)) return value;
          return give(of.fallible ? ok(value) : value);
        };
        return [`f${at}`, waits ? async (...args) => answer(...args) : answer];
      }),
    );
    const imports = { 'demo:random/echo': host };
    if (kind === 'in process') {
      const made = await loadInProcess(workspace, model, all);
      const guest = watched(made.guestModule((given: Any) => ({ echo: given['demo:random/echo'] })));
      started.echo = (await made.instantiate(guest.module, imports)).echo;
      started.blocks = () => guest.usage().blocks;
    } else {
      const { instantiate } = await workspace.load(model, all);
      const guest = echoGuest(model, { postReturns: index % 2 === 0 });
      started.echo = (await instantiate(guest, imports)).echo;
    }
    return started;
  }

  interface Started {
    echo: Record<string, Plain>;
    seen: readonly unknown[];
    /** Blocks that a guest in process has not freed. */
    blocks: () => number;
  }

  /** What runs between the program and the host. */
  type Guest = 'WebAssembly' | 'in process';

  const runs: readonly (readonly [string, Guest, Options, number])[] = [
    ['as they are by default', 'WebAssembly', {}, 1],
    ['results returned', 'WebAssembly', { results: 'return' }, 4],
    ['variants by kind', 'WebAssembly', { variants: 'kind' }, 4],
    ['both', 'WebAssembly', { results: 'return', variants: 'kind' }, 4],
    ['as they are by default, in JavaScript', 'WebAssembly', { emit: 'js' }, 4],
    [
      'those declared elsewhere as they are by default',
      'WebAssembly',
      { results: 'return', variants: 'kind', defaultShapes: ['demo:random/types'] },
      4,
    ],
    [
      'readonly, with brands',
      'WebAssembly',
      { results: 'return', variants: 'kind', readonly: true, brands: true },
      10,
    ],
    ['as they are by default', 'in process', {}, 3],
    ['results returned', 'in process', { results: 'return' }, 10],
    ['variants by kind', 'in process', { variants: 'kind' }, 10],
    ['both', 'in process', { results: 'return', variants: 'kind' }, 10],
  ];
  const some = (part: number): readonly (readonly [number, readonly EchoFunction[]])[] =>
    worlds.slice(0, Math.ceil(worlds.length / part)).map((world, index) => [index, world]);

  describe.each(runs)('%s, through a guest (%s)', (_, kind, options, part) => {
    const profile = PROFILES[options.variants ?? 'tag'];
    const declared = options.defaultShapes === undefined ? profile : PROFILES.tag;
    const values = ({ params }: EchoFunction): fc.Arbitrary<unknown[]> =>
      fc.tuple(...params.map((each) => valuesOf(each, profile, declared)));
    const { ok, taken } = resultsOf(options);

    test.each(some(part))('world %#', async (index, world) => {
      const started = await start(world, index, false, kind, options);
      for (const [at, of] of world.entries()) {
        const call = started.echo[`f${at}`]!;
        fc.assert(
          fc.property(values(of), (each) => {
            const given = isTuple(of) ? each : each[0];
            const result = fails(of) ? taken(() => call(...each)) : call(...each);
            expect(started.seen).toEqual(each);
            expect(result).toEqual(of.fallible ? ok(given) : given);
          }),
          { seed, numRuns: 12 },
        );
      }
      expect(started.blocks()).toBe(0);
    });

    test.each(some(5 * part))('world %#, over a host that waits', async (index, world) => {
      const started = await start(world, index, true, kind, options);
      for (const [at, of] of world.entries()) {
        const call = started.echo[`f${at}`]!;
        for (const each of fc.sample(values(of), { seed, numRuns: 4 })) {
          const given = isTuple(of) ? each : each[0];
          const settled = await Promise.allSettled([call(...each)]);
          const result = fails(of) ? taken(() => unwrap(settled[0])) : unwrap(settled[0]);
          expect(started.seen).toEqual(each);
          expect(result).toEqual(of.fallible ? ok(given) : given);
        }
      }
      expect(started.blocks()).toBe(0);
    });
  });
});

/** A settled promise as a call that returns or throws. */
function unwrap(settled: PromiseSettledResult<unknown>): unknown {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
