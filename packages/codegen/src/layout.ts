/** Sizes, alignments and flattenings of value types, as the Canonical ABI fixes them for a 32-bit memory. */
import { resolveAlias, type Type, type TypeShape } from '@wittle/parser';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** Spec: `MAX_FLAT_PARAMS`. */
export const MAX_FLAT_PARAMS = 16;
/** Spec: `MAX_FLAT_RESULTS`. */
export const MAX_FLAT_RESULTS = 1;

/** What is stored one after the other: a record's fields. */
export interface RecordLayout {
  readonly size: number;
  readonly alignment: number;
  readonly offsets: readonly number[];
}

/** A discriminant, then the payload. */
export interface VariantLayout {
  readonly size: number;
  readonly alignment: number;
  readonly discriminant: 1 | 2 | 4;
  readonly payload: number;
}

/** Spec: `elem_size`. */
export function sizeOf(type: Type): number {
  return layoutOf(type).size;
}

/** Spec: `alignment`. */
export function alignmentOf(type: Type): number {
  return layoutOf(type).alignment;
}

/** Spec: `elem_size_record`, `alignment_record`. */
export function recordLayout(types: readonly Type[]): RecordLayout {
  let size = 0;
  let alignment = 1;
  const offsets: number[] = [];
  for (const type of types) {
    const field = layoutOf(type);
    size = alignTo(size, field.alignment);
    offsets.push(size);
    size += field.size;
    alignment = Math.max(alignment, field.alignment);
  }
  return { size: alignTo(size, alignment), alignment, offsets };
}

/** Spec: `elem_size_variant`, `alignment_variant`; a case without payload is `undefined`. */
export function variantLayout(cases: readonly (Type | undefined)[]): VariantLayout {
  const discriminant = discriminantSize(cases.length);
  let size = 0;
  let alignment = 1;
  for (const type of cases) {
    if (type === undefined) continue;
    const payload = layoutOf(type);
    size = Math.max(size, payload.size);
    alignment = Math.max(alignment, payload.alignment);
  }
  const payload = alignTo(discriminant, alignment);
  const whole = Math.max(discriminant, alignment);
  return { size: alignTo(payload + size, whole), alignment: whole, discriminant, payload };
}

/** Spec: `discriminant_type`. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
  return cases <= 256 ? 1 : cases <= 65536 ? 2 : 4;
}

/** The bytes of flags; above 32 they take whole words. Spec: `elem_size_flags`. */
export function flagsSize(count: number): number {
  return count <= 8 ? 1 : count <= 16 ? 2 : 4 * Math.ceil(count / 32);
}

/** The payloads of a type that is stored as a variant; `undefined` for any other type. Spec: `despecialize`. */
export function variantCases(shape: TypeShape): readonly (Type | undefined)[] | undefined {
  switch (shape.kind) {
    case 'variant':
      return shape.cases.map((each) => each.type);
    case 'option':
      return [undefined, shape.type];
    case 'result':
      return [shape.ok, shape.err];
    case 'enum':
      return shape.cases.map(() => undefined);
    default:
      return undefined;
  }
}

/** Spec: `flatten_type`. */
export function flatten(type: Type): readonly CoreType[] {
  const behind = resolveAlias(type);
  switch (behind.kind) {
    case 'u64':
    case 's64':
      return ['i64'];
    case 'f32':
      return ['f32'];
    case 'f64':
      return ['f64'];
    case 'string':
      return ['i32', 'i32'];
    case 'type-definition':
      return flattenShape(behind.shape);
    case 'bool':
    case 'u8':
    case 'u16':
    case 'u32':
    case 's8':
    case 's16':
    case 's32':
    case 'char':
    case 'error-context':
      return ['i32'];
  }
}

/** Spec: `flatten_types`. */
export function flattenAll(types: readonly Type[]): readonly CoreType[] {
  return types.flatMap((type) => flatten(type));
}

/** Spec: `flatten_variant`, without the discriminant. */
export function flattenCases(cases: readonly (Type | undefined)[]): readonly CoreType[] {
  const joined: CoreType[] = [];
  for (const type of cases) {
    if (type === undefined) continue;
    for (const [index, core] of flatten(type).entries()) {
      const other = joined[index];
      joined[index] = other === undefined ? core : joinCore(other, core);
    }
  }
  return joined;
}

function flattenShape(shape: TypeShape): readonly CoreType[] {
  switch (shape.kind) {
    case 'record':
      return flattenAll(shape.fields.map((field) => field.type));
    case 'tuple':
      return flattenAll(shape.types);
    case 'fixed-length-list': {
      const element = flatten(shape.element);
      return Array.from({ length: shape.length }, () => element).flat();
    }
    case 'list':
    case 'map':
      return ['i32', 'i32'];
    case 'flags':
      return Array.from({ length: Math.max(1, Math.ceil(shape.flags.length / 32)) }, () => 'i32' as const);
    case 'variant':
    case 'enum':
    case 'option':
    case 'result':
      return ['i32', ...flattenCases(variantCases(shape)!)];
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
      return ['i32'];
    case 'alias':
      return flatten(shape.target);
  }
}

/** Spec: `join`. */
function joinCore(a: CoreType, b: CoreType): CoreType {
  if (a === b) return a;
  return (a === 'i32' && b === 'f32') || (a === 'f32' && b === 'i32') ? 'i32' : 'i64';
}

function layoutOf(type: Type): { readonly size: number; readonly alignment: number } {
  const behind = resolveAlias(type);
  switch (behind.kind) {
    case 'bool':
    case 'u8':
    case 's8':
      return { size: 1, alignment: 1 };
    case 'u16':
    case 's16':
      return { size: 2, alignment: 2 };
    case 'u32':
    case 's32':
    case 'f32':
    case 'char':
    case 'error-context':
      return { size: 4, alignment: 4 };
    case 'u64':
    case 's64':
    case 'f64':
      return { size: 8, alignment: 8 };
    case 'string':
      return { size: 8, alignment: 4 };
    case 'type-definition':
      return layoutOfShape(behind.shape);
  }
}

function layoutOfShape(shape: TypeShape): { readonly size: number; readonly alignment: number } {
  switch (shape.kind) {
    case 'record':
      return recordLayout(shape.fields.map((field) => field.type));
    case 'tuple':
      return recordLayout(shape.types);
    case 'fixed-length-list': {
      const { size, alignment } = layoutOf(shape.element);
      return { size: size * shape.length, alignment };
    }
    case 'list':
    case 'map':
      return { size: 8, alignment: 4 };
    case 'flags': {
      const size = flagsSize(shape.flags.length);
      return { size, alignment: Math.min(size, 4) };
    }
    case 'variant':
    case 'enum':
    case 'option':
    case 'result':
      return variantLayout(variantCases(shape)!);
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
      return { size: 4, alignment: 4 };
    case 'alias':
      return layoutOf(shape.target);
  }
}

function alignTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
