/** Walks over a syntax tree. */
import type { AstNode } from './ast.ts';

/** What to do at nodes, by their kind; `false` leaves out what is inside the node. */
export type AstVisitor = {
  readonly [Kind in AstNode['kind']]?: (node: Extract<AstNode, { readonly kind: Kind }>) => boolean | void;
};

/**
 * Calls the visitor for a node and for all nodes in it, a node before its parts, in the order of the text. Throws only
 * what the visitor throws.
 *
 * ```ts
 * const names: string[] = [];
 * visitAst(parse(source).ast, { 'named-type': ({ id }) => void names.push(id.name) });
 * ```
 */
export function visitAst(node: AstNode, visitor: AstVisitor): void {
  const visit = visitor[node.kind] as ((node: AstNode) => boolean | void) | undefined;
  if (visit?.(node) === false) return;
  for (const part of partsOf(node)) visitAst(part, visitor);
}

// Everything in a node that has a kind is a node; a part that stands twice, like a name, comes once.
function partsOf(node: AstNode): readonly AstNode[] {
  const parts = Object.values(node as object).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
  return parts.sort((a, b) => startOf(a) - startOf(b));
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

// What a world imports or exports has no span of its own; it is the last part of its statement.
function startOf(node: AstNode): number {
  return 'span' in node ? node.span.start : Infinity;
}
