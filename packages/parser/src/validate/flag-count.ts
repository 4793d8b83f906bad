/** Flags have at most 32 labels. Explainer.md: "Fundamental value types". */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { FlagsNode } from '../syntax/ast.ts';

const limit = 32;

/** Reports flags with more labels than a value can hold. */
export function checkFlagCount(node: FlagsNode, report: Report): void {
  const count = node.flags.length;
  if (count <= limit) return;
  report(diagnostic('too-many-flags', { name: node.name.name, count, limit }, node.name.span));
}
