/** Numbers of single precision in decimal: read with one rounding, printed with no more digits than needed. */

/** The f32 nearest to a decimal number; of two that are as near, the even one. Beyond the largest: infinity. */
export function parseF32(text: string): number {
  const wide = Number(text);
  const narrow = Math.fround(wide);
  if (narrow === wide) return narrow;
  // `Number` has rounded already. That matters only if it led to the middle between two f32.
  const other = neighbour(narrow, wide);
  if (Math.abs(wide - finite(narrow)) !== Math.abs(finite(other) - wide)) return narrow;
  const side = compareToDecimal(wide, text);
  if (side === 0) return narrow;
  const isAbove = wide > 0 ? side > 0 : side < 0;
  return isAbove === other > narrow ? other : narrow;
}

/** The shortest decimal number that {@link parseF32} reads as this f32; `value` is finite. */
export function shortestF32(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (parseF32(text) === value) return text;
  }
  return String(value);
}

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** The f32 beside `value` in the direction of `towards`. */
function neighbour(value: number, towards: number): number {
  floats[0] = value;
  bits[0]! += Math.abs(towards) > Math.abs(value) ? 1 : -1;
  return floats[0];
}

/** Where infinity would be if the f32 went on: that is what rounding to it goes by. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Math.sign(value) * 2 ** 128;
}

/** The sign of (the decimal number - `value`), both without their signs, exactly; `value` is finite and not 0. */
function compareToDecimal(value: number, text: string): number {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(
    text,
  )!;
  const tens = Number(exponent) - fraction.length;
  let decimal = BigInt(whole + fraction);
  // The middle between two f32 is a whole number of 2^-150.
  let binary = BigInt(Math.abs(value) * 2 ** 150);
  if (tens >= 0) decimal *= 10n ** BigInt(tens);
  else binary *= 10n ** BigInt(-tens);
  decimal <<= 150n;
  return decimal > binary ? 1 : decimal < binary ? -1 : 0;
}
