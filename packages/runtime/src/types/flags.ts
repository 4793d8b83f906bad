/** `flags`: an object of optional booleans. Spec: `pack_flags_into_int`. */
import { bad } from '../errors.ts';

/** The bit of one flag; absent is off. */
export function flag(value: unknown, at: string): number {
  if (typeof value !== 'boolean' && value !== undefined) badFlag(value, at);
  return value === true ? 1 : 0;
}

function badFlag(value: unknown, at: string): never {
  bad(value, 'boolean or undefined', at);
}
