/** Random WIT types for property tests: their text, and values of them as JavaScript has them. */
import * as fc from 'fast-check';
import { camelCase } from '../src/typescript/names.ts';

/** A type, as far as its text and its values need it. */
export type Shape =
  | { readonly kind: keyof typeof PRIMITIVES }
  | { readonly kind: 'list' | 'option'; readonly of: Shape }
  | { readonly kind: 'fixed'; readonly of: Shape; readonly length: number }
  | { readonly kind: 'map'; readonly key: 'string' | 'u32' | 'u64' | 'char' | 'bool'; readonly of: Shape }
  | { readonly kind: 'tuple' | 'record'; readonly of: readonly Shape[] }
  | { readonly kind: 'variant'; readonly of: readonly (Shape | null)[] }
  | { readonly kind: 'result'; readonly ok: Shape | null; readonly err: Shape | null }
  | { readonly kind: 'enum' | 'flags'; readonly count: number }
  | { readonly kind: 'alias'; readonly of: Shape };

const bigints = (min: bigint, max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n));
const integers = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, 1));

/** By WIT name: values. A float's NaN has no payload, and an f32 is rounded already. */
const PRIMITIVES = {
  bool: fc.boolean(),
  u8: integers(0, 255),
  s8: integers(-128, 127),
  u16: integers(0, 65535),
  s16: integers(-32768, 32767),
  u32: integers(0, 2 ** 32 - 1),
  s32: integers(-(2 ** 31), 2 ** 31 - 1),
  u64: bigints(0n, 2n ** 64n - 1n),
  s64: bigints(-(2n ** 63n), 2n ** 63n - 1n),
  f32: fc.float(),
  f64: fc.double(),
  char: fc
    .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
    .map((scalar) => String.fromCodePoint(scalar)),
  string: fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', '\u0000', '\uFEFFbom', 'é'.repeat(30), 'a'.repeat(300)),
  ),
} as const;

/** Arrays that stand for a list of numbers. */
const NUMBERS: Readonly<Record<string, (values: never[]) => unknown>> = {
  u8: (values) => Uint8Array.from(values),
  s8: (values) => Int8Array.from(values),
  u16: (values) => Uint16Array.from(values),
  s16: (values) => Int16Array.from(values),
  u32: (values) => Uint32Array.from(values),
  s32: (values) => Int32Array.from(values),
  u64: (values) => BigUint64Array.from(values),
  s64: (values) => BigInt64Array.from(values),
  f32: (values) => Float32Array.from(values),
  f64: (values) => Float64Array.from(values),
};

const primitive: fc.Arbitrary<Shape> = fc
  .constantFrom(...(Object.keys(PRIMITIVES) as (keyof typeof PRIMITIVES)[]))
  .map((kind) => ({ kind }));

/** Any type, some levels deep. */
export const anyShape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => {
  const of = tie('shape');
  const maybe = fc.option(of, { freq: 3 });
  return {
    shape: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      { arbitrary: primitive, weight: 4 },
      { arbitrary: fc.record({ kind: fc.constant('list' as const), of }), weight: 2 },
      { arbitrary: fc.record({ kind: fc.constant('option' as const), of }), weight: 2 },
      {
        arbitrary: fc.record({
          kind: fc.constant('fixed' as const),
          of,
          length: fc.integer({ min: 1, max: 5 }),
        }),
        weight: 1,
      },
      {
        arbitrary: fc.record({
          kind: fc.constant('map' as const),
          key: fc.constantFrom('string' as const, 'u32', 'u64', 'char', 'bool'),
          of,
        }),
        weight: 1,
      },
      {
        arbitrary: fc.record({
          kind: fc.constantFrom('tuple' as const, 'record'),
          of: fc.array(of, { minLength: 1, maxLength: 5 }),
        }),
        weight: 3,
      },
      {
        arbitrary: fc.record({
          kind: fc.constant('variant' as const),
          of: fc.array(maybe, { minLength: 1, maxLength: 5 }),
        }),
        weight: 3,
      },
      { arbitrary: fc.record({ kind: fc.constant('result' as const), ok: maybe, err: maybe }), weight: 2 },
      {
        arbitrary: fc.record({
          kind: fc.constantFrom('enum' as const, 'flags'),
          count: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 31, 32)),
        }),
        weight: 2,
      },
      { arbitrary: fc.record({ kind: fc.constant('alias' as const), of }), weight: 1 },
    ),
  };
}).shape;

/** The text of a type in use; what must be declared for it goes into `declarations`. */
export function witOf(shape: Shape, declarations: Map<string, string>): string {
  const of = (inner: Shape): string => witOf(inner, declarations);
  const declare = (word: string, text: (name: string) => string): string => {
    const name = `${word}t${declarations.size}`;
    // Reserved before what it is made of declares itself.
    declarations.set(name, '');
    declarations.set(name, text(name));
    return name;
  };
  switch (shape.kind) {
    case 'list':
      return `list<${of(shape.of)}>`;
    case 'option':
      return `option<${of(shape.of)}>`;
    case 'fixed':
      return `list<${of(shape.of)}, ${shape.length}>`;
    case 'map':
      return `map<${shape.key}, ${of(shape.of)}>`;
    case 'tuple':
      return `tuple<${shape.of.map(of).join(', ')}>`;
    case 'result':
      if (shape.ok === null && shape.err === null) return 'result';
      if (shape.err === null) return `result<${of(shape.ok!)}>`;
      return `result<${shape.ok === null ? '_' : of(shape.ok)}, ${of(shape.err)}>`;
    case 'record':
      return declare(
        'r',
        (name) => `record ${name} { ${shape.of.map((each, at) => `${field(at)}: ${of(each)}, `).join('')}}`,
      );
    case 'variant':
      return declare(
        'v',
        (name) =>
          `variant ${name} { ${shape.of.map((each, at) => `${field(at)}${each === null ? '' : `(${of(each)})`}, `).join('')}}`,
      );
    case 'enum':
    case 'flags':
      return declare(
        shape.kind.charAt(0),
        (name) => `${shape.kind} ${name} { ${labels(shape.count).join(', ')} }`,
      );
    case 'alias':
      return declare('a', (name) => `type ${name} = ${of(shape.of)};`);
    default:
      return shape.kind;
  }
}

/** What variants are: an object with these properties, and tags. */
export interface Profile {
  readonly tag: string;
  readonly payload: string;
  readonly ok: string;
  readonly err: string;
  readonly none: string;
  readonly some: string;
  readonly cases: readonly string[];
}

const CASES = ['first', 'is-second', 'p', 'v', 'at'];

export const PROFILES: Readonly<Record<'tag' | 'kind', Profile>> = {
  tag: { tag: 'tag', payload: 'val', ok: 'ok', err: 'err', none: 'none', some: 'some', cases: CASES },
  kind: {
    tag: 'kind',
    payload: 'value',
    ok: 'Ok',
    err: 'Error',
    none: 'None',
    some: 'Some',
    cases: ['First', 'IsSecond', 'P', 'V', 'At'],
  },
};

/** Values of a type, as generated code gives them back; those of types that are declared, and inside them, by `declared`. */
export function valuesOf(
  shape: Shape,
  inPlace: Profile = PROFILES.tag,
  declared: Profile = inPlace,
): fc.Arbitrary<unknown> {
  const profile = DECLARED.has(shape.kind) ? declared : inPlace;
  const { cases, ok, err, none, some } = profile;
  const of = (inner: Shape): fc.Arbitrary<unknown> => valuesOf(inner, profile, declared);
  const tagged = (tag: string, payload: Shape | null): fc.Arbitrary<unknown> =>
    payload === null
      ? fc.constant({ [profile.tag]: tag })
      : of(payload).map((value) => ({ [profile.tag]: tag, [profile.payload]: value }));
  switch (shape.kind) {
    case 'list': {
      const element = behind(shape.of).kind;
      const toArray = NUMBERS[element];
      const values = fc.array(of(shape.of), { maxLength: 6 });
      return toArray === undefined ? values : values.map((each) => toArray(each as never[]));
    }
    case 'fixed': {
      const toArray = NUMBERS[behind(shape.of).kind];
      const values = fc.array(of(shape.of), { minLength: shape.length, maxLength: shape.length });
      return toArray === undefined ? values : values.map((each) => toArray(each as never[]));
    }
    case 'option':
      return behind(shape.of).kind === 'option'
        ? fc.oneof(tagged(none, null), tagged(some, shape.of))
        : fc.oneof(fc.constant(undefined), of(shape.of));
    case 'map':
      return fc
        .array(fc.tuple(PRIMITIVES[shape.key] as fc.Arbitrary<unknown>, of(shape.of)), { maxLength: 4 })
        .map((entries) => new Map(entries));
    case 'tuple':
      return fc.tuple(...shape.of.map(of));
    case 'record':
      return fc.record(Object.fromEntries(shape.of.map((each, at) => [camelCase(field(at)), of(each)])), {
        noNullPrototype: true,
      });
    case 'variant':
      return fc.oneof(...shape.of.map((each, at) => tagged(cases[at]!, each)));
    case 'result':
      return fc.oneof(tagged(ok, shape.ok), tagged(err, shape.err));
    case 'enum':
      return fc.constantFrom(...labels(shape.count));
    case 'flags':
      return fc.record(
        Object.fromEntries(labels(shape.count).map((each) => [camelCase(each), fc.boolean()])),
        { noNullPrototype: true },
      );
    case 'alias':
      return of(shape.of);
    default:
      return PRIMITIVES[shape.kind];
  }
}

/** What {@link witOf} declares. */
const DECLARED: ReadonlySet<Shape['kind']> = new Set(['record', 'variant', 'enum', 'flags', 'alias']);

/** The type behind aliases. */
export function behind(shape: Shape): Shape {
  return shape.kind === 'alias' ? behind(shape.of) : shape;
}

function field(index: number): string {
  return CASES[index]!;
}

function labels(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `l-${index}`);
}
