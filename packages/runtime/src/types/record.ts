/** `record`: an object with a property per field. */
import { bad } from '../errors.ts';

/** An object to read fields from. */
export function object(value: unknown, at: string): void {
  if (typeof value !== 'object' || value === null) badObject(value, at);
}

function badObject(value: unknown, at: string): never {
  bad(value, 'object', at);
}
