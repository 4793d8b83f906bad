/** Strings in and out of linear memory, in the three encodings of the Canonical ABI. Spec: `load_string_from_range`, `store_string_into_range`. */
import { alloc, MAX_BYTE_LENGTH, outside, realloc, type ComponentInstance } from './instance.ts';
import { trap } from './trap.ts';

export type StringEncoding = 'utf8' | 'utf16' | 'latin1+utf16';

/** Marks a `latin1+utf16` length as UTF-16. Spec: `utf16_tag`. */
const UTF16_TAG = 0x80000000;
/** Up to this length a loop over code units beats the encoder, and over bytes the decoder: measured. */
const SHORT_LOWER = 24;
const SHORT_LIFT = 11;

const encoder = new TextEncoder();
/** A byte-order mark is part of the string, and malformed bytes trap. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf16Decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

/** Node's `Buffer` reads ASCII twice as fast as the decoder for some hundred bytes; absent in browsers. */
type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;
const latin1Slice = (globalThis as { Buffer?: { prototype: { latin1Slice?: Latin1Slice } } }).Buffer
  ?.prototype.latin1Slice;
const LATIN1_SLICE_MAX = 256;

/** Lowers a string that is known to be one: gives its pointer and leaves its (tagged) length in `cx.len`. */
export function lowerStringValue(cx: ComponentInstance, s: string): number {
  if (cx.stringEncoding !== 'utf8') return lowerWide(cx, s);
  const n = s.length;
  if (n === 0) {
    cx.len = 0;
    return 1;
  }
  if (n > MAX_BYTE_LENGTH) tooLong(n);
  const p = alloc(cx, 1, n);
  const bytes = cx.u8;
  cx.len = n;
  if (n > SHORT_LOWER) return encode(cx, s, p, n);
  for (let i = 0; i < n; i++) {
    const unit = s.charCodeAt(i);
    if (unit > 127) return encodeRest(cx, s, p, n, i, i);
    bytes[p + i] = unit;
  }
  return p;
}

function tooLong(n: number): never {
  throw new RangeError(`string of ${n} code units is longer than the ${MAX_BYTE_LENGTH} that fit a string`);
}

function encode(cx: ComponentInstance, s: string, p: number, n: number): number {
  const { read, written } = encoder.encodeInto(s, cx.u8.subarray(p, p + n));
  return read === n ? p : encodeRest(cx, s, p, n, read, written);
}

/** Not ASCII: grows to the worst case, then shrinks. Lone surrogates become U+FFFD. Spec: `store_utf16_to_utf8`. */
function encodeRest(
  cx: ComponentInstance,
  s: string,
  p: number,
  n: number,
  read: number,
  done: number,
): number {
  const most = done + (n - read) * 3;
  const q = realloc(cx, p, n, 1, most);
  cx.len = done + encoder.encodeInto(s.slice(read), cx.u8.subarray(q + done, q + most)).written;
  return cx.len === most ? q : realloc(cx, q, most, 1, cx.len);
}

/** Lifts a string from a range that the guest gave. */
export function liftString(cx: ComponentInstance, p: number, n: number): string {
  if (cx.stringEncoding !== 'utf8') return liftWide(cx, p, n);
  if (p + n > cx.u8.length || n > MAX_BYTE_LENGTH) outsideString(cx, p, n, 0);
  if (n > SHORT_LIFT) return decode(cx, p, n);
  const bytes = cx.u8;
  let s = '';
  for (let i = 0; i < n; i++) {
    const byte = bytes[p + i]!;
    if (byte > 127) return decodeUtf8(cx, p, n);
    s += String.fromCharCode(byte);
  }
  return s;
}

function decode(cx: ComponentInstance, p: number, n: number): string {
  if (latin1Slice === undefined || n > LATIN1_SLICE_MAX) return decodeUtf8(cx, p, n);
  const bytes = cx.u8;
  const end = p + n;
  const aligned = end - 3;
  let i = p;
  for (; i < aligned; i += 4) {
    if ((bytes[i]! | bytes[i + 1]! | bytes[i + 2]! | bytes[i + 3]!) > 127) return decodeUtf8(cx, p, n);
  }
  for (; i < end; i++) if (bytes[i]! > 127) return decodeUtf8(cx, p, n);
  return latin1Slice.call(bytes, p, end);
}

function decodeUtf8(cx: ComponentInstance, p: number, n: number): string {
  try {
    return decoder.decode(cx.u8.subarray(p, p + n));
  } catch {
    return trap('string is not valid UTF-8');
  }
}

function outsideString(cx: ComponentInstance, p: number, n: number, mask: number): void {
  if (n > MAX_BYTE_LENGTH) trap(`string byte length ${n} is greater than ${MAX_BYTE_LENGTH}`);
  outside(cx, p, n, mask);
}

/** Spec: `store_string_to_utf16`, `store_string_to_latin1_or_utf16`. */
function lowerWide(cx: ComponentInstance, s: string): number {
  const n = s.length;
  if (n > MAX_BYTE_LENGTH) tooLong(n);
  const latin1 = cx.stringEncoding === 'latin1+utf16' && isLatin1(s);
  if (n === 0) {
    cx.len = 0;
    return 2;
  }
  const p = alloc(cx, 2, latin1 ? n : 2 * n);
  const bytes = cx.u8;
  if (latin1) {
    for (let i = 0; i < n; i++) bytes[p + i] = s.charCodeAt(i);
    cx.len = n;
    return p;
  }
  const scalars = s.toWellFormed();
  for (let i = 0; i < n; i++) {
    const unit = scalars.charCodeAt(i);
    bytes[p + 2 * i] = unit & 255;
    bytes[p + 2 * i + 1] = unit >> 8;
  }
  cx.len = cx.stringEncoding === 'utf16' ? n : n + UTF16_TAG;
  return p;
}

function isLatin1(s: string): boolean {
  for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) > 255) return false;
  return true;
}

function liftWide(cx: ComponentInstance, p: number, tagged: number): string {
  const latin1 = cx.stringEncoding === 'latin1+utf16' && tagged < UTF16_TAG;
  const units = cx.stringEncoding === 'latin1+utf16' && !latin1 ? tagged - UTF16_TAG : tagged;
  const size = latin1 ? units : 2 * units;
  if ((p & 1) !== 0 || p + size > cx.u8.length || size > MAX_BYTE_LENGTH) outsideString(cx, p, size, 1);
  const bytes = cx.u8.subarray(p, p + size);
  if (!latin1) {
    try {
      return utf16Decoder.decode(bytes);
    } catch {
      return trap('string is not valid UTF-16');
    }
  }
  let s = '';
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < size; i += 4096) s += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return s;
}
