/** The guest's memory, checked: whatever lies outside ends the call with `fault`, here and nowhere else. */
import type { CoreGuest } from '@wittle/runtime';
import { Failure, errno } from './errno.ts';

/**
 * Loads and stores in the memory of one guest. Pointers and lengths are unsigned and may add up to more than 2^32: they
 * do not wrap. The memory may grow between two accesses, so also while a call waits. No alignment is asked for.
 */
export class GuestMemory {
  readonly #guest: CoreGuest;
  // Views of memory that has grown since have length 0 (or, when shared, their old length): the bounds check notices.
  #bytes: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(this.#bytes.buffer);

  constructor(guest: CoreGuest) {
    this.#guest = guest;
  }

  /** @throws Failure `fault` when a part of `length` bytes at `pointer` is outside. */
  check(pointer: number, length: number): void {
    if (pointer + length > this.#bytes.length) this.#checkAnew(pointer + length);
  }

  #checkAnew(end: number): void {
    const { buffer } = this.#guest.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    if (end > buffer.byteLength) throw new Failure(errno.fault);
  }

  loadU8(pointer: number): number {
    this.check(pointer, 1);
    return this.#view.getUint8(pointer);
  }
  loadU16(pointer: number): number {
    this.check(pointer, 2);
    return this.#view.getUint16(pointer, true);
  }
  loadU32(pointer: number): number {
    this.check(pointer, 4);
    return this.#view.getUint32(pointer, true);
  }
  loadU64(pointer: number): bigint {
    this.check(pointer, 8);
    return this.#view.getBigUint64(pointer, true);
  }

  storeU8(pointer: number, value: number): void {
    this.check(pointer, 1);
    this.#view.setUint8(pointer, value);
  }
  storeU16(pointer: number, value: number): void {
    this.check(pointer, 2);
    this.#view.setUint16(pointer, value, true);
  }
  storeU32(pointer: number, value: number): void {
    this.check(pointer, 4);
    this.#view.setUint32(pointer, value, true);
  }
  storeU64(pointer: number, value: bigint): void {
    this.check(pointer, 8);
    this.#view.setBigUint64(pointer, value, true);
  }

  /** The whole memory itself, of which `length` bytes at `pointer` are to be used before the guest runs on. */
  all(pointer: number, length: number): Uint8Array {
    this.check(pointer, length);
    return this.#bytes;
  }

  /** Copies `length` bytes at `pointer` into `target` at `offset`. */
  load(pointer: number, length: number, target: Uint8Array, offset: number): void {
    this.check(pointer, length);
    if (length === 0) return; // Nothing was out of bounds, so the view may be an old one.
    const bytes = this.#bytes;
    // An array for a few bytes takes longer than they do.
    if (length <= 32) for (let i = 0; i < length; i++) target[offset + i] = bytes[pointer + i]!;
    else target.set(bytes.subarray(pointer, pointer + length), offset);
  }
  /** Copies `bytes` to `pointer`. */
  store(pointer: number, bytes: Uint8Array): void {
    this.check(pointer, bytes.length);
    if (bytes.length === 0) return;
    this.#bytes.set(bytes, pointer);
  }
  /** Makes `length` bytes (not 0) at `pointer` zero: a structure's padding is never left as it was. */
  clear(pointer: number, length: number): void {
    this.check(pointer, length);
    this.#bytes.fill(0, pointer, pointer + length);
  }
}
