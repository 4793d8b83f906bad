/** Interfaces and what they share with worlds. WIT.md: "Item: `interface`", "Item: `use`". */
import type { FunctionNode, InterfaceItemNode, InterfaceNode, UseNameNode, UseNode } from '../ast.ts';
import type { TokenKind } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { typedefItems } from './definition.ts';
import { funcType } from './function.ts';
import type { Prefix } from './gate.ts';
import { expectColon, readBody, type Container, type Definition } from './items.ts';
import { id, startsId, usePath } from './name.ts';

/** What stands between the braces of an interface. */
export interface InterfaceBody {
  readonly items: readonly InterfaceItemNode[];
  readonly incomplete: boolean;
}

/** `interface-item ::= gate 'interface' id '{' interface-items* '}'`, after its gate */
export function interfaceItem(cursor: Cursor, { start, docs, attributes }: Prefix): InterfaceNode {
  cursor.expect('interface');
  const name = id(cursor);
  const { items, incomplete } = interfaceBody(cursor);
  return { kind: 'interface', span: cursor.spanFrom(start), docs, attributes, name, items, incomplete };
}

/** `'{' interface-items* '}'` */
export function interfaceBody(cursor: Cursor): InterfaceBody {
  const items: InterfaceItemNode[] = [];
  const incomplete = readBody(cursor, interfaceItems, (item) => items.push(item));
  return { items, incomplete };
}

/**
 * `interface-items ::= gate interface-definition`,
 * `interface-definition ::= use-item | external-id? typedef-item | external-id? func-item`
 */
const interfaceItems: Container<InterfaceItemNode> = {
  members: '`use`, a type definition or a function',
  definitions: new Map<TokenKind, Definition<InterfaceItemNode>>([
    ['use', useItem],
    ...typedefItems,
    ['Word', funcItem],
    ['ExplicitId', funcItem],
  ]),
};

/** `func-item ::= id ':' func-type ';'` */
function funcItem(cursor: Cursor, { start, docs, attributes }: Prefix): FunctionNode {
  const name = id(cursor);
  expectColon(cursor, interfaceItems);
  const type = funcType(cursor);
  cursor.expectSemicolon();
  return { kind: 'function', span: cursor.spanFrom(start), docs, attributes, name, type };
}

/** `use-item ::= 'use' use-path '.' '{' use-names-list '}' ';'`, `use-names-list ::= use-names-item | use-names-item ',' use-names-list?` */
export function useItem(cursor: Cursor, { start, attributes }: Prefix): UseNode {
  cursor.expect('use');
  const path = usePath(cursor);
  cursor.expect('.');
  cursor.expect('{');
  const names = cursor.membersUntil('}', startsId, useNamesItem);
  cursor.expect('}');
  cursor.expectSemicolon();
  return { kind: 'use', span: cursor.spanFrom(start), attributes, path, names };
}

/** `use-names-item ::= id | id 'as' id` */
function useNamesItem(cursor: Cursor): UseNameNode {
  const name = id(cursor);
  const as = cursor.takeIf('as') ? id(cursor) : undefined;
  return { kind: 'use-name', span: cursor.spanFrom(name.span.start), name, as };
}
