/** What is asked, made at random. */
import * as fc from 'fast-check';
import { flattenFunctionType, type StringEncoding } from '../../src/types/index.ts';
import type { Acts, CallRequest, Request } from './chain.ts';
import {
  canBorrow,
  handlesIn,
  numbered,
  numberText,
  shapes,
  typeOf,
  values,
  type Shape,
  type Wire,
} from './shape.ts';

const encoding = fc.constantFrom<StringEncoding>('utf8', 'utf16', 'latin1+utf16');

/** Any parameters, with handles of resources 0 to `resources` - 1; none that are large. */
function paramsOf(resources: number): fc.Arbitrary<Shape[]> {
  return fc
    .array(shapes(resources), { minLength: 1, maxLength: 4 })
    .filter((params) => params.every((shape) => typeOf(shape).size < 4000));
}

function valuesOf(params: readonly Shape[]): fc.Arbitrary<Wire[]> {
  return fc.tuple(...params.map(values));
}

/** Any arguments. */
export const lowerRequests: fc.Arbitrary<Request> = paramsOf(0).chain((params) =>
  fc.record({
    operation: fc.constant('lower' as const),
    params: fc.constant(params),
    values: valuesOf(params),
    encoding,
  }),
);

const byte = fc.oneof(fc.constant(0), fc.nat({ max: 40 }), fc.nat({ max: 255 }));

/** Any core values, and any memory; what both say is more often right than by mere chance. */
export const liftRequests: fc.Arbitrary<Request> = paramsOf(0).chain((params) =>
  fc.record({
    operation: fc.constant('lift' as const),
    params: fc.constant(params),
    core: fc.tuple(...coreTypes(params).map(coreValues)),
    memory: fc.array(byte, { maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    encoding,
  }),
);

function coreTypes(params: readonly Shape[]): readonly string[] {
  const named = params.map((shape) => ({ name: 'p', type: typeOf(shape) }));
  return flattenFunctionType({ name: 'f', params: named, result: undefined }, 'lower').params;
}

function coreValues(type: string): fc.Arbitrary<Wire> {
  const small = fc.oneof(
    fc.nat({ max: 4 }),
    fc.nat({ max: 50 }).map((n) => 4 * n),
    fc.nat({ max: 300 }),
  );
  const i32 = fc.oneof({ weight: 5, arbitrary: small }, fc.nat({ max: 0xffffffff }));
  if (type === 'i32') return i32;
  if (type === 'i64') return fc.oneof(i32, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(String);
  return (type === 'f32' ? fc.float() : fc.double()).map(numberText);
}

const properActs: Acts = { before: [], args: [], drops: true, after: [], result: null };

const change = fc.tuple(fc.nat({ max: 200 }), fc.oneof(fc.nat({ max: 20 }), byte));
const i32 = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 0x1100 }), fc.nat({ max: 0xffffffff }));

const changes = fc.array(change, { minLength: 1, maxLength: 3 });

/** One thing is broken, or none: what is wrong after a trap is not seen. */
const brokenActs: fc.Arbitrary<Acts> = fc
  .oneof(
    fc.record({ before: changes }),
    fc.record({ args: fc.array(fc.tuple(fc.nat({ max: 15 }), i32), { minLength: 1, maxLength: 1 }) }),
    fc.record({ drops: fc.constant(false) }),
    fc.record({ after: changes }),
    fc.record({ result: i32 }),
    fc.constant({}),
  )
  .map((broken) => ({ ...properActs, ...broken }));

/** What calls are to be like. */
export interface CallOptions {
  /** How many guests there are. */
  readonly guests: number;
  readonly chain: fc.Arbitrary<readonly number[]>;
  /** There are handles: of the host and of each guest. */
  readonly hasHandles?: boolean;
  /** Guests break what they pass on and what they return. */
  readonly isBroken?: boolean;
  /** Guests may be inside of others. */
  readonly hasParents?: boolean;
}

/** Any calls of a kind. */
export function callRequests({
  guests,
  chain,
  hasHandles = false,
  isBroken = false,
  hasParents = false,
}: CallOptions): fc.Arbitrary<CallRequest> {
  const numbers = Array.from({ length: guests }, (_, i) => i);
  const owners = hasHandles ? [null, ...numbers] : [];
  const parents = numbers.map((i) => (i === 0 ? fc.constant(null) : fc.option(fc.nat({ max: i - 1 }))));
  return fc
    .tuple(paramsOf(owners.length), chain, fc.boolean(), hasHandles ? fc.boolean() : fc.constant(false))
    .chain(([params, order, wantsResult, stops]) =>
      fc.record({
        operation: fc.constant('call' as const),
        params: fc.constant(params),
        values: valuesOf(params),
        returns: fc.constant(wantsResult && !stops && !canBorrow(params[0]!)),
        stops: fc.constant(stops),
        encodings: fc.tuple(...numbers.map(() => encoding)),
        parents: hasParents ? fc.tuple(...parents) : fc.constant(numbers.map(() => null)),
        chain: fc.constant(order),
        acts: fc.tuple(...order.map(() => (isBroken ? brokenActs : fc.constant(properActs)))),
        owners: fc.constant(owners),
      }),
    )
    .map((request) => {
      let last = 0;
      const { params } = request;
      const named = request.values.map((wire, i) => numbered(params[i]!, wire, () => ++last));
      const made = named
        .flatMap((wire, i) => handlesIn(params[i]!, wire))
        .filter(({ resource }) => owners[resource] !== null)
        .map(({ resource, wire }) => [resource, wire as number] as const);
      return { ...request, values: named, made };
    });
}
