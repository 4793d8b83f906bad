/** Short forms for tests: types whose names are spelled the same in WIT and in JavaScript. */
import { enumeration, flags, record, variant, type Tagged, type ValueType } from '../src/types/index.ts';

export const recordOf = (fields: Readonly<Record<string, ValueType>>): ValueType<Record<string, unknown>> =>
  record(Object.entries(fields).map(([name, type]) => ({ name, property: name, type })));

export const variantOf = (cases: Readonly<Record<string, ValueType | undefined>>): ValueType<Tagged> =>
  variant(Object.entries(cases).map(([name, type]) => ({ name, tag: name, type })));

export const enumOf = (...labels: readonly string[]): ValueType<string> =>
  enumeration(labels.map((name) => ({ name, tag: name })));

export const flagsOf = (...labels: readonly string[]): ValueType<Record<string, boolean>> =>
  flags(labels.map((name) => ({ name, property: name })));

/** `count` labels: `f0`, `f1` … */
export const labels = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${i}`);
