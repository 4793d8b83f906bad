/** Pass 5: functions. WIT.md: "WIT Functions", "Item: `resource`". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { FunctionRole, Param, Type, TypeDefinition, WitFunction } from '../model/index.ts';
import type {
  AttributeNode,
  DocsNode,
  FunctionTypeNode,
  IdNode,
  ResourceNode,
  TypeNode,
} from '../syntax/ast.ts';
import { checkMemberNames } from '../validate/member-names.ts';
import { rootOf, unresolved, type Draft } from './context.ts';
import { readGate } from './gates.ts';
import { anonymousType, resolveType, type TypeScope } from './resolve-types.ts';

/** What all ways to write a function have in common. */
interface NamedFunctionNode {
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
  readonly name: IdNode;
  readonly type: FunctionTypeNode;
}

/** A function that belongs to no resource. */
export function resolveFunction(at: TypeScope, node: NamedFunctionNode): Draft<WitFunction> {
  return functionOf(at, node, node.name.name, { kind: 'freestanding' });
}

/** The functions of a resource, whose type is in scope. */
export function resolveResourceFunctions(at: TypeScope, node: ResourceNode): readonly Draft<WitFunction>[] {
  const entry = at.scope.names.get(node.name.name);
  if (entry?.kind !== 'type' || entry.definition.shape.kind !== 'resource') return [];
  const resource = entry.definition;
  const names = new Set<string>();
  return node.functions.flatMap((each) => {
    const suffix = each.role === 'constructor' ? '' : `.${each.name.name}`;
    const name = `[${each.role}]${node.name.name}${suffix}`;
    if (names.has(name)) return [];
    names.add(name);
    return [functionOf(at, each, name, { kind: each.role, resource })];
  });
}

function functionOf(
  at: TypeScope,
  node: NamedFunctionNode,
  name: string,
  role: FunctionRole,
): Draft<WitFunction> {
  const { stability, externalId } = readGate(at.package, node.attributes, node.name.span);
  checkMemberNames('parameter', node.type.params, at.package.context.report);
  const params: Param[] = [];
  if (role.kind === 'method') {
    const type = anonymousType(
      at.package,
      { kind: 'borrow', resource: role.resource },
      undefined,
      node.type.span,
    );
    params.push({ name: 'self', type, span: node.type.span });
  }
  for (const param of node.type.params) {
    if (role.kind === 'method' && param.name.name === 'self') {
      const args = { what: 'parameter', name: 'self' };
      const hint = 'a method has its resource as `self` already';
      at.package.context.report(diagnostic('duplicate-name', args, param.name.span, { hint }));
    }
    const type = resolveType(at, param.type, undefined);
    params.push({ name: param.name.name, type, span: param.name.span });
  }
  return {
    kind: 'function',
    name,
    role,
    async: node.type.async,
    params,
    result: resolveResult(at, node.type.result, role),
    docs: node.docs?.text ?? '',
    stability,
    externalId,
    span: node.name.span,
  };
}

function resolveResult(at: TypeScope, node: TypeNode | undefined, role: FunctionRole): Type | undefined {
  if (role.kind !== 'constructor') return node && resolveType(at, node, undefined);
  if (node === undefined) return role.resource;
  const type = resolveType(at, node, undefined);
  checkConstructorResult(at, node, type, role.resource);
  return type;
}

function checkConstructorResult(at: TypeScope, node: TypeNode, type: Type, resource: TypeDefinition): void {
  const { context } = at.package;
  if (rootOf(context, type) === unresolved) return;
  const hint = `write \`-> result<${resource.name}>\`, or with an error type \`-> result<${resource.name}, …>\``;
  if (type.kind !== 'type-definition' || type.shape.kind !== 'result') {
    context.report(diagnostic('constructor-result', {}, node.span, { hint }));
    return;
  }
  if (type.shape.ok === resource) return;
  const span = node.kind === 'result-type' ? (node.ok ?? node).span : node.span;
  context.report(diagnostic('constructor-ok-type', { resource: resource.name! }, span, { hint }));
}
