/**
 * Types and values in a form that goes through JSON to the specification's code. Numbers that JSON has not are texts;
 * a record is its fields in order; a variant, option or result is a case's number and its payload; flags are booleans;
 * a handle is the rep behind it.
 */
import * as fc from 'fast-check';
import {
  boolType,
  borrow,
  charType,
  enumeration,
  f32Type,
  f64Type,
  fixedLengthList,
  flags,
  list,
  map,
  option,
  own,
  record,
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
  variant,
  type CoreValue,
  type ValueType,
} from '../../src/types/index.ts';
import { labels } from '../types.ts';

const primitives = {
  bool: boolType,
  u8: u8Type,
  s8: s8Type,
  u16: u16Type,
  s16: s16Type,
  u32: u32Type,
  s32: s32Type,
  u64: u64Type,
  s64: s64Type,
  f32: f32Type,
  f64: f64Type,
  char: charType,
  string: stringType,
} as const;

type Primitive = keyof typeof primitives;

export type Shape =
  | { readonly kind: Primitive }
  | { readonly kind: 'list' | 'option'; readonly of: readonly [Shape] }
  | { readonly kind: 'fixed-length-list'; readonly of: readonly [Shape]; readonly length: number }
  | { readonly kind: 'map'; readonly of: readonly [Shape, Shape] }
  | { readonly kind: 'record' | 'tuple'; readonly of: readonly Shape[] }
  | { readonly kind: 'variant' | 'result'; readonly of: readonly (Shape | null)[] }
  | { readonly kind: 'enum' | 'flags'; readonly count: number }
  | { readonly kind: 'own' | 'borrow'; readonly resource: number };

/** A value as JSON has it. */
export type Wire = null | boolean | number | string | readonly Wire[];

/** The shape as a descriptor. */
export function typeOf(shape: Shape): ValueType {
  switch (shape.kind) {
    case 'list':
      return list(typeOf(shape.of[0]));
    case 'option':
      return option(typeOf(shape.of[0]));
    case 'fixed-length-list':
      return fixedLengthList(typeOf(shape.of[0]), shape.length);
    case 'map':
      return map(typeOf(shape.of[0]), typeOf(shape.of[1]));
    case 'record':
      return record(shape.of.map((each, i) => ({ property: `f${i}`, type: typeOf(each) })));
    case 'tuple':
      return tuple(shape.of.map(typeOf));
    case 'variant':
      return variant(
        shape.of.map((each, i) => ({ tag: `f${i}`, type: each === null ? undefined : typeOf(each) })),
      );
    case 'result': {
      const [ok, err] = shape.of.map((each) => (each === null ? undefined : typeOf(each)));
      return result(ok, err);
    }
    case 'enum':
      return enumeration(labels(shape.count));
    case 'flags':
      return flags(labels(shape.count));
    case 'own':
      return own(shape.resource);
    case 'borrow':
      return borrow(shape.resource);
    default:
      return primitives[shape.kind];
  }
}

/** Gives the object for a rep, and the rep of an object. */
export interface Objects {
  readonly objectOf: (resource: number, rep: number) => unknown;
  readonly repOf: (resource: number, object: unknown) => number;
}

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

/** A value as JavaScript has it. */
export function fromWire(shape: Shape, wire: Wire, objects: Objects): unknown {
  const many = wire as readonly Wire[];
  switch (shape.kind) {
    case 'u64':
    case 's64':
      return BigInt(wire as string);
    case 'f32':
    case 'f64':
      return numberOf(wire);
    case 'char':
      return String.fromCodePoint(wire as number);
    case 'list':
    case 'fixed-length-list': {
      const items = many.map((each) => fromWire(shape.of[0], each, objects));
      return arrays[shape.of[0].kind]?.from(items as never[]) ?? items;
    }
    case 'map':
      return new Map(
        many.map((pair) => {
          const [key, value] = pair as readonly [Wire, Wire];
          return [fromWire(shape.of[0], key, objects), fromWire(shape.of[1], value, objects)];
        }),
      );
    case 'record':
      return Object.fromEntries(many.map((each, i) => [`f${i}`, fromWire(shape.of[i]!, each, objects)]));
    case 'tuple':
      return many.map((each, i) => fromWire(shape.of[i]!, each, objects));
    case 'variant':
    case 'result': {
      const index = many[0] as number;
      const part = shape.of[index]!;
      const tag = shape.kind === 'variant' ? `f${index}` : index === 0 ? 'ok' : 'err';
      return part === null ? { tag } : { tag, val: fromWire(part, many[1]!, objects) };
    }
    case 'option': {
      const [part] = shape.of;
      const val = many[0] === 0 ? undefined : fromWire(part, many[1]!, objects);
      if (part.kind !== 'option') return val;
      return many[0] === 0 ? { tag: 'none' } : { tag: 'some', val };
    }
    case 'enum':
      return `f${wire as number}`;
    case 'flags':
      return Object.fromEntries(many.map((bit, i) => [`f${i}`, bit]));
    case 'own':
    case 'borrow':
      return objects.objectOf(shape.resource, wire as number);
    default:
      return wire;
  }
}

/** What {@link fromWire} reads. */
export function toWire(shape: Shape, value: unknown, objects: Objects): Wire {
  switch (shape.kind) {
    case 'u64':
    case 's64':
      return String(value);
    case 'f32':
    case 'f64':
      return numberText(value as number);
    case 'char':
      return (value as string).codePointAt(0)!;
    case 'list':
    case 'fixed-length-list':
      return Array.from(value as Iterable<unknown>, (each) => toWire(shape.of[0], each, objects));
    case 'map':
      return Array.from(value as Map<unknown, unknown>, ([key, each]) => [
        toWire(shape.of[0], key, objects),
        toWire(shape.of[1], each, objects),
      ]);
    case 'record':
      return shape.of.map((part, i) => toWire(part, (value as Record<string, unknown>)[`f${i}`], objects));
    case 'tuple':
      return shape.of.map((part, i) => toWire(part, (value as unknown[])[i], objects));
    case 'variant':
    case 'result': {
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      const index = shape.kind === 'variant' ? Number(tag.slice(1)) : tag === 'ok' ? 0 : 1;
      const part = shape.of[index]!;
      return [index, part === null ? null : toWire(part, val, objects)];
    }
    case 'option': {
      const [part] = shape.of;
      if (part.kind !== 'option') return value === undefined ? [0, null] : [1, toWire(part, value, objects)];
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      return tag === 'none' ? [0, null] : [1, toWire(part, val, objects)];
    }
    case 'enum':
      return Number((value as string).slice(1));
    case 'flags':
      return labels(shape.count).map((label) => (value as Record<string, boolean>)[label]!);
    case 'own':
    case 'borrow':
      return objects.repOf(shape.resource, value);
    default:
      return value as Wire;
  }
}

/** A floating-point number as its bits in hexadecimal; all that are not numbers are one. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function numberOf(text: Wire): number {
  if (text === 'NaN') return NaN;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${text as string}`));
  return view.getFloat64(0);
}

/** Core values as JSON has them; integers without a sign. */
export function coreToWire(types: readonly string[], values: readonly CoreValue[]): Wire[] {
  return values.map((value, i) => {
    if (types[i] === 'i32') return Number(value) >>> 0;
    if (types[i] === 'i64') return String(BigInt.asUintN(64, value as bigint));
    return numberText(value as number);
  });
}

/** Core values as a core function takes and gives them: integers with a sign. */
export function coreFromWire(types: readonly string[], wires: readonly Wire[]): CoreValue[] {
  return wires.map((wire, i) => {
    if (types[i] === 'i32') return Number(wire) | 0;
    return types[i] === 'i64' ? BigInt.asIntN(64, BigInt(wire as string)) : numberOf(wire);
  });
}

/** The shape as a guest sees it: handles are their numbers. */
export function withoutHandles(shape: Shape): Shape {
  if (shape.kind === 'own' || shape.kind === 'borrow') return { kind: 'u32' };
  if (!('of' in shape)) return shape;
  return { ...shape, of: shape.of.map((each) => each && withoutHandles(each)) } as unknown as Shape;
}

/** A handle in a value: `wire` is its number, or the rep behind it. */
export interface FoundHandle {
  readonly kind: 'own' | 'borrow';
  readonly resource: number;
  readonly wire: Wire;
}

/** The handles in a value, in order. */
export function handlesIn(shape: Shape, wire: Wire): FoundHandle[] {
  const many = wire as readonly Wire[];
  switch (shape.kind) {
    case 'own':
    case 'borrow':
      return [{ kind: shape.kind, resource: shape.resource, wire }];
    case 'list':
    case 'fixed-length-list':
      return many.flatMap((each) => handlesIn(shape.of[0], each));
    case 'record':
    case 'tuple':
      return many.flatMap((each, i) => handlesIn(shape.of[i]!, each));
    case 'map':
      return (many as readonly (readonly Wire[])[]).flatMap((pair) =>
        pair.flatMap((each, i) => handlesIn(shape.of[i]!, each)),
      );
    case 'option':
      return many[0] === 0 ? [] : handlesIn(shape.of[0], many[1]!);
    case 'variant':
    case 'result': {
      const part = shape.of[many[0] as number]!;
      return part === null ? [] : handlesIn(part, many[1]!);
    }
    default:
      return [];
  }
}

/** The value with its handles numbered by `next`. */
export function numbered(shape: Shape, wire: Wire, next: () => number): Wire {
  const many = wire as readonly Wire[];
  switch (shape.kind) {
    case 'own':
    case 'borrow':
      return next();
    case 'list':
    case 'fixed-length-list':
      return many.map((each) => numbered(shape.of[0], each, next));
    case 'record':
    case 'tuple':
      return many.map((each, i) => numbered(shape.of[i]!, each, next));
    case 'map':
      return many.map((pair) =>
        (pair as readonly Wire[]).map((each, i) => numbered(shape.of[i]!, each, next)),
      );
    case 'option':
      return many[0] === 0 ? wire : [1, numbered(shape.of[0], many[1]!, next)];
    case 'variant':
    case 'result': {
      const part = shape.of[many[0] as number]!;
      return part === null ? wire : [many[0]!, numbered(part, many[1]!, next)];
    }
    default:
      return wire;
  }
}

/** Whether a value of the shape can have a borrowed handle in it. */
export function canBorrow(shape: Shape | null): boolean {
  if (shape === null) return false;
  return shape.kind === 'borrow' || ('of' in shape && shape.of.some(canBorrow));
}

// Arbitraries

const keys: readonly Primitive[] = [
  ...(['bool', 'u8', 's8', 'u16', 's16', 'u32', 's32', 'u64', 's64', 'char', 'string'] as const),
];

/** Any shape; with handles of resources 0 to `resources` - 1. */
export function shapes(resources: number = 0): fc.Arbitrary<Shape> {
  const simple = fc
    .constantFrom(...(Object.keys(primitives) as Primitive[]))
    .map((kind): Shape => ({ kind }));
  const handle = fc
    .tuple(fc.constantFrom('own', 'borrow'), fc.nat({ max: Math.max(0, resources - 1) }))
    .map(([kind, resource]): Shape => ({ kind, resource }));
  const { shape } = fc.letrec<{ shape: Shape }>((tie) => {
    const inner = tie('shape');
    const maybe = fc.option(inner);
    const some = (most: number): fc.Arbitrary<Shape[]> => fc.array(inner, { minLength: 1, maxLength: most });
    return {
      shape: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        { arbitrary: resources === 0 ? simple : fc.oneof(simple, handle), weight: 3 },
        fc.constantFrom(1, 8, 9, 16, 17, 32).map((count): Shape => ({ kind: 'flags', count })),
        fc.constantFrom(1, 2, 256, 257).map((count): Shape => ({ kind: 'enum', count })),
        inner.map((of): Shape => ({ kind: 'list', of: [of] })),
        inner.map((of): Shape => ({ kind: 'option', of: [of] })),
        fc
          .tuple(inner, fc.integer({ min: 1, max: 4 }))
          .map(([of, length]): Shape => ({ kind: 'fixed-length-list', of: [of], length })),
        fc
          .tuple(fc.constantFrom(...keys), inner)
          .map(([kind, of]): Shape => ({ kind: 'map', of: [{ kind }, of] })),
        some(5).map((of): Shape => ({ kind: 'record', of })),
        some(5).map((of): Shape => ({ kind: 'tuple', of })),
        fc.array(maybe, { minLength: 1, maxLength: 4 }).map((of): Shape => ({ kind: 'variant', of })),
        fc.tuple(maybe, maybe).map((of): Shape => ({ kind: 'result', of })),
      ),
    };
  });
  return shape;
}

const integers: Partial<Record<string, readonly [min: number, max: number]>> = {
  u8: [0, 255],
  s8: [-128, 127],
  u16: [0, 65535],
  s16: [-32768, 32767],
  u32: [0, 2 ** 32 - 1],
  s32: [-(2 ** 31), 2 ** 31 - 1],
};

/** ASCII, Latin-1 and everything else are encoded in different ways. */
const texts = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((unit) => String.fromCharCode(unit)),
    maxLength: 30,
  }),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** Any value of a shape. */
export function values(shape: Shape): fc.Arbitrary<Wire> {
  switch (shape.kind) {
    case 'bool':
      return fc.boolean();
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
    case 's64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    case 'f32':
      return fc.float().map(numberText);
    case 'f64':
      return fc.double().map(numberText);
    case 'char':
      return fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((each) => each.codePointAt(0)!);
    case 'string':
      return texts;
    case 'list':
      return fc.array(values(shape.of[0]), { maxLength: 4 });
    case 'fixed-length-list':
      return fc.array(values(shape.of[0]), { minLength: shape.length, maxLength: shape.length });
    case 'map':
      return fc.uniqueArray(fc.tuple(values(shape.of[0]), values(shape.of[1])), {
        maxLength: 3,
        selector: ([key]) => key,
      });
    case 'record':
    case 'tuple':
      return fc.tuple(...shape.of.map(values));
    case 'variant':
    case 'result':
      return fc.oneof(
        ...shape.of.map((part, i) =>
          part === null ? fc.constant([i, null]) : values(part).map((each) => [i, each]),
        ),
      );
    case 'option':
      return fc.oneof(
        fc.constant([0, null]),
        values(shape.of[0]).map((each) => [1, each]),
      );
    case 'enum':
      return fc.nat({ max: shape.count - 1 });
    case 'flags':
      return fc.array(fc.boolean(), { minLength: shape.count, maxLength: shape.count });
    case 'own':
    case 'borrow':
      return fc.constant(0);
    default: {
      const [min, max] = integers[shape.kind]!;
      return fc.integer({ min, max });
    }
  }
}
