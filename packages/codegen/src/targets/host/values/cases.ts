/** What is stored as a variant: its values in JavaScript, and what is said of a wrong one. */
import type { TypeShape } from '@wittle/parser';
import { code, quote, ts, type Code, type Name, type Piece } from '../../../emit/code.ts';
import { isOption } from '../../../typescript/types.ts';
import { caseTags, variantKeys } from '../../../typescript/variants.ts';
import { abi } from '../abi.ts';
import type { Context } from './context.ts';

/** An expression for the value of a case, by its index. */
export function caseValue(cx: Context, shape: TypeShape, index: number, value: Code | undefined): Code {
  if (shape.kind === 'option' && !isOption(shape.type)) return value ?? code`undefined`;
  const { shapes } = cx.side;
  const keys = variantKeys(shapes);
  const tag = `${keys.tag}: ${quote(caseTags(shape, shapes)[index]!)}`;
  return value === undefined ? code`{ ${tag} }` : code`{ ${tag}, ${keys.payload}: ${value} }`;
}

/** A statement that refuses a value at a path for its tag, which is its property `key`. */
export function badTag(value: Piece, key: string, tags: readonly string[], path: string): Code {
  return code`${abi.bad}(${ts`(`}${value}${ts` as { readonly ${key}: unknown })`}.${key}, ${quote(oneOf(tags))}, ${quote(`${path}.${key}`)});`;
}

/** `"a" | "b"`, shortened when it would fill a screen. */
export function oneOf(tags: readonly string[]): string {
  const shown = tags.slice(0, 12).map((tag) => JSON.stringify(tag));
  if (tags.length > shown.length) shown.push(`… (${tags.length} in all)`);
  return shown.join(' | ');
}

/** What a trap says of a discriminant that no case has. */
export function invalid(shape: TypeShape): string {
  return quote(`invalid ${shape.kind} discriminant`);
}

export function loadDiscriminant(size: 1 | 2 | 4): Name {
  return size === 1 ? abi.loadU8 : size === 2 ? abi.loadU16 : abi.loadU32;
}

export function storeDiscriminant(size: 1 | 2 | 4): Name {
  return size === 1 ? abi.storeU8 : size === 2 ? abi.storeU16 : abi.storeU32;
}
