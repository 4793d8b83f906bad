/** Pieces of source text whose names are still values: an import is written where it is used and printed once per file. */

import type { Span } from '@wittle/parser';

/** Something that a file declares, to be named in this or in another file. */
export interface Name {
  readonly kind: 'name';
  /** The identifier where it is declared. */
  readonly name: string;
  /** A generated file (a path without extension) or a package. */
  readonly from: string;
  readonly fromPackage: boolean;
  /** Only a type: imported with `import type`. */
  readonly isType: boolean;
  /** What other files call it, where many files declare the same name. */
  readonly alias?: string;
}

/** What a file is printed as: TypeScript, or JavaScript with declarations beside it. */
export type Form = 'ts' | 'js' | 'd.ts';

/** Source text, in pieces. */
export interface Code {
  readonly kind: 'code';
  readonly parts: readonly Part[];
  /** The forms that have it; all of them when left out. */
  readonly forms?: readonly Form[];
  /** It is the name of what is declared at this place in the WIT. */
  readonly names?: Span;
  /** With no parts: what is declared at this place in the WIT ends here. */
  readonly ends?: Span;
}

export type Part = string | Name | Code;

/** What may stand in a template: numbers and lists of pieces too. */
export type Piece = Part | number | readonly Piece[] | undefined;

/** A template tag. */
type Template = (strings: TemplateStringsArray, ...pieces: readonly Piece[]) => Code;

/** Source text with names as values. An `undefined` piece is nothing, a list is its items one after the other. */
export const code: Template = (strings, ...pieces) => {
  const parts: Part[] = [strings[0]!];
  for (let index = 0; index < pieces.length; index++) {
    pushPiece(parts, pieces[index]);
    parts.push(strings[index + 1]!);
  }
  return { kind: 'code', parts };
};

/** Types: what JavaScript does not have. */
export const ts: Template = (strings, ...pieces) => ({ ...code(strings, ...pieces), forms: ['ts', 'd.ts'] });

/** What runs: what declarations do not have. */
export const run: Template = (strings, ...pieces) => ({ ...code(strings, ...pieces), forms: ['ts', 'js'] });

/** What only declarations have. */
export const dts: Template = (strings, ...pieces) => ({ ...code(strings, ...pieces), forms: ['d.ts'] });

/** The name, where it is declared, of an element of the WIT. */
export function named(element: Located, name: Piece): Code {
  const made = code`${name}`;
  return element.span === undefined ? made : { ...made, names: element.span };
}

/** Stands behind the declaration of an element of the WIT. */
export function endOf({ span }: Located): Code {
  return { kind: 'code', parts: [], ...(span !== undefined && { ends: span }) };
}

/** An element of the model. */
export interface Located {
  readonly span: Span | undefined;
}

/** The pieces with a separator between them. */
export function join(pieces: readonly Piece[], separator: string): Code {
  const parts: Part[] = [];
  for (let index = 0; index < pieces.length; index++) {
    if (index > 0) parts.push(separator);
    pushPiece(parts, pieces[index]);
  }
  return { kind: 'code', parts };
}

/** Text that stands between quotes as it is. */
const PLAIN = /^[ -&(-[\]-~→]*$/;

/** A string literal. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** The same code with other names, or something else in their place. */
export function mapNames(section: Code, change: (name: Name) => Part): Code {
  const parts = section.parts.map((part): Part =>
    typeof part === 'string' ? part : part.kind === 'name' ? change(part) : mapNames(part, change),
  );
  return { ...section, parts };
}

/** The text as it reads where every name is called what its declaration calls it: for comments. */
export function plainText(piece: Part): string {
  if (typeof piece === 'string') return piece;
  return piece.kind === 'name' ? piece.name : piece.parts.map(plainText).join('');
}

/** Whether an identifier stands in the text itself: names that are values, members and literals do not count. */
export function mentions(piece: Part, word: string): boolean {
  if (typeof piece === 'string') return new RegExp(`(?<![\\w$.'])${word}(?![\\w$])`).test(piece);
  return piece.kind === 'code' && piece.parts.some((part) => mentions(part, word));
}

function pushPiece(parts: Part[], piece: Piece): void {
  if (piece === undefined) return;
  if (typeof piece === 'number') parts.push(String(piece));
  else if (isList(piece)) for (const each of piece) pushPiece(parts, each);
  else parts.push(piece);
}

function isList(piece: Part | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}
