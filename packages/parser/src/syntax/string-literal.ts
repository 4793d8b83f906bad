/** Decodes a string literal, escapes and all. WIT.md: "String Literals", which are the names of core wasm text. */

/** `at` is where in the literal the problem is. */
export type DecodedString =
  { readonly text: string } | { readonly problem: string; readonly at: number; readonly length: number };

/** `literal` includes its quotes. Escapes that name bytes must make up UTF-8 together. */
export function decodeString(literal: string): DecodedString {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const body = literal.slice(1, -1);
  for (let at = 0; at < body.length;) {
    if (body[at] !== '\\') {
      const end = body.indexOf('\\', at) < 0 ? body.length : body.indexOf('\\', at);
      const plain = body.slice(at, end);
      const control = plain.search(/\p{Cc}/u);
      if (control >= 0) return problem('control characters must be escaped', at + control, 1);
      for (const byte of encoder.encode(plain)) bytes.push(byte);
      at = end;
      continue;
    }
    const rest = body.slice(at, at + 16);
    const simple = simpleEscapes[rest[1] ?? ''];
    const unicode = /^\\u\{([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)\}/.exec(rest);
    const byte = /^\\([0-9a-fA-F]{2})/.exec(rest);
    if (simple !== undefined) {
      bytes.push(simple);
      at += 2;
    } else if (unicode !== null) {
      const scalar = Number.parseInt(unicode[1]!.replaceAll('_', ''), 16);
      const isScalar = scalar <= 0x10ffff && (scalar < 0xd800 || scalar > 0xdfff);
      if (!isScalar)
        return problem(`\`${unicode[0]}\` is not a Unicode scalar value`, at + 1, unicode[0].length - 1);
      for (const unit of encoder.encode(String.fromCodePoint(scalar))) bytes.push(unit);
      at += unicode[0].length;
    } else if (byte !== null) {
      bytes.push(Number.parseInt(byte[1]!, 16));
      at += 3;
    } else {
      return problem(`\`${rest.slice(0, 2)}\` is not an escape`, at + 1, 1);
    }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes)) };
  } catch {
    return problem('its bytes are not UTF-8', -1, literal.length);
  }
}

// The body begins behind the opening quote.
function problem(why: string, at: number, length: number): DecodedString {
  return { problem: why, at: at + 1, length };
}

const simpleEscapes: Readonly<Record<string, number>> = {
  '"': 0x22,
  "'": 0x27,
  '\\': 0x5c,
  t: 0x09,
  n: 0x0a,
  r: 0x0d,
};
