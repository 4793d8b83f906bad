/** Short forms for tests. */
import { enumeration, flags, record, variant, type Tagged, type ValueType } from '../src/types/index.ts';

export const recordOf = (fields: Readonly<Record<string, ValueType>>): ValueType<Record<string, unknown>> =>
  record(Object.entries(fields).map(([property, type]) => ({ property, type })));

export const variantOf = (cases: Readonly<Record<string, ValueType | undefined>>): ValueType<Tagged> =>
  variant(Object.entries(cases).map(([tag, type]) => ({ tag, type })));

export const enumOf = (...labels: readonly string[]): ValueType<string> => enumeration(labels);

export const flagsOf = (...labels: readonly string[]): ValueType<Record<string, boolean>> => flags(labels);

/** `count` labels: `f0`, `f1` … */
export const labels = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${i}`);
