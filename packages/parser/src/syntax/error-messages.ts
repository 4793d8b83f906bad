/** Names of tokens for people, for what is said when one does not fit. */
import { isKeyword, type Token, type TokenKind } from './tokens.ts';

/** The token that was found. */
export function describeToken({ kind, image: whole }: Token): string {
  const image = whole.length > 40 ? `${whole.slice(0, 40)}…` : whole;
  switch (kind) {
    case 'End':
      return 'the end of the file';
    case 'Word':
    case 'ExplicitId':
      return `identifier \`${image}\``;
    case 'Integer':
      return `number \`${image}\``;
    case 'Version':
      return `version \`${image}\``;
    case 'StringLiteral':
      return `string \`${image}\``;
    default:
      return isKeyword(image) ? `keyword \`${image}\`` : `\`${image}\``;
  }
}

/** A token of this kind, that was expected. */
export function describeKind(kind: TokenKind): string {
  switch (kind) {
    case 'End':
      return 'the end of the file';
    case 'Word':
    case 'ExplicitId':
      return 'an identifier';
    case 'Integer':
      return 'a number';
    case 'Version':
      return 'a version such as `1.2.3`';
    case 'StringLiteral':
      return 'a string';
    default:
      return `\`${kind}\``;
  }
}
