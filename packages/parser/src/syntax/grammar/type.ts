/** Types in use. WIT.md: "Types". */
import type {
  HandleTypeNode,
  ListTypeNode,
  MapTypeNode,
  OptionTypeNode,
  PrimitiveName,
  PrimitiveTypeNode,
  ResultTypeNode,
  TupleTypeNode,
  TypeNode,
} from '../ast.ts';
import { primitiveTypes, type TokenKind } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { id } from './name.ts';

/** Types and packages may be nested this deep, as in the reference implementation. */
export const maxNesting: number = 100;

/** `ty ::= 'u8' | … | tuple | list | option | result | map | handle | future | stream | id` */
export function ty(cursor: Cursor): TypeNode {
  if (cursor.typeDepth >= maxNesting) cursor.fail('type-too-deep', { limit: maxNesting });
  const read = types.get(cursor.next.kind);
  if (read === undefined) cursor.unexpected('a type');
  cursor.typeDepth++;
  const node = read(cursor);
  cursor.typeDepth--;
  return node;
}

const types: ReadonlyMap<TokenKind, (cursor: Cursor) => TypeNode> = new Map<
  TokenKind,
  (cursor: Cursor) => TypeNode
>([
  ...primitiveTypes.map((name) => [name, primitiveType] as const),
  ['tuple', tupleType],
  ['list', listType],
  ['option', optionType],
  ['result', resultType],
  ['map', mapType],
  ['own', handleType],
  ['borrow', handleType],
  ['future', elementType],
  ['stream', elementType],
  ['Word', namedType],
  ['ExplicitId', namedType],
]);

function startsType({ next }: Cursor): boolean {
  return types.has(next.kind);
}

function primitiveType(cursor: Cursor): PrimitiveTypeNode {
  const token = cursor.take();
  return { kind: 'primitive-type', span: cursor.spanOf(token), name: token.image as PrimitiveName };
}

function namedType(cursor: Cursor): TypeNode {
  const name = id(cursor);
  return { kind: 'named-type', span: name.span, id: name };
}

/** `tuple ::= 'tuple' '<' tuple-list '>'`, `tuple-list ::= ty | ty ',' tuple-list?` */
function tupleType(cursor: Cursor): TupleTypeNode {
  const { start } = cursor.expect('tuple');
  cursor.expect('<');
  const members = cursor.membersUntil('>', startsType, ty);
  cursor.expect('>');
  return { kind: 'tuple-type', span: cursor.spanFrom(start), types: members };
}

/** `list ::= 'list' '<' ty '>' | 'list' '<' ty ',' uint '>'` */
function listType(cursor: Cursor): ListTypeNode {
  const { start } = cursor.expect('list');
  cursor.expect('<');
  const element = ty(cursor);
  const length = cursor.takeIf(',') ? listLength(cursor) : undefined;
  cursor.expect('>');
  return { kind: 'list-type', span: cursor.spanFrom(start), element, length };
}

/** `uint`, as the length of a list. */
function listLength(cursor: Cursor): number {
  const token = cursor.expect('Integer');
  const length = Number(token.image);
  if (!(length >= 1 && length <= 0xffffffff)) {
    cursor.report('invalid-list-length', { length: token.image }, cursor.spanOf(token), {
      hint: `a length is a number from 1 to ${0xffffffff}`,
    });
  }
  return length;
}

/** `option ::= 'option' '<' ty '>'` */
function optionType(cursor: Cursor): OptionTypeNode {
  const { start } = cursor.expect('option');
  cursor.expect('<');
  const type = ty(cursor);
  cursor.expect('>');
  return { kind: 'option-type', span: cursor.spanFrom(start), type };
}

/** `result ::= 'result' '<' ty ',' ty '>' | 'result' '<' '_' ',' ty '>' | 'result' '<' ty '>' | 'result'` */
function resultType(cursor: Cursor): ResultTypeNode {
  const { start } = cursor.expect('result');
  let ok: TypeNode | undefined;
  let err: TypeNode | undefined;
  if (cursor.takeIf('<')) {
    if (cursor.takeIf('_')) {
      cursor.expect(',');
      err = ty(cursor);
    } else {
      if (!startsType(cursor)) cursor.unexpected('a type or `_`');
      ok = ty(cursor);
      if (cursor.takeIf(',')) err = ty(cursor);
    }
    cursor.expect('>');
  }
  return { kind: 'result-type', span: cursor.spanFrom(start), ok, err };
}

/** `map ::= 'map' '<' kt ',' ty '>'`; whether the key is a `kt` is checked with the types. */
function mapType(cursor: Cursor): MapTypeNode {
  const { start } = cursor.expect('map');
  cursor.expect('<');
  const key = ty(cursor);
  cursor.expect(',');
  const value = ty(cursor);
  cursor.expect('>');
  return { kind: 'map-type', span: cursor.spanFrom(start), key, value };
}

/** `handle ::= id | 'borrow' '<' id '>'`; the `id` alone is a `ty` already, and `own<id>` is the same. */
function handleType(cursor: Cursor): HandleTypeNode {
  const { kind, start } = cursor.take();
  cursor.expect('<');
  const resource = id(cursor);
  cursor.expect('>');
  const mode = kind === 'own' ? 'own' : 'borrow';
  return { kind: 'handle-type', span: cursor.spanFrom(start), mode, resource };
}

/** `future ::= 'future' '<' ty '>' | 'future'`, `stream ::= 'stream' '<' ty '>' | 'stream'` */
function elementType(cursor: Cursor): TypeNode {
  const keyword = cursor.take();
  let element: TypeNode | undefined;
  if (cursor.takeIf('<')) {
    element = ty(cursor);
    cursor.expect('>');
  }
  const kind = keyword.kind === 'future' ? 'future-type' : 'stream-type';
  return { kind, span: cursor.spanFrom(keyword.start), element };
}
