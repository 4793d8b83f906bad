/** Numbers as the text format writes them. */

/** `-0x1_f`, `42`; throws `SyntaxError` for anything else. */
export function integer(text: string): bigint {
  const { sign, digits } = parts(text);
  const value = BigInt(digits);
  return sign < 0 ? -value : value;
}

/** `1.5e3`, `0x1.8p-1`, `-inf`, `nan`, `nan:0x1`, `nan:canonical`. JavaScript tells one NaN from another nowhere. */
export function float(text: string): number {
  const { sign, digits } = parts(text);
  if (digits === 'inf') return sign * Infinity;
  if (digits.startsWith('nan')) return NaN;
  if (!digits.startsWith('0x')) return sign * decimal(digits);
  const [, whole = '', fraction = '', exponent = '0'] =
    /^0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i.exec(digits) ?? notANumber(text);
  // Exact as long as the digits fit into 53 bits, which those of scripts do.
  return sign * Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
}

function decimal(digits: string): number {
  return /^[\d.]/.test(digits) ? Number(digits) : notANumber(digits);
}

function parts(text: string): { readonly sign: 1 | -1; readonly digits: string } {
  const digits = text.replaceAll('_', '').replace(/^[+-]/, '');
  return { sign: text.startsWith('-') ? -1 : 1, digits };
}

function notANumber(text: string): never {
  throw new SyntaxError(`not a number: ${text}`);
}
