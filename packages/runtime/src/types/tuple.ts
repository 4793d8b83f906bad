/** `tuple`: an array of a fixed length. */
import { bad } from '../errors.ts';
import { recordAs } from './record.ts';
import type { ValueType } from './value-type.ts';

/** An array of exactly `length` elements. */
export function tuple(value: unknown, length: number, at: string): void {
  if (!Array.isArray(value) || value.length !== length) badTuple(value, length, at);
}

function badTuple(value: unknown, length: number, at: string): never {
  bad(value, `array of ${length}`, at);
}

/** A tuple as a descriptor: a record whose fields are the elements. It has at least one. Spec: `despecialize`. */
export function tupleType(types: readonly ValueType[]): ValueType<unknown[]> {
  return recordAs<unknown[]>(
    'tuple',
    types.map((type, index) => ({ key: index, at: `[${index}]`, type })),
    (value, at) => tuple(value, types.length, at),
    [],
  );
}
