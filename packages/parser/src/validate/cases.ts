/** A variant or enum has at least one case. WIT.md: "Item: `variant`", "Item: `enum`". */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { EnumNode, VariantNode } from '../syntax/ast.ts';

/** Reports an enum or variant without cases. */
export function checkCases(node: EnumNode | VariantNode, report: Report): void {
  if (node.cases.length > 0) return;
  report(diagnostic('empty-type', { what: node.kind, name: node.name.name }, node.name.span));
}
