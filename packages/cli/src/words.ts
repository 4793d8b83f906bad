/** Numbers in messages. */

/** `1 file`, `3,200 lines`. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;
}
