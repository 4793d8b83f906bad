/** What the grammar says when a token does not fit: names for tokens, and the words around them. */
import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';
import { ExplicitId, Integer, isKeyword, StringLiteral, Version, Word } from './tokens.ts';

/** What was expected, as the message of the exception: the diagnostic adds what was found. */
export const expectation: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => describeType(expected),
  buildNotAllInputParsedMessage: () => 'the end of the file',
  buildNoViableAltMessage: ({ expectedPathsPerAlt, customUserDescription }) =>
    customUserDescription ?? listOf(expectedPathsPerAlt.flatMap((paths) => paths.flatMap(firstOf))),
  buildEarlyExitMessage: ({ expectedIterationPaths, customUserDescription }) =>
    customUserDescription ?? listOf(expectedIterationPaths.flatMap(firstOf)),
};

/** The token that was found, for people. */
export function describeToken(token: IToken | undefined): string {
  if (token === undefined || token.image === '') return 'the end of the file';
  const image = token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image;
  switch (token.tokenType) {
    case Word:
    case ExplicitId:
      return `identifier \`${image}\``;
    case Integer:
      return `number \`${image}\``;
    case Version:
      return `version \`${image}\``;
    case StringLiteral:
      return `string \`${image}\``;
    default:
      return isKeyword(image) ? `keyword \`${image}\`` : `\`${image}\``;
  }
}

/** A token type, for people. */
export function describeType(type: TokenType): string {
  return type.LABEL ?? type.name;
}

/** `a, b or c`. */
export function listOf(words: readonly string[]): string {
  const all = [...new Set(words)];
  const last = all.pop();
  return all.length === 0 ? (last ?? '') : `${all.join(', ')} or ${last}`;
}

function firstOf(path: TokenType | readonly TokenType[]): string[] {
  const first = Array.isArray(path) ? (path as readonly TokenType[])[0] : (path as TokenType);
  return first === undefined ? [] : [describeType(first)];
}
