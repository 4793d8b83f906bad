/** `record`: an object with a property per field. */
import { bad, within } from '../errors.ts';
import type { CoreValue } from '../function-type.ts';
import type { ComponentInstance } from '../instance.ts';
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
    fields.map(({ property, type }) => ({ key: interned(property), at: `.${property}`, type })),
    object,
    {},
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
 * `empty` is one without values. Spec: `load_record`, `store_record`, `lift_flat_record`, `lower_flat_record`.
 */
export function recordAs<T extends object>(
  kind: Kind,
  parts: readonly RecordPart[],
  check: (value: unknown, at: string) => void,
  empty: T,
): ValueType<T> {
  const types = parts.map((part) => part.type);
  const { size, alignment, offsets } = recordLayout(types);
  const starts = flatStarts(types);
  // Values begin as copies of this one, which has all properties: also one called `__proto__`.
  for (const { key } of parts) put(empty, key, undefined);
  const isArray = Array.isArray(empty);
  const create = (): Fields => (isArray ? [...(empty as unknown[])] : { ...empty }) as unknown as Fields;
  const groups: Group[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    groups.push(group(parts.slice(i, i + 2), offsets.slice(i, i + 2), starts.slice(i, i + 2)));
  }
  const [first, ...others] = groups as [Group, ...Group[]];
  const { load, store, lift, lower } = first;
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
      load(value, cx, p);
      for (let i = 0; i < others.length; i++) others[i]!.load(value, cx, p);
      return value as T;
    },
    store(cx, p, value, at) {
      check(value, at);
      try {
        store(value as Fields, cx, p);
        for (let i = 0; i < others.length; i++) others[i]!.store(value as Fields, cx, p);
      } catch (error) {
        throw within(error, at, value);
      }
    },
    lift(cx, core, start) {
      const value = create();
      lift(value, cx, core, start);
      for (let i = 0; i < others.length; i++) others[i]!.lift(value, cx, core, start);
      return value as T;
    },
    lower(cx, value, out, start, at) {
      check(value, at);
      try {
        lower(value as Fields, cx, out, start);
        for (let i = 0; i < others.length; i++) others[i]!.lower(value as Fields, cx, out, start);
      } catch (error) {
        throw within(error, at, value);
      }
    },
    liftCore: undefined,
    lowerCore: undefined,
  };
}

type Fields = Record<string | number, unknown>;

/** One field or two, written out: a loop over all of them is much slower. */
interface Group {
  readonly load: (value: Fields, cx: ComponentInstance, p: number) => void;
  readonly store: (value: Fields, cx: ComponentInstance, p: number) => void;
  readonly lift: (value: Fields, cx: ComponentInstance, core: readonly CoreValue[], i: number) => void;
  readonly lower: (value: Fields, cx: ComponentInstance, out: CoreValue[], i: number) => void;
}

function group(
  [a, b]: readonly RecordPart[],
  [oa = 0, ob = 0]: readonly number[],
  [ia = 0, ib = 0]: readonly number[],
): Group {
  const { key: ka, at: pa, type: ta } = a!;
  if (b === undefined) {
    return {
      load(value, cx, p) {
        value[ka] = ta.load(cx, p + oa);
      },
      store(value, cx, p) {
        ta.store(cx, p + oa, value[ka], pa);
      },
      lift(value, cx, core, i) {
        value[ka] = ta.lift(cx, core, i + ia);
      },
      lower(value, cx, out, i) {
        ta.lower(cx, value[ka], out, i + ia, pa);
      },
    };
  }
  const { key: kb, at: pb, type: tb } = b;
  return {
    load(value, cx, p) {
      value[ka] = ta.load(cx, p + oa);
      value[kb] = tb.load(cx, p + ob);
    },
    store(value, cx, p) {
      ta.store(cx, p + oa, value[ka], pa);
      tb.store(cx, p + ob, value[kb], pb);
    },
    lift(value, cx, core, i) {
      value[ka] = ta.lift(cx, core, i + ia);
      value[kb] = tb.lift(cx, core, i + ib);
    },
    lower(value, cx, out, i) {
      ta.lower(cx, value[ka], out, i + ia, pa);
      tb.lower(cx, value[kb], out, i + ib, pb);
    },
  };
}

/**
 * The same text as engines keep it for names of properties: a text that was put together is looked up anew at each use.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0]!;
}

/** Makes a property of the value's own, whatever its name: assigning to `__proto__` would not. */
export function put(value: object, key: string | number, to: unknown): void {
  if (key !== '__proto__') (value as Record<string, unknown>)[key] = to;
  else Object.defineProperty(value, key, { value: to, writable: true, enumerable: true, configurable: true });
}
