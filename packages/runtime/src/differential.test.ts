/**
 * The Canonical ABI beside the specification's own code, on types, values and bytes made at random: what is lowered is
 * the same bytes, what is lifted the same values, and calls between components do the same things in the same order.
 *
 * That needs python3 and a checkout of github.com/WebAssembly/component-model, which `COMPONENT_MODEL` names;
 * `DIFFERENTIAL_RUNS` says how many runs there are of each kind.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { perform, type Request } from '../test/differential/chain.ts';
import { callRequests, liftRequests, lowerRequests } from '../test/differential/requests.ts';
import { findDefinitions, Specification } from '../test/differential/specification.ts';

const numRuns = Number(process.env['DIFFERENTIAL_RUNS'] ?? 30);
const timeout = 10_000 + 100 * numRuns;

const inARow = fc.constantFrom([0], [0, 1], [0, 1, 2]);

test('a value that components pass on to each other and to the host comes back as it was', () => {
  fc.assert(
    fc.property(callRequests({ guests: 3, chain: inARow }), (request) => {
      const result = request.returns ? request.values[0] : null;
      expect(perform(request)).toMatchObject({ result, handles: [0, 0, 0] });
    }),
    { numRuns },
  );
});

const folder = findDefinitions();
if (folder === undefined) {
  process.stderr.write('not compared with the specification: COMPONENT_MODEL names no checkout of it\n');
}

(folder === undefined ? describe.skip : describe)('as the specification has it', () => {
  let specification: Specification;
  beforeAll(() => {
    specification = new Specification(folder!);
  });
  afterAll(() => specification.close());

  /** Asks both and compares, many times. Traps must happen in some, but not in all. */
  async function compare(
    requests: fc.Arbitrary<Request>,
    isTrapExpected: boolean,
    times: number = 1,
  ): Promise<void> {
    let traps = 0;
    let others = 0;
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const expected = (await specification.ask(request)) as { failure?: string; trap?: true };
        if (expected.failure !== undefined) throw new Error(expected.failure);
        expect(perform(request)).toEqual(expected);
        if (expected.trap === true) traps++;
        else others++;
      }),
      { numRuns: times * numRuns },
    );
    if (!isTrapExpected) expect(traps).toBe(0);
    // In a few runs, chance decides.
    else if (numRuns >= 100) expect(Math.min(traps, others)).toBeGreaterThan(numRuns / 20);
  }

  test(
    'arguments are lowered to the same core values, bytes and allocations',
    () => compare(lowerRequests, false),
    timeout,
  );

  test(
    'any core values and any bytes are lifted to the same values, or trap',
    () => compare(liftRequests, true, 3),
    timeout,
  );

  test.each([1, 2, 3])(
    'a call through %i components and back leaves the same in their memories',
    (guests) => {
      const chain = fc.constant([0, 1, 2].slice(0, guests));
      return compare(callRequests({ guests, chain }), false);
    },
    timeout,
  );

  test(
    'a component that breaks what it passes on or returns traps or is understood in the same way',
    () => compare(callRequests({ guests: 3, chain: inARow, isBroken: true }), true, 2),
    timeout,
  );

  test(
    'handles move, are lent, dropped and refused in the same way, whoever implements them',
    () => {
      // One component more than there are in the row.
      const chain = fc.constantFrom([0], [0, 1]);
      return compare(callRequests({ guests: 3, chain, hasHandles: true }), true, 2);
    },
    timeout,
  );

  test(
    'broken handles are refused or taken for others in the same way, and those that are not dropped',
    () => compare(callRequests({ guests: 3, chain: inARow, hasHandles: true, isBroken: true }), true, 2),
    timeout,
  );

  const anyChain = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4 });

  test(
    'components inside of others, and those that are called again, are entered or refused in the same way',
    () => compare(callRequests({ guests: 3, chain: anyChain, hasParents: true }), true, 2),
    timeout,
  );

  test(
    'so are those that have handles',
    () => {
      // In a call of a component by itself, handles are moved one by one, which numbers them in another order.
      const chain = anyChain.filter((order) => order.every((each, i) => each !== order[i - 1]));
      return compare(callRequests({ guests: 3, chain, hasHandles: true, hasParents: true }), true, 2);
    },
    timeout,
  );
});
