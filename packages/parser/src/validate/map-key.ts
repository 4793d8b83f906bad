/** The key of a map is a primitive type that can be compared. WIT.md: production `kt`. */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { MapTypeNode } from '../syntax/ast.ts';

const notKeys: ReadonlySet<string> = new Set(['f32', 'f64', 'error-context']);

/** Reports a map with another key. An alias is no key, even one of a primitive type. */
export function checkMapKey({ key, span }: MapTypeNode, report: Report): void {
  if (key.kind === 'primitive-type' && !notKeys.has(key.name)) return;
  const hint = 'a key is `bool`, `char`, `string` or an integer type, written out';
  const related = [{ message: 'the key', span: key.span }];
  report(diagnostic('invalid-map-key', {}, span, { hint, related }));
}
