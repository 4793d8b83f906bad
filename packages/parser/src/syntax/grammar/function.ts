/** Types of functions. WIT.md: "Item: `interface`". */
import type { FunctionTypeNode, ParamNode, TypeNode } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { id, startsId } from './name.ts';
import { ty } from './type.ts';

/** `func-type ::= 'async'? 'func' param-list result-list` */
export function funcType(cursor: Cursor): FunctionTypeNode {
  const isAsync = cursor.takeIf('async');
  const { start } = cursor.expect('func');
  return signature(cursor, start, isAsync);
}

/** `param-list result-list`, of a function type that begins at `start`. */
export function signature(cursor: Cursor, start: number, isAsync: boolean): FunctionTypeNode {
  const params = paramList(cursor);
  const result = resultList(cursor);
  return { kind: 'function-type', span: cursor.spanFrom(start), async: isAsync, params, result };
}

/** `param-list ::= '(' named-type-list ')'`, `named-type-list ::= ϵ | named-type ( ',' named-type )*` */
function paramList(cursor: Cursor): readonly ParamNode[] {
  cursor.expect('(');
  const params = cursor.membersUntil(')', startsId, namedType);
  cursor.expect(')');
  return params;
}

/** `result-list ::= ϵ | '->' ty` */
function resultList(cursor: Cursor): TypeNode | undefined {
  return cursor.takeIf('->') ? ty(cursor) : undefined;
}

/** `named-type ::= id ':' ty` */
function namedType(cursor: Cursor): ParamNode {
  const name = id(cursor);
  cursor.expect(':');
  const type = ty(cursor);
  return { kind: 'param', span: cursor.spanFrom(name.span.start), name, type };
}
