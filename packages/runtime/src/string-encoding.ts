/** Strings in and out of linear memory, in the three encodings of the Canonical ABI. Spec: `load_string_from_range`, `store_string_into_range`. */
import {
  alloc,
  allocFrom,
  MAX_BYTE_LENGTH,
  outsideValue,
  realloc,
  type ComponentInstance,
} from './instance.ts';
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
const utf16Decoder: TextDecoder = /* @__PURE__ */ new TextDecoder('utf-16le', {
  fatal: true,
  ignoreBOM: true,
});

/** Node's `Buffer` reads ASCII twice as fast as the decoder for some hundred bytes; absent in browsers. */
type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;
const latin1Slice = (globalThis as { Buffer?: { prototype: { latin1Slice?: Latin1Slice } } }).Buffer
  ?.prototype.latin1Slice;
const LATIN1_SLICE_MAX = 256;

/** Lowers a string that is known to be one: gives its pointer and leaves its (tagged) length in `cx.len`. */
export function lowerStringValue(cx: ComponentInstance, s: string): number {
  return cx.stringEncoding === 'utf8' ? lowerUtf8(cx, s) : lowerWide(cx, s);
}

/** The same in UTF-8, which is all that generated code needs. */
export function lowerUtf8(cx: ComponentInstance, s: string): number {
  const n = s.length;
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

/** Not ASCII: grows to the worst case, then shrinks. Lone surrogates become U+FFFD. Spec: `store_string_to_utf8`. */
function encodeRest(
  cx: ComponentInstance,
  s: string,
  p: number,
  n: number,
  read: number,
  done: number,
  most: number = 3 * n,
): number {
  const q = realloc(cx, p, n, 1, most);
  cx.len = done + encoder.encodeInto(s.slice(read), cx.u8.subarray(q + done, q + most)).written;
  return cx.len === most ? q : realloc(cx, q, most, 1, cx.len);
}

/** Lifts a string from a range that the guest gave, by its (tagged) length. */
export function liftStringValue(cx: ComponentInstance, p: number, n: number): string {
  return cx.stringEncoding === 'utf8' ? liftUtf8(cx, p, n) : liftWide(cx, p, n);
}

/** The same in UTF-8. */
export function liftUtf8(cx: ComponentInstance, p: number, n: number): string {
  checkString(cx, p, n, 0);
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
  return isAscii(cx.u8, p, p + n) ? latin1Slice.call(cx.u8, p, p + n) : decodeUtf8(cx, p, n);
}

function isAscii(bytes: Uint8Array, p: number, end: number): boolean {
  const aligned = end - 3;
  let i = p;
  for (; i < aligned; i += 4) {
    if ((bytes[i]! | bytes[i + 1]! | bytes[i + 2]! | bytes[i + 3]!) > 127) return false;
  }
  for (; i < end; i++) if (bytes[i]! > 127) return false;
  return true;
}

function decodeUtf8(cx: ComponentInstance, p: number, n: number): string {
  try {
    return decoder.decode(cx.u8.subarray(p, p + n));
  } catch {
    return trap('invalid utf-8 in a string');
  }
}

function checkString(cx: ComponentInstance, p: number, n: number, mask: number): void {
  if ((p & mask) !== 0 || p + n > cx.u8.length || n > MAX_BYTE_LENGTH) outsideValue(cx, p, n, mask, 'string');
}

/** A string of the host, exactly: as Latin-1 or as UTF-16. Spec: `store_string_copy`. */
function lowerWide(cx: ComponentInstance, s: string): number {
  const n = s.length;
  if (n > MAX_BYTE_LENGTH) tooLong(n);
  if (cx.stringEncoding === 'latin1+utf16' && isLatin1(s)) {
    const p = alloc(cx, 2, n);
    writeLatin1(cx, s, p);
    return p;
  }
  const p = alloc(cx, 2, 2 * n);
  writeUtf16(cx, s.toWellFormed(), p);
  return p;
}

/** Writes to a checked range and leaves the length in `cx.len`. */
function writeLatin1(cx: ComponentInstance, s: string, p: number): void {
  const bytes = cx.u8;
  for (let i = 0; i < s.length; i++) bytes[p + i] = s.charCodeAt(i);
  cx.len = s.length;
}

/** Writes to a checked range and leaves the (tagged) length in `cx.len`. */
function writeUtf16(cx: ComponentInstance, s: string, p: number): void {
  const { view } = cx;
  for (let i = 0; i < s.length; i++) view.setUint16(p + 2 * i, s.charCodeAt(i), true);
  cx.len = cx.stringEncoding === 'utf16' ? s.length : s.length + UTF16_TAG;
}

function isLatin1(s: string): boolean {
  for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) > 255) return false;
  return true;
}

function liftWide(cx: ComponentInstance, p: number, tagged: number): string {
  const latin1 = cx.stringEncoding === 'latin1+utf16' && tagged < UTF16_TAG;
  const units = cx.stringEncoding === 'latin1+utf16' && !latin1 ? tagged - UTF16_TAG : tagged;
  const size = latin1 ? units : 2 * units;
  checkString(cx, p, size, 1);
  if (!latin1) return decodeUtf16(cx, p, size);
  const bytes = cx.u8.subarray(p, p + size);
  let s = '';
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < size; i += 4096) s += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return s;
}

function decodeUtf16(cx: ComponentInstance, p: number, size: number): string {
  try {
    return utf16Decoder.decode(cx.u8.subarray(p, p + size));
  } catch {
    return trap('invalid utf-16 in a string: unpaired surrogate');
  }
}

/**
 * Moves a string from the memory of one component to that of another: gives its pointer there, and leaves its (tagged)
 * length in `to.len`. Spec: `load_string_from_range`, `store_string_into_range`.
 */
export function transcode(from: ComponentInstance, p: number, tagged: number, to: ComponentInstance): number {
  const isDynamic = from.stringEncoding === 'latin1+utf16';
  const isTagged = isDynamic && tagged >= UTF16_TAG;
  const isWide = isTagged || from.stringEncoding === 'utf16';
  const isUtf8 = from.stringEncoding === 'utf8';
  const n = isTagged ? tagged - UTF16_TAG : tagged;
  if (isUtf8 && to.stringEncoding === 'utf8') {
    checkString(from, p, n, 0);
    if (!isAscii(from.u8, p, p + n)) decodeUtf8(from, p, n);
    return copy(from, p, to, 1, n, n);
  }
  const s = liftStringValue(from, p, tagged);
  switch (to.stringEncoding) {
    case 'utf8':
      // Spec: `store_utf16_to_utf8`, `store_latin1_to_utf8`.
      return toUtf8(to, s, (isWide ? 3 : 2) * n);
    case 'utf16':
      if (isUtf8) return writeShrunken(to, s, alloc(to, 2, 2 * n), n);
      return isWide ? copy(from, p, to, 2, 2 * n, n) : lowerWide(to, s);
    case 'latin1+utf16':
      if (!isWide && isDynamic) return copy(from, p, to, 2, n, n);
      return isDynamic ? narrowed(to, copy(from, p, to, 2, 2 * n, tagged), n) : toEither(to, s, n);
  }
}

/** Spec: `store_string_copy`. */
function copy(
  from: ComponentInstance,
  p: number,
  to: ComponentInstance,
  alignment: number,
  size: number,
  tagged: number,
): number {
  const q = allocFrom(from, to, alignment, size);
  to.u8.set(from.u8.subarray(p, p + size), q);
  to.len = tagged;
  return q;
}

/** Spec: `store_string_to_utf8`. */
function toUtf8(to: ComponentInstance, s: string, most: number): number {
  const n = s.length;
  const p = alloc(to, 1, n);
  const { read, written } = encoder.encodeInto(s, to.u8.subarray(p, p + n));
  to.len = n;
  // What is not ASCII needs more room, even where it begins with what is.
  return read === n && written === n ? p : encodeRest(to, s, p, n, read, written, most);
}

/** Writes to room for so many units, and gives back what is too much. Spec: `store_utf8_to_utf16`. */
function writeShrunken(to: ComponentInstance, s: string, p: number, units: number): number {
  writeUtf16(to, s, p);
  return s.length === units ? p : realloc(to, p, 2 * units, 2, 2 * s.length);
}

/** Spec: `store_string_to_latin1_or_utf16`. */
function toEither(to: ComponentInstance, s: string, units: number): number {
  const n = s.length;
  const p = alloc(to, 2, units);
  if (!isLatin1(s)) return writeShrunken(to, s, realloc(to, p, units, 2, 2 * units), units);
  writeLatin1(to, s, p);
  return n === units ? p : realloc(to, p, units, 2, n);
}

/** Spec: `store_probably_utf16_to_latin1_or_utf16`. */
function narrowed(to: ComponentInstance, p: number, n: number): number {
  const bytes = to.u8;
  for (let i = 1; i < 2 * n; i += 2) if (bytes[p + i] !== 0) return p;
  for (let i = 0; i < n; i++) bytes[p + i] = bytes[p + 2 * i]!;
  to.len = n;
  return realloc(to, p, 2 * n, 1, n);
}
