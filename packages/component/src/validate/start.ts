/** Start functions. Binary.md: "Start Definitions". */
import type { StartItem } from '../binary/definition.ts';
import { check, within } from './invalid.ts';
import type { Scope } from './scope.ts';
import { expectSubtype } from './subtype.ts';

/** Adds the results of the start function as values. */
export function addStart(scope: Scope, { callee, args, results }: StartItem): void {
  check(!scope.hasStart, 'there is more than one start function');
  scope.hasStart = true;
  const { params, result } = scope.at('function', callee);
  const fits = params.length === args.length && results === (result === undefined ? 0 : 1);
  check(fits, 'other numbers of arguments or results than the start function has');
  args.forEach((arg, i) => {
    within(`value type mismatch for argument ${i}`, () =>
      expectSubtype(scope.useValue(arg), params[i]!.type),
    );
  });
  if (result !== undefined) scope.addTyped({ kind: 'value', type: result });
}
