/**
 * The functions per WIT type, made where they are asked for: those of named types in the file that declares them, those
 * of types written in place in the file that uses them.
 */
import type { Type, TypeDefinition, TypeShape } from '@wittle/parser';
import { code, mentions, run, ts, type Code, type Name } from '../../../emit/code.ts';
import { camelCase, pascalCase } from '../../../typescript/names.ts';
import { abi, abiNames } from '../abi.ts';
import { holds } from '../../../world/part-kinds.ts';
import { declared, type Plan } from '../../../world/plan.ts';
import type { Context } from './context.ts';

/** The functions that the files of one world came to need. */
export interface ValueFunctions {
  readonly plan: Plan;
  /** By file. */
  readonly files: Map<string, FileFunctions>;
}

interface FileFunctions {
  /** By what they do to which type, in the order in which they were asked for. */
  readonly byKey: Map<string, { readonly name: Name; text: Code }>;
  readonly taken: Set<string>;
}

export function valueFunctions(plan: Plan): ValueFunctions {
  return { plan, files: new Map() };
}

/** The functions of one file, as text. */
export function functionsOf(functions: ValueFunctions, file: string): readonly Code[] {
  return [...(functions.files.get(file)?.byKey.values() ?? [])].map((each) => each.text);
}

/** What a function does to values of a type; `labels` is a constant. */
export type Verb = 'load' | 'store' | 'lift' | 'lower' | 'liftFlat' | 'labels';

/**
 * The function that does this to a type; `make` writes it at the first use. When handles are accounted for and the type
 * has some, it is one that takes the list as a last parameter: {@link accountParameter}, {@link accountArgument}.
 */
export function functionFor(
  outer: Context,
  verb: Verb,
  type: TypeDefinition,
  make: (name: Name, cx: Context) => Code,
): Name {
  const accounts = accountsFor(outer, type);
  const cx: Context = { ...outer, account: accounts ? 'account' : undefined };
  const key = `${verb}${accounts ? ' accounting' : ''} ${typeKey(cx, type)}`;
  const base =
    verb === 'labels'
      ? `${camelCase(type.name!)}Labels`
      : `${verb}${typeWords(cx, type)}${accounts ? 'Accounted' : ''}`;
  return functionOf(cx, key, base, (name) => make(name, cx));
}

/** A handle that was lowered, in an account: enough to take it back. */
export const LOWERED_HANDLE = '{ index: number; resource: number; value: unknown }';

function accountsFor(cx: Context, type: TypeDefinition): boolean {
  return cx.account !== undefined && holds(type, 'own', 'borrow');
}

/** The last argument of a type's function. */
export function accountArgument(cx: Context, type: TypeDefinition): string {
  return accountsFor(cx, type) ? `, ${cx.account}` : '';
}

/** The last parameter of a type's function that lifts or loads (`lent`), or lowers or stores (`lowered`). */
export function accountParameter(cx: Context, of: 'lent' | 'lowered', body: Code): Code | undefined {
  if (cx.account === undefined) return undefined;
  const entry = of === 'lent' ? code`${{ ...abi.ResourceHandle, isType: true }}` : LOWERED_HANDLE;
  return code`, ${mentions(body, cx.account) ? '' : '_'}${cx.account}${ts`: ${entry}[]`}`;
}

/** A function of the file of the side at hand, under a key; `base` is its name unless that is taken. */
export function functionOf(cx: Context, key: string, base: string, make: (name: Name) => Code): Name {
  const { file } = cx.side;
  let known = cx.functions.files.get(file);
  if (known === undefined) {
    known = { byKey: new Map(), taken: new Set() };
    cx.functions.files.set(file, known);
  }
  const found = known.byKey.get(key);
  if (found !== undefined) return found.name;
  let text = base;
  for (let n = 2; known.taken.has(text) || abiNames.has(text); n++) text = `${base}_${n}`;
  known.taken.add(text);
  const name: Name = { kind: 'name', name: text, from: file, fromPackage: false, isType: false };
  const entry = { name, text: code`` };
  known.byKey.set(key, entry);
  // Functions are no part of what a file declares to others.
  entry.text = run`${make(name)}`;
  return name;
}

/** What tells types apart: the declaration of a named one, the structure of another. */
function typeKey(cx: Context, type: Type): string {
  if (type.kind !== 'type-definition') return type.kind;
  if (type.name !== undefined) {
    const { side, type: named } = declared(cx.plan, cx.side, type);
    return `${side.file}#${named.name}`;
  }
  return `${type.shape.kind}<${parts(type.shape)
    .map((part) => (part === undefined ? '_' : typeof part === 'string' ? part : typeKey(cx, part)))
    .join()}>`;
}

/** A type's part of a function's name: `ListOptionU32`. */
function typeWords(cx: Context, type: Type): string {
  if (type.kind !== 'type-definition') return pascalCase(type.kind);
  if (type.name !== undefined) {
    const { side, type: named } = declared(cx.plan, cx.side, type);
    return side.typeNames.get(named.name!)!;
  }
  const inner = parts(type.shape).map((part) =>
    part === undefined ? 'None' : typeof part === 'string' ? pascalCase(part) : typeWords(cx, part),
  );
  return `${pascalCase(type.shape.kind)}${inner.join('')}`;
}

/** What a shape written in place is made of. */
function parts(shape: TypeShape): readonly (Type | string | undefined)[] {
  switch (shape.kind) {
    case 'list':
      return [shape.element];
    case 'fixed-length-list':
      return [shape.element, String(shape.length)];
    case 'tuple':
      return shape.types;
    case 'option':
      return [shape.type];
    case 'result':
      return [shape.ok, shape.err];
    case 'map':
      return [shape.key, shape.value];
    case 'own':
    case 'borrow':
      return [shape.resource];
    case 'alias':
      return [shape.target];
    case 'stream':
    case 'future':
      return [shape.element];
    case 'record':
      return shape.fields.flatMap((field) => [field.name, field.type]);
    case 'variant':
      return shape.cases.flatMap((each) => [each.name, each.type]);
    case 'enum':
      return shape.cases.map((each) => each.name);
    case 'flags':
      return shape.flags.map((each) => each.name);
    case 'resource':
      return [];
  }
}
