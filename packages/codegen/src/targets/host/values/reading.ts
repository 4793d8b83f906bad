/** How a value's parts are read, and how an error from inside one says where it was. */
import { code, quote, type Code, type Piece } from '../../../emit/code.ts';
import { isInherited } from '../../../typescript/names.ts';
import { abi } from '../abi.ts';

/** An expression for a property that may be absent: every object has a `constructor` that nobody gave it. */
export function read(value: Piece, key: string, optional: boolean): Code {
  if (!optional || !isInherited(key)) return code`${value}.${key}`;
  return code`(Object.hasOwn(${value}, ${quote(key)}) ? ${value}.${key} : undefined)`;
}

/** Statements about `v`, with where it is (`at`) added to an error from inside. */
export function guarded(body: Code): Code {
  return code`try { ${body} } catch (error) { throw ${abi.within}(error, at, v); }`;
}

/** The address at an offset from an identifier. */
export function address(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

/** The bytes of so many elements. */
export function times(count: string, size: number): string {
  return size === 1 ? count : `${count} * ${size}`;
}

/** An expression that goes on to the next element. */
export function advance(pointer: string, size: number): string {
  return size === 1 ? `${pointer}++` : `${pointer} += ${size}`;
}
