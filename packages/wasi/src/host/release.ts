/** Gives memory back at once, instead of leaving it to the garbage collector. */

/** Below this, asking costs more than it saves. */
const least = 4096;

/**
 * Frees the memory behind an array that nobody uses any more; the array is empty from then on. Leaves it alone if it
 * is small, or only a part of a buffer.
 *
 * What a program moves through streams counts against V8's limit of memory outside its heap: without this most of the
 * time goes into full garbage collections.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < least || buffer.byteLength !== byteLength) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
