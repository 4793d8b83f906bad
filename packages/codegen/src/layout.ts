/** Sizes, alignments and flattenings of value types, as the Canonical ABI fixes them for a 32-bit memory. */
import { resolveAlias, type Type, type TypeDefinition, type TypeShape } from '@wittle/parser';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** Spec: `MAX_FLAT_PARAMS`. */
export const MAX_FLAT_PARAMS = 16;
/** Spec: `MAX_FLAT_RESULTS`. */
export const MAX_FLAT_RESULTS = 1;
/** More core values than this go through memory, so it does not matter what they are. */
const MAX_FLAT = MAX_FLAT_PARAMS + 1;

interface Layout {
  readonly size: number;
  readonly alignment: number;
}

/** What is stored one after the other: a record's fields. */
export interface RecordLayout extends Layout {
  readonly offsets: readonly number[];
}

/** A discriminant, then the payload. */
export interface VariantLayout extends Layout {
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

/** The bytes of flags, of which there are at most 32. Spec: `elem_size_flags`. */
export function flagsSize(count: number): 1 | 2 | 4 {
  return count <= 8 ? 1 : count <= 16 ? 2 : 4;
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
    case 'record':
    case 'tuple':
    case 'list':
    case 'fixed-length-list':
    case 'map':
    case 'flags':
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'alias':
      return undefined;
  }
}

/** The core values of a type; of more than fit parameters only the first 17. Spec: `flatten_type`. */
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
      return remembered(flattenings, behind, flattenShape);
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

/** Those of several types, as many as in {@link flatten}. Spec: `flatten_types`. */
export function flattenAll(types: readonly Type[]): readonly CoreType[] {
  const all: CoreType[] = [];
  for (const type of types) {
    if (all.length >= MAX_FLAT) break;
    all.push(...flatten(type));
  }
  return all.slice(0, MAX_FLAT);
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
      const { element, length } = shape;
      return flattenAll(Array.from({ length: Math.min(length, MAX_FLAT) }, () => element));
    }
    case 'list':
    case 'map':
      return ['i32', 'i32'];
    case 'variant':
    case 'enum':
    case 'option':
    case 'result':
      return (['i32', ...flattenCases(variantCases(shape)!)] as const).slice(0, MAX_FLAT);
    case 'flags':
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

function layoutOf(type: Type): Layout {
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
      return remembered(layouts, behind, layoutOfShape);
  }
}

function layoutOfShape(shape: TypeShape): Layout {
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
      return { size, alignment: size };
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

// A definition may be used by many others, and those by many more: each is measured once.
const flattenings = new WeakMap<TypeDefinition, readonly CoreType[]>();
const layouts = new WeakMap<TypeDefinition, Layout>();

function remembered<T>(
  known: WeakMap<TypeDefinition, T>,
  type: TypeDefinition,
  compute: (shape: TypeShape) => T,
): T {
  const found = known.get(type);
  if (found !== undefined) return found;
  const made = compute(type.shape);
  known.set(type, made);
  return made;
}

function alignTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
