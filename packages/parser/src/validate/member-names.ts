/** Fields, cases, flags and parameters have names that differ in more than case. WIT.md: "WIT Functions". */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { IdNode } from '../syntax/ast.ts';

/** Reports names that repeat an earlier one. `what` is a word for the members. */
export function checkMemberNames(
  what: string,
  members: readonly { readonly name: IdNode }[],
  report: Report,
): void {
  if (members.length < 2) return;
  const seen = new Map<string, IdNode>();
  for (const { name: id } of members) {
    const lower = id.name.toLowerCase();
    const previous = seen.get(lower);
    if (previous === undefined) {
      seen.set(lower, id);
      continue;
    }
    const related = [{ message: 'the earlier one is here', span: previous.span }];
    report(
      previous.name === id.name
        ? diagnostic('duplicate-name', { what, name: id.name }, id.span, { related })
        : diagnostic('case-conflict', { what, name: id.name, previous: previous.name }, id.span, { related }),
    );
  }
}
