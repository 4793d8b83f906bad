/** What stands before items: docs and gates. WIT.md: "Feature Gates". */
import { closest } from '../../diagnostics/closest.ts';
import type { AttributeNode, DocsNode, IdNode, VersionNode } from '../ast.ts';
import { decodeString } from '../string-literal.ts';
import { attributeNames, type Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { id, startsId, version } from './name.ts';

/** What stands before an item: its docs, its attributes and where it begins. */
export interface Prefix {
  readonly start: number;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
}

/** `gate ::= gate-item*`, with `external-id?` as one of them, and the docs before. */
export function gate(cursor: Cursor): Prefix {
  const first = cursor.next;
  const attributes: AttributeNode[] = [];
  while (cursor.is('@')) {
    const attribute = gateItem(cursor);
    if (attribute !== undefined) attributes.push(attribute);
  }
  return { start: first.start, docs: cursor.docsBefore(first), attributes };
}

/** `gate-item ::= unstable-gate | since-gate | deprecated-gate`, or an `external-id`. */
function gateItem(cursor: Cursor): AttributeNode | undefined {
  const { start } = cursor.expect('@');
  const { kind } = cursor.next;
  switch (kind) {
    // since-gate ::= '@since' '(' version-field ')'
    // deprecated-gate ::= '@deprecated' '(' version-field ')'
    case 'since':
    case 'deprecated': {
      cursor.take();
      const of = versionField(cursor);
      return of && { kind, span: cursor.spanFrom(start), version: of };
    }
    // unstable-gate ::= '@unstable' '(' feature-field ')'
    case 'unstable': {
      cursor.take();
      const feature = featureField(cursor);
      return feature && { kind, span: cursor.spanFrom(start), feature };
    }
    // external-id ::= '@external-id' '(' string-literal ')'
    case 'external-id': {
      cursor.take();
      cursor.expect('(');
      const text = stringText(cursor, cursor.expect('StringLiteral'));
      cursor.expect(')');
      return { kind, span: cursor.spanFrom(start), id: text };
    }
    default:
      if (!startsId(cursor)) cursor.unexpected('the name of an attribute');
      skipUnknown(cursor);
      return undefined;
  }
}

/** `version-field ::= 'version' '=' <valid semver>`, with its parentheses. */
function versionField(cursor: Cursor): VersionNode | undefined {
  if (!startsField(cursor, 'version')) return undefined;
  const value = version(cursor);
  cursor.expect(')');
  return value;
}

/** `feature-field ::= 'feature' '=' id`, with its parentheses. */
function featureField(cursor: Cursor): IdNode | undefined {
  if (!startsField(cursor, 'feature')) return undefined;
  const value = id(cursor);
  cursor.expect(')');
  return value;
}

/** Reads up to the value; with another name than expected reports it, skips the parentheses and says `false`. */
function startsField(cursor: Cursor, expected: string): boolean {
  cursor.expect('(');
  const { name, span } = id(cursor);
  if (name === expected) {
    cursor.expect('=');
    return true;
  }
  cursor.report('unexpected-token', { expected: `\`${expected}\``, found: `\`${name}\`` }, span);
  skipParentheses(cursor);
  return false;
}

function skipUnknown(cursor: Cursor): void {
  const { name, span } = id(cursor);
  const near = closest(name, attributeNames);
  const hint = near
    ? `did you mean \`@${near}\`?`
    : `attributes are ${attributeNames.map((each) => `\`@${each}\``).join(', ')}`;
  cursor.report('unknown-attribute', { name }, span, { hint });
  if (cursor.is('(')) skipParentheses(cursor);
}

/** Skips to behind the closing parenthesis, or before what ends the item. */
function skipParentheses(cursor: Cursor): void {
  while (!endsParentheses(cursor.next)) cursor.take();
  cursor.takeIf(')');
}

function endsParentheses({ kind }: Token): boolean {
  return kind === ')' || kind === ';' || kind === '{' || kind === '}' || kind === 'End';
}

function stringText(cursor: Cursor, token: Token): string {
  const decoded = decodeString(token.image);
  if ('text' in decoded) return decoded.text;
  const start = token.start + decoded.at;
  const span = { source: cursor.source, start, end: start + decoded.length };
  cursor.report('invalid-string', { why: decoded.problem }, span);
  return '';
}
