/** What code about one side's values is written with: whose types they are, and which local names are taken. */
import { code, type Code } from '../../../emit/code.ts';
import type { CoreType } from '../../../layout.ts';
import type { TypeContext } from '../../../typescript/context.ts';
import { unusedName } from '../../../typescript/names.ts';
import type { ValueFunctions } from './functions.ts';

export interface Context extends TypeContext {
  readonly functions: ValueFunctions;
  /**
   * A list in which the call whose values these are keeps account of its handles: of those that it lends when they are
   * lifted, of those that it would have to take back when they are lowered. `undefined` when it need not.
   */
  readonly account: string | undefined;
}

/** A core value type in TypeScript. */
export function coreTypeName(core: CoreType): 'number' | 'bigint' {
  return core === 'i64' ? 'bigint' : 'number';
}

/** The zero of a core type, where a case of a variant leaves a shared value unused. */
export function zeroOf(core: CoreType): string {
  return core === 'i64' ? '0n' : '0';
}

/** The local names of one function body. */
export interface Locals {
  readonly taken: Set<string>;
  /** Declarations in front of a block whose core values are used behind it; `undefined` where there is no block. */
  readonly hoisted: Code[] | undefined;
}

export function newLocals(taken: Iterable<string> = []): Locals {
  return { taken: new Set(taken), hoisted: undefined };
}

/** A local name that no other has: `$a`, `$a_2`. */
export function local(locals: Locals, name: string): string {
  return unusedName(`$${name}`, locals.taken);
}

/** A statement that gives a core value its name. */
export function bind(locals: Locals, name: string, core: CoreType, expression: Code): Code {
  if (locals.hoisted === undefined) return code`const ${name} = ${expression};`;
  locals.hoisted.push(code`let ${name} = ${zeroOf(core)};`);
  return code`${name} = ${expression};`;
}

/** A statement that declares a core value which is 0 unless it is assigned. */
export function declare(locals: Locals, name: string, core: CoreType): Code {
  const statement = code`let ${name} = ${zeroOf(core)};`;
  if (locals.hoisted === undefined) return statement;
  locals.hoisted.push(statement);
  return code``;
}
