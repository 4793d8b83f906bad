/** A stream or future does not carry borrows, which end with the call. Explainer.md: "Asynchronous Value Types". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { TypeDefinition } from '../model/index.ts';
import type { Context } from '../resolve/context.ts';

/** Reports a stream or future of something with a `borrow` in it. */
export function checkBorrows({ shape, span }: TypeDefinition, { borrowing, reportLink }: Context): void {
  if (shape.kind !== 'stream' && shape.kind !== 'future') return;
  if (shape.element?.kind !== 'type-definition' || !borrowing.has(shape.element)) return;
  reportLink(diagnostic('borrow-in-stream', { what: shape.kind }, span));
}
