import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AT, lift, lower } from '../../test/across.ts';
import { guest } from '../../test/guest.ts';
import { enumOf, flagsOf, labels, recordOf, variantOf } from '../../test/types.ts';
import {
  boolType,
  canonLift,
  canonLower,
  charType,
  f32Type,
  f64Type,
  fixedLengthList,
  flattenFunctionType,
  list,
  map,
  MAX_FLAT_PARAMS,
  option,
  result,
  s16Type,
  s32Type,
  s64Type,
  s8Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type StringEncoding,
  type ValueType,
} from './index.ts';
import { loadCore, storeCore } from '../tasks/core-values.ts';

/** A type and its values. */
interface Typed {
  readonly type: ValueType;
  readonly values: fc.Arbitrary<unknown>;
}

/** Objects as anyone writes them. */
const PLAIN = { noNullPrototype: true } as const;

const scalar = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
const primitives: readonly Typed[] = [
  { type: boolType, values: fc.boolean() },
  { type: u8Type, values: fc.integer({ min: 0, max: 255 }) },
  { type: s8Type, values: fc.integer({ min: -128, max: 127 }) },
  { type: u16Type, values: fc.integer({ min: 0, max: 65535 }) },
  { type: s16Type, values: fc.integer({ min: -32768, max: 32767 }) },
  { type: u32Type, values: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  { type: s32Type, values: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  { type: u64Type, values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { type: s64Type, values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: f32Type, values: fc.float() },
  { type: f64Type, values: fc.double() },
  { type: charType, values: scalar },
  { type: stringType, values: fc.string({ unit: 'binary', maxLength: 40 }) },
];

const arrays: Partial<Record<string, { from: (values: never[]) => unknown }>> = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** A list's values: arrays, or typed ones for numbers. */
function arrayOf(
  { type, values }: Typed,
  constraints: { minLength?: number; maxLength: number },
): fc.Arbitrary<unknown> {
  const array = arrays[type.kind];
  const items = fc.array(values, constraints);
  return array === undefined ? items : items.map((each) => array.from(each as never[]));
}

const cases = (types: readonly (Typed | undefined)[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    ...types.map((each, i) =>
      each === undefined ? fc.constant({ tag: `f${i}` }) : each.values.map((val) => ({ tag: `f${i}`, val })),
    ),
  );

const { typed } = fc.letrec<{ typed: Typed }>((tie) => {
  const inner = tie('typed');
  const parts = fc.array(inner, { minLength: 1, maxLength: 5 });
  const maybe = fc.option(inner, { nil: undefined });
  return {
    typed: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(...primitives),
      fc.integer({ min: 1, max: 32 }).map((count) => ({
        type: flagsOf(...labels(count)),
        values: fc.record(
          Object.fromEntries(labels(count).map((label) => [label, fc.boolean()])),
          PLAIN,
        ) as fc.Arbitrary<unknown>,
      })),
      fc.constantFrom(1, 2, 256, 257).map((count) => ({
        type: enumOf(...labels(count)),
        values: fc.constantFrom(...labels(count)) as fc.Arbitrary<unknown>,
      })),
      inner.map((each) => ({ type: list(each.type), values: arrayOf(each, { maxLength: 4 }) })),
      fc.tuple(inner, fc.integer({ min: 1, max: 4 })).map(([each, n]) => ({
        type: fixedLengthList(each.type, n),
        values: arrayOf(each, { minLength: n, maxLength: n }),
      })),
      parts.map((each) => ({
        type: recordOf(Object.fromEntries(each.map(({ type }, i) => [`f${i}`, type]))),
        values: fc.record(
          Object.fromEntries(each.map(({ values }, i) => [`f${i}`, values])),
          PLAIN,
        ) as fc.Arbitrary<unknown>,
      })),
      parts.map((each) => ({
        type: tuple(each.map(({ type }) => type)),
        values: fc.tuple(...each.map(({ values }) => values)) as fc.Arbitrary<unknown>,
      })),
      fc.array(maybe, { minLength: 1, maxLength: 4 }).map((each) => ({
        type: variantOf(Object.fromEntries(each.map((part, i) => [`f${i}`, part?.type]))),
        values: cases(each),
      })),
      inner.map(({ type, values }) => ({
        type: option(type),
        values:
          type.kind === 'option'
            ? fc.oneof(
                fc.constant({ tag: 'none' }),
                values.map((val) => ({ tag: 'some', val })),
              )
            : fc.option(values, { nil: undefined }),
      })),
      fc.tuple(maybe, maybe).map(([ok, err]) => ({
        type: result(ok?.type, err?.type),
        values: cases([ok, err]).map((each) => {
          const { tag, ...rest } = each as { tag: string };
          return { tag: tag === 'f0' ? 'ok' : 'err', ...rest };
        }),
      })),
      fc
        .tuple(fc.constantFrom(...primitives.filter(({ type }) => !type.kind.startsWith('f'))), inner)
        .map(([key, value]) => ({
          type: map(key.type, value.type),
          values: fc
            .uniqueArray(fc.tuple(key.values, value.values), { maxLength: 3, selector: ([each]) => each })
            .map((entries) => new Map(entries)) as fc.Arbitrary<unknown>,
        })),
    ),
  };
});

const any = typed.chain(({ type, values }) => fc.tuple(fc.constant(type), values));
const encoding = fc.constantFrom<StringEncoding>('utf8', 'utf16', 'latin1+utf16');
const runs = { numRuns: 200 };

describe('a value of any type', () => {
  test('comes back from memory', () => {
    fc.assert(
      fc.property(any, encoding, ([type, value], as) => {
        const g = guest(as, 64);
        const p = 2 ** 21;
        type.store(g.cx, p, value, 'value');
        expect(type.load(g.cx, p)).toStrictEqual(value);
      }),
      runs,
    );
  });

  test('comes back from its core values, which are as many as its type says', () => {
    fc.assert(
      fc.property(any, encoding, ([type, value], as) => {
        if (type.flat.length > MAX_FLAT_PARAMS) return;
        const g = guest(as);
        const core = lower(type, value, g);
        expect(core.map((each) => typeof each)).toEqual(
          type.flat.map((each) => (each === 'i64' ? 'bigint' : 'number')),
        );
        expect(lift(type, core, g)).toStrictEqual(value);
      }),
      runs,
    );
  });

  test('has the core values in memory that it has when it passes flat', () => {
    fc.assert(
      fc.property(any, encoding, ([type, value], as) => {
        if (type.flat.length > MAX_FLAT_PARAMS) return;
        const g = guest(as, 64);
        const [p, q] = [2 ** 20, 2 ** 21];
        type.store(g.cx, p, value, 'value');
        expect(lift(type, loadCore(g.cx, p, [type]), g)).toStrictEqual(value);
        storeCore(g.cx, q, [type], lower(type, value, g));
        expect(type.load(g.cx, q)).toStrictEqual(value);
      }),
      runs,
    );
  });

  test('comes back from a guest that passes it to the host and back', () => {
    fc.assert(
      fc.property(any, encoding, ([type, value], as) => {
        if (type.kind === 'result') return;
        const g = guest(as, 64);
        const of = { name: 'f', params: [{ name: 'a', type }], result: type };
        const host = canonLower((each: unknown) => each, of, g.options, g.cx);
        const area = 2 ** 21;
        const spills = flattenFunctionType(of, 'lower').results.length === 0;
        const run = canonLift(
          (...core) => (spills ? (host(...core, area), area) : host(...core)),
          of,
          g.options,
          g.cx,
        );
        expect(run(value)).toStrictEqual(value);
        expect(run(value)).toStrictEqual(value);
      }),
      runs,
    );
  });

  test('has a size that is a multiple of its alignment, and is not written beyond it', () => {
    fc.assert(
      fc.property(any, ([type, value]) => {
        expect(type.size % type.alignment).toBe(0);
        const g = guest();
        const p = 32768;
        new Uint8Array(g.memory.buffer).fill(0xaa, p - 8, p + type.size + 8);
        if (p + type.size + 8 > 65536) return;
        type.store(g.cx, p, value, 'value');
        expect(g.bytes(p - 8, 8)).toEqual(Array.from({ length: 8 }, () => 0xaa));
        expect(g.bytes(p + type.size, 8)).toEqual(Array.from({ length: 8 }, () => 0xaa));
      }),
      runs,
    );
  });

  test('is read from any bytes or traps: nothing else happens', () => {
    fc.assert(
      fc.property(typed, fc.uint8Array({ minLength: 64, maxLength: 256 }), ({ type }, bytes) => {
        if (type.size > 30000) return;
        const g = guest();
        for (let p = AT; p < 60000; p += bytes.length) g.write(p, bytes);
        let value: unknown;
        try {
          value = type.load(g.cx, AT);
        } catch (error) {
          expect((error as Error).name).toBe('Trap');
          return;
        }
        const again = guest('utf8', 64);
        type.store(again.cx, AT, value, 'value');
        expect(type.load(again.cx, AT)).toStrictEqual(value);
      }),
      runs,
    );
  });
});
