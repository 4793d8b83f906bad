/** Worlds. WIT.md: "Item: `world`", "Item: `include`". */
import type {
  ExternNode,
  ExternPathNode,
  ExternTargetNode,
  IdNode,
  IncludeNode,
  RenameNode,
  WorldItemNode,
  WorldNode,
} from '../ast.ts';
import type { TokenKind } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { typedefItems } from './definition.ts';
import { funcType } from './function.ts';
import type { Prefix } from './gate.ts';
import { interfaceBody, useItem } from './interface.ts';
import { readBody, type Container, type Definition } from './items.ts';
import { id, localPath, startsId, usePath, usePathRest } from './name.ts';

/** `world-item ::= gate 'world' id '{' world-items* '}'`, after its gate */
export function worldItem(cursor: Cursor, { start, docs, attributes }: Prefix): WorldNode {
  cursor.expect('world');
  const name = id(cursor);
  const items: WorldItemNode[] = [];
  const incomplete = readBody(cursor, worldItems, (item) => items.push(item));
  return { kind: 'world', span: cursor.spanFrom(start), docs, attributes, name, items, incomplete };
}

/**
 * `world-items ::= gate world-definition`,
 * `world-definition ::= export-item | import-item | use-item | typedef-item | include-item`
 */
const worldItems: Container<WorldItemNode> = {
  members: '`import`, `export`, `include`, `use` or a type definition',
  definitions: new Map<TokenKind, Definition<WorldItemNode>>([
    ['export', externItem],
    ['import', externItem],
    ['use', useItem],
    ...typedefItems,
    ['include', includeItem],
  ]),
};

/**
 * `export-item ::= 'export' id ':' extern-type | 'export' use-path ';'`,
 * `import-item ::= 'import' id ':' extern-type | 'import' use-path ';'`
 */
function externItem(cursor: Cursor, { start, docs, attributes }: Prefix): ExternNode {
  const direction = cursor.take().kind === 'import' ? 'import' : 'export';
  const target = externTarget(cursor);
  return { kind: 'extern', span: cursor.spanFrom(start), docs, attributes, direction, target };
}

/** `id ':' extern-type | use-path ';'`, left-factored. */
function externTarget(cursor: Cursor): ExternTargetNode {
  const first = id(cursor);
  if (cursor.takeIf(':')) return externType(cursor, first);
  cursor.expectSemicolon();
  return { kind: 'extern-path', label: undefined, path: localPath(first) };
}

/** `extern-type ::= func-type ';' | 'interface' '{' interface-items* '}' | use-path ';'`, after `id ':'` */
function externType(cursor: Cursor, first: IdNode): ExternTargetNode {
  if (cursor.is('async') || cursor.is('func')) {
    const type = funcType(cursor);
    cursor.expectSemicolon();
    return { kind: 'extern-function', label: first, type };
  }
  if (cursor.takeIf('interface')) {
    const { items, incomplete } = interfaceBody(cursor);
    return { kind: 'extern-interface', label: first, items, incomplete };
  }
  if (!startsId(cursor)) cursor.unexpected('`func`, `interface` or the name of an interface');
  const target = externPath(cursor, first, id(cursor));
  cursor.expectSemicolon();
  return target;
}

/** After `a:b` a `/` says that it began a use-path, everything else that `a` is a label. */
function externPath(cursor: Cursor, first: IdNode, second: IdNode): ExternPathNode {
  if (cursor.is('/')) {
    return { kind: 'extern-path', label: undefined, path: usePathRest(cursor, first, second) };
  }
  const path = cursor.takeIf(':') ? usePathRest(cursor, second, id(cursor)) : localPath(second);
  return { kind: 'extern-path', label: first, path };
}

/** `include-item ::= 'include' use-path ';' | 'include' use-path 'with' '{' include-names-list '}'` */
function includeItem(cursor: Cursor, { start, attributes }: Prefix): IncludeNode {
  cursor.expect('include');
  const path = usePath(cursor);
  let names: readonly RenameNode[] = [];
  if (cursor.takeIf('with')) names = includeNames(cursor);
  else if (!cursor.takeIf(';')) cursor.unexpected('`;` or `with`');
  return { kind: 'include', span: cursor.spanFrom(start), attributes, path, names };
}

/** `'{' include-names-list '}'`, `include-names-list ::= include-names-item | include-names-list ',' include-names-item` */
function includeNames(cursor: Cursor): readonly RenameNode[] {
  cursor.expect('{');
  const names = cursor.membersUntil('}', startsId, includeNamesItem);
  cursor.expect('}');
  return names;
}

/** `include-names-item ::= id 'as' id` */
function includeNamesItem(cursor: Cursor): RenameNode {
  const name = id(cursor);
  cursor.expect('as');
  const as = id(cursor);
  return { kind: 'rename', span: cursor.spanFrom(name.span.start), name, as };
}
