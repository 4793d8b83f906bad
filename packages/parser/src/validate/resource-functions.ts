/** A resource has one constructor at most, and no two functions of one name. WIT.md: "Item: `resource`". */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { ResourceNode } from '../syntax/ast.ts';
import { checkMemberNames } from './member-names.ts';

/** Reports repeated constructors, methods and statics. */
export function checkResourceFunctions(node: ResourceNode, report: Report): void {
  const [first, ...more] = node.functions.filter(({ role }) => role === 'constructor');
  for (const each of more) {
    const related = [{ message: 'the first one is here', span: first!.name.span }];
    report(diagnostic('duplicate-constructor', { resource: node.name.name }, each.name.span, { related }));
  }
  const named = node.functions.filter(({ role }) => role !== 'constructor');
  checkMemberNames('function', named, report);
}
