/** Definitions of types, in interfaces and worlds. WIT.md: "Items: type". */
import type {
  CaseNode,
  EnumNode,
  FieldNode,
  FlagsNode,
  IdNode,
  LabelNode,
  RecordNode,
  ResourceFunctionNode,
  ResourceNode,
  TypeAliasNode,
  TypeDefinitionNode,
  TypeNode,
  VariantNode,
} from '../ast.ts';
import type { TokenKind } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { funcType, signature } from './function.ts';
import type { Prefix } from './gate.ts';
import { expectColon, readBody, type Container, type Definition } from './items.ts';
import { id, startsId } from './name.ts';
import { ty } from './type.ts';

/** `typedef-item ::= resource-item | variant-items | record-item | flags-items | enum-items | type-item` */
export const typedefItems: readonly (readonly [TokenKind, Definition<TypeDefinitionNode>])[] = [
  ['resource', resourceItem],
  ['variant', variantItems],
  ['record', recordItem],
  ['flags', flagsItems],
  ['enum', enumItems],
  ['type', typeItem],
];

/** `type-item ::= 'type' id '=' ty ';'` */
function typeItem(cursor: Cursor, { start, docs, attributes }: Prefix): TypeAliasNode {
  cursor.expect('type');
  const name = id(cursor);
  cursor.expect('=');
  const type = ty(cursor);
  cursor.expectSemicolon();
  return { kind: 'type-alias', span: cursor.spanFrom(start), docs, attributes, name, type };
}

/** `record-item ::= 'record' id '{' record-fields '}'`, `record-fields ::= record-field | record-field ',' record-fields?` */
function recordItem(cursor: Cursor, { start, docs, attributes }: Prefix): RecordNode {
  cursor.expect('record');
  const name = id(cursor);
  const fields = membersInBraces(cursor, recordField);
  return { kind: 'record', span: cursor.spanFrom(start), docs, attributes, name, fields };
}

/** `record-field ::= id ':' ty` */
function recordField(cursor: Cursor): FieldNode {
  const docs = cursor.docsBefore(cursor.next);
  const name = id(cursor);
  cursor.expect(':');
  const type = ty(cursor);
  return { kind: 'field', span: cursor.spanFrom(name.span.start), docs, name, type };
}

/** `flags-items ::= 'flags' id '{' flags-fields '}'`, `flags-fields ::= id | id ',' flags-fields?` */
function flagsItems(cursor: Cursor, { start, docs, attributes }: Prefix): FlagsNode {
  cursor.expect('flags');
  const name = id(cursor);
  const flags = membersInBraces(cursor, label);
  return { kind: 'flags', span: cursor.spanFrom(start), docs, attributes, name, flags };
}

/** `variant-items ::= 'variant' id '{' variant-cases '}'`, `variant-cases ::= variant-case | variant-case ',' variant-cases?` */
function variantItems(cursor: Cursor, { start, docs, attributes }: Prefix): VariantNode {
  cursor.expect('variant');
  const name = id(cursor);
  const cases = membersInBraces(cursor, variantCase);
  return { kind: 'variant', span: cursor.spanFrom(start), docs, attributes, name, cases };
}

/** `variant-case ::= id | id '(' ty ')'` */
function variantCase(cursor: Cursor): CaseNode {
  const docs = cursor.docsBefore(cursor.next);
  const name = id(cursor);
  let type: TypeNode | undefined;
  if (cursor.takeIf('(')) {
    type = ty(cursor);
    cursor.expect(')');
  }
  return { kind: 'case', span: cursor.spanFrom(name.span.start), docs, name, type };
}

/** `enum-items ::= 'enum' id '{' enum-cases '}'`, `enum-cases ::= id | id ',' enum-cases?` */
function enumItems(cursor: Cursor, { start, docs, attributes }: Prefix): EnumNode {
  cursor.expect('enum');
  const name = id(cursor);
  const cases = membersInBraces(cursor, label);
  return { kind: 'enum', span: cursor.spanFrom(start), docs, attributes, name, cases };
}

/** The `id` of a flag or an enum case, with its docs. */
function label(cursor: Cursor): LabelNode {
  const docs = cursor.docsBefore(cursor.next);
  const name = id(cursor);
  return { kind: 'label', span: name.span, docs, name };
}

/** `'{' member ( ',' member )* ','? '}'` */
function membersInBraces<Member>(cursor: Cursor, read: (cursor: Cursor) => Member): readonly Member[] {
  const open = cursor.expect('{');
  const members = cursor.membersUntil('}', startsId, read);
  cursor.expectClosing(open, '`,`');
  return members;
}

/** `resource-item ::= 'resource' id ';' | 'resource' id '{' ( gate external-id? resource-method )* '}'` */
function resourceItem(cursor: Cursor, { start, docs, attributes }: Prefix): ResourceNode {
  cursor.expect('resource');
  const name = id(cursor);
  const functions: ResourceFunctionNode[] = [];
  let incomplete = false;
  if (cursor.is('{')) incomplete = readBody(cursor, resourceBody, (item) => functions.push(item));
  else if (!cursor.takeIf(';')) cursor.unexpected('`{` or `;`');
  return { kind: 'resource', span: cursor.spanFrom(start), docs, attributes, name, functions, incomplete };
}

/** `resource-method ::= func-item | id ':' 'static' func-type ';' | 'constructor' param-list ';'` */
const resourceBody: Container<ResourceFunctionNode> = {
  members: '`constructor` or a function',
  definitions: new Map<TokenKind, Definition<ResourceFunctionNode>>([
    ['constructor', resourceConstructor],
    ['Word', resourceMethod],
    ['ExplicitId', resourceMethod],
  ]),
};

/** `'constructor' param-list ';'`; a fallible constructor also has a `result-list`. */
function resourceConstructor(cursor: Cursor, { start, docs, attributes }: Prefix): ResourceFunctionNode {
  const keyword = cursor.expect('constructor');
  const type = signature(cursor, keyword.start, false);
  cursor.expectSemicolon();
  const name: IdNode = { kind: 'id', span: cursor.spanOf(keyword), name: keyword.image };
  const span = cursor.spanFrom(start);
  return { kind: 'resource-function', span, docs, attributes, role: 'constructor', name, type };
}

/** `func-item | id ':' 'static' func-type ';'` */
function resourceMethod(cursor: Cursor, { start, docs, attributes }: Prefix): ResourceFunctionNode {
  const name = id(cursor);
  expectColon(cursor, resourceBody);
  const role = cursor.takeIf('static') ? 'static' : 'method';
  const type = funcType(cursor);
  cursor.expectSemicolon();
  return { kind: 'resource-function', span: cursor.spanFrom(start), docs, attributes, role, name, type };
}
