/** `record`: an object with a property per field. */
import { bad, within } from '../errors.ts';
import { flatStarts, flattenRecord, recordLayout } from '../layout.ts';
import type { Kind, ValueType } from './value-type.ts';

/** An object to read fields from. */
export function object(value: unknown, at: string): void {
  if (typeof value !== 'object' || value === null) badObject(value, at);
}

function badObject(value: unknown, at: string): never {
  bad(value, 'object', at);
}

/** A field of a record. */
export interface Field {
  /** The property that it is in JavaScript: `unitPrice`. Paths in messages are those of JavaScript too. */
  readonly property: string;
  readonly type: ValueType;
}

/** A record as a descriptor. It has at least one field. */
export function record(fields: readonly Field[]): ValueType<Record<string, unknown>> {
  return recordAs<Record<string, unknown>>(
    'record',
    fields.map(({ property, type }) => ({ key: property, at: `.${property}`, type })),
    object,
    () => ({}),
  );
}

/** A part of what becomes a record: the key of its value in the JavaScript object, and how a path names it. */
export interface RecordPart {
  readonly key: string | number;
  readonly at: string;
  readonly type: ValueType;
}

/**
 * What is a record to the Canonical ABI, and in JavaScript an object of its own kind: `check` refuses what is not one,
 * `create` makes an empty one. Spec: `load_record`, `store_record`, `lift_flat_record`, `lower_flat_record`.
 */
export function recordAs<T extends object>(
  kind: Kind,
  parts: readonly RecordPart[],
  check: (value: unknown, at: string) => void,
  create: () => T,
): ValueType<T> {
  if (parts.length === 0) throw new RangeError(`a ${kind} has at least one part`);
  const types = parts.map((part) => part.type);
  const { size, alignment, offsets } = recordLayout(types);
  const starts = flatStarts(types);
  return {
    kind,
    size,
    alignment,
    flat: flattenRecord(types),
    parts: types,
    count: 0,
    hasHandles: types.some((type) => type.hasHandles),
    load(cx, p) {
      const value = create();
      for (let i = 0; i < parts.length; i++) {
        const { key, type } = parts[i]!;
        put(value, key, type.load(cx, p + offsets[i]!));
      }
      return value;
    },
    store(cx, p, value, at) {
      check(value, at);
      try {
        for (let i = 0; i < parts.length; i++) {
          const { key, at: part, type } = parts[i]!;
          type.store(cx, p + offsets[i]!, (value as Readonly<Record<string, unknown>>)[key], part);
        }
      } catch (error) {
        throw within(error, at, value);
      }
    },
    lift(cx, core, start) {
      const value = create();
      for (let i = 0; i < parts.length; i++) {
        const { key, type } = parts[i]!;
        put(value, key, type.lift(cx, core, start + starts[i]!));
      }
      return value;
    },
    lower(cx, value, out, start, at) {
      check(value, at);
      try {
        for (let i = 0; i < parts.length; i++) {
          const { key, at: part, type } = parts[i]!;
          type.lower(cx, (value as Readonly<Record<string, unknown>>)[key], out, start + starts[i]!, part);
        }
      } catch (error) {
        throw within(error, at, value);
      }
    },
    liftCore: undefined,
    lowerCore: undefined,
  };
}

/** Makes a property of the value's own, whatever its name: assigning to `__proto__` would not. */
export function put(value: object, key: string | number, to: unknown): void {
  if (key !== '__proto__') (value as Record<string, unknown>)[key] = to;
  else Object.defineProperty(value, key, { value: to, writable: true, enumerable: true, configurable: true });
}
