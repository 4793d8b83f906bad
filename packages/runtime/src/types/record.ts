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
    fields.map(({ property, type }) => ({ key: property, at: `.${property}`, type })),
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
  if (parts.length === 0) throw new RangeError(`a ${kind} has at least one part`);
  const types = parts.map((part) => part.type);
  const { size, alignment, offsets } = recordLayout(types);
  const starts = flatStarts(types);
  // Values begin as copies of this one, which has all properties: also one called `__proto__`.
  for (const { key } of parts) put(empty, key, undefined);
  const isArray = Array.isArray(empty);
  const create = (): Fields => (isArray ? [...(empty as unknown[])] : { ...empty }) as unknown as Fields;
  const groups: Group[] = [];
  for (let i = 0; i < parts.length; i += 4) {
    groups.push(group(parts.slice(i, i + 4), offsets.slice(i, i + 4), starts.slice(i, i + 4)));
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

/** Up to four fields, written out: a loop over them is much slower. */
interface Group {
  readonly load: (value: Fields, cx: ComponentInstance, p: number) => void;
  readonly store: (value: Fields, cx: ComponentInstance, p: number) => void;
  readonly lift: (value: Fields, cx: ComponentInstance, core: readonly CoreValue[], i: number) => void;
  readonly lower: (value: Fields, cx: ComponentInstance, out: CoreValue[], i: number) => void;
}

function group(parts: readonly RecordPart[], offsets: readonly number[], starts: readonly number[]): Group {
  const [a, b = a, c = a, d = a] = parts as [RecordPart, ...RecordPart[]];
  const [oa, ob = 0, oc = 0, od = 0] = offsets as [number, ...number[]];
  const [ia, ib = 0, ic = 0, id = 0] = starts as [number, ...number[]];
  const { key: ka, at: pa, type: ta } = a;
  const { key: kb, at: pb, type: tb } = b;
  const { key: kc, at: pc, type: tc } = c;
  const { key: kd, at: pd, type: td } = d;
  switch (parts.length) {
    case 1:
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
    case 2:
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
    case 3:
      return {
        load(value, cx, p) {
          value[ka] = ta.load(cx, p + oa);
          value[kb] = tb.load(cx, p + ob);
          value[kc] = tc.load(cx, p + oc);
        },
        store(value, cx, p) {
          ta.store(cx, p + oa, value[ka], pa);
          tb.store(cx, p + ob, value[kb], pb);
          tc.store(cx, p + oc, value[kc], pc);
        },
        lift(value, cx, core, i) {
          value[ka] = ta.lift(cx, core, i + ia);
          value[kb] = tb.lift(cx, core, i + ib);
          value[kc] = tc.lift(cx, core, i + ic);
        },
        lower(value, cx, out, i) {
          ta.lower(cx, value[ka], out, i + ia, pa);
          tb.lower(cx, value[kb], out, i + ib, pb);
          tc.lower(cx, value[kc], out, i + ic, pc);
        },
      };
    default:
      return {
        load(value, cx, p) {
          value[ka] = ta.load(cx, p + oa);
          value[kb] = tb.load(cx, p + ob);
          value[kc] = tc.load(cx, p + oc);
          value[kd] = td.load(cx, p + od);
        },
        store(value, cx, p) {
          ta.store(cx, p + oa, value[ka], pa);
          tb.store(cx, p + ob, value[kb], pb);
          tc.store(cx, p + oc, value[kc], pc);
          td.store(cx, p + od, value[kd], pd);
        },
        lift(value, cx, core, i) {
          value[ka] = ta.lift(cx, core, i + ia);
          value[kb] = tb.lift(cx, core, i + ib);
          value[kc] = tc.lift(cx, core, i + ic);
          value[kd] = td.lift(cx, core, i + id);
        },
        lower(value, cx, out, i) {
          ta.lower(cx, value[ka], out, i + ia, pa);
          tb.lower(cx, value[kb], out, i + ib, pb);
          tc.lower(cx, value[kc], out, i + ic, pc);
          td.lower(cx, value[kd], out, i + id, pd);
        },
      };
  }
}

/** Makes a property of the value's own, whatever its name: assigning to `__proto__` would not. */
export function put(value: object, key: string | number, to: unknown): void {
  if (key !== '__proto__') (value as Record<string, unknown>)[key] = to;
  else Object.defineProperty(value, key, { value: to, writable: true, enumerable: true, configurable: true });
}
