/** Scopes around scopes. Binary.md: "Alias Definitions". */
import { fail } from './invalid.ts';
import type { Scope } from './scope.ts';

/** The scope that is `count` scopes further out. */
export function outerScope(scope: Scope, count: number): Scope {
  let found: Scope | undefined = scope;
  for (let left = count; left > 0 && found !== undefined; left--) found = found.outer;
  return found ?? fail(`invalid outer alias count of ${count}`);
}
