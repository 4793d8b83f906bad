/** Numbers in messages. */

/** `1 file`, `3,200 lines`. */
export function count(amount: number, noun: string): string {
  // `toLocaleString` would take some milliseconds to get ready.
  const digits = String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${digits} ${noun}${amount === 1 ? '' : 's'}`;
}
