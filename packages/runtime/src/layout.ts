/** Where values lie: sizes, offsets and flat forms of records and variants. Spec: "Alignment", "Element Size", "Flattening". */
import type { CoreType } from './core-adapter.ts';

/** Parameters pass through memory when they have more core values than this. Spec: `MAX_FLAT_PARAMS`. */
export const MAX_FLAT_PARAMS: number = 16;
/** A result passes through memory when it has more core values than this. Spec: `MAX_FLAT_RESULTS`. */
export const MAX_FLAT_RESULTS: number = 1;
/**
 * How many core values a flat form lists at most: one more than can be passed. Types share their parts, so that a
 * small definition can have more core values than fit anywhere.
 */
export const MAX_FLAT: number = MAX_FLAT_PARAMS + 1;

/** What a layout needs to know of a type. */
export interface Sized {
  readonly size: number;
  readonly alignment: number;
  readonly flat: readonly CoreType[];
}

/** A record's layout: one offset per field. */
export interface RecordLayout {
  readonly size: number;
  readonly alignment: number;
  readonly offsets: readonly number[];
}

/** A variant's layout: the discriminant is at 0. */
export interface VariantLayout {
  readonly size: number;
  readonly alignment: number;
  readonly discriminantSize: 1 | 2 | 4;
  readonly payloadOffset: number;
}

/** The next multiple of `alignment`. Not bit by bit: sizes may exceed 32 bits. Spec: `align_to`. */
export function alignTo(p: number, alignment: number): number {
  return Math.ceil(p / alignment) * alignment;
}

/** Bytes of a variant's discriminant. Spec: `discriminant_type`. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

/** Spec: `alignment_record`, `elem_size_record`. */
export function recordLayout(fields: readonly Sized[]): RecordLayout {
  const offsets: number[] = [];
  let alignment = 1;
  let end = 0;
  for (const field of fields) {
    const offset = alignTo(end, field.alignment);
    offsets.push(offset);
    end = offset + field.size;
    alignment = Math.max(alignment, field.alignment);
  }
  return { size: alignTo(end, alignment), alignment, offsets };
}

/** Spec: `alignment_variant`, `elem_size_variant`, `max_case_alignment`. */
export function variantLayout(payloads: readonly (Sized | undefined)[]): VariantLayout {
  const discriminant = discriminantSize(payloads.length);
  let payloadAlignment = 1;
  let payloadSize = 0;
  for (const payload of payloads) {
    if (payload === undefined) continue;
    payloadAlignment = Math.max(payloadAlignment, payload.alignment);
    payloadSize = Math.max(payloadSize, payload.size);
  }
  const alignment = Math.max(discriminant, payloadAlignment);
  const payloadOffset = alignTo(discriminant, payloadAlignment);
  return {
    size: alignTo(payloadOffset + payloadSize, alignment),
    alignment,
    discriminantSize: discriminant,
    payloadOffset,
  };
}

/** Spec: `flatten_record`, `flatten_types`. */
export function flattenRecord(fields: readonly Sized[]): readonly CoreType[] {
  const flat: CoreType[] = [];
  for (const field of fields) {
    for (const type of field.flat) if (flat.length < MAX_FLAT) flat.push(type);
  }
  return flat;
}

/** Where the core values of each begin, when they are passed one after the other. */
export function flatStarts(fields: readonly Sized[]): readonly number[] {
  let next = 0;
  return fields.map(({ flat }) => (next += flat.length) - flat.length);
}

/** Spec: `flatten_list`, for a list of a fixed length. */
export function flattenRepeated(element: Sized, length: number): readonly CoreType[] {
  const flat: CoreType[] = [];
  for (let i = 0; i < length && flat.length < MAX_FLAT; i++) flat.push(...element.flat);
  return flat.slice(0, MAX_FLAT);
}

/** The discriminant, then what every payload fits in. Spec: `flatten_variant`. */
export function flattenVariant(payloads: readonly (Sized | undefined)[]): readonly CoreType[] {
  const flat: CoreType[] = [];
  for (const payload of payloads) {
    payload?.flat.forEach((type, i) => {
      const other = flat[i];
      flat[i] = other === undefined ? type : join(other, type);
    });
  }
  return ['i32' as const, ...flat].slice(0, MAX_FLAT);
}

/** The core type that holds either. Spec: `join`. */
export function join(one: CoreType, other: CoreType): CoreType {
  if (one === other) return one;
  if ((one === 'i32' && other === 'f32') || (one === 'f32' && other === 'i32')) return 'i32';
  return 'i64';
}
