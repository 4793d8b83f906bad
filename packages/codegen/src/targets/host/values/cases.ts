/** What is stored as a variant: its tags, its values in JavaScript, and what is said of a wrong one. */
import type { TypeShape } from '@wittle/parser';
import { code, quote, type Code, type Name, type Piece } from '../../../emit/code.ts';
import { isOption } from '../../../typescript/types.ts';
import { abi } from '../abi.ts';

/** The tags of a type that is stored as a variant; none for any other. */
export function caseNames(shape: TypeShape): readonly string[] {
  switch (shape.kind) {
    case 'variant':
    case 'enum':
      return shape.cases.map((each) => each.name);
    case 'option':
      return ['none', 'some'];
    case 'result':
      return ['ok', 'err'];
    case 'record':
    case 'tuple':
    case 'list':
    case 'fixed-length-list':
    case 'map':
    case 'flags':
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'alias':
      return [];
  }
}

/** An expression for the value of a case, by its index. */
export function caseValue(shape: TypeShape, index: number, value: Code | undefined): Code {
  if (shape.kind === 'option' && !isOption(shape.type)) return value ?? code`undefined`;
  const tag = quote(caseNames(shape)[index]!);
  return value === undefined ? code`{ tag: ${tag} }` : code`{ tag: ${tag}, val: ${value} }`;
}

/** A statement that refuses a value for its tag. */
export function badTag(value: Piece, tags: readonly string[], path: string): Code {
  return code`${abi.bad}((${value} as { readonly tag: unknown }).tag, ${quote(oneOf(tags))}, ${path});`;
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
