/** Bytes in the order they came, kept in the chunks they came in. */

/** A first-in first-out queue of bytes that hands out whole chunks and copies none. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #head = 0;
  #length = 0;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Takes over the chunk; empty ones are dropped. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Between 1 and `max` bytes from the front (`max` is at least 1 and the queue is not empty): never joins chunks. */
  take(max: number): Uint8Array {
    const chunk = this.#chunks[this.#head]!;
    if (chunk.length > max) {
      this.#chunks[this.#head] = chunk.subarray(max);
      this.#length -= max;
      return chunk.subarray(0, max);
    }
    this.#length -= chunk.length;
    this.#head++;
    if (this.#length === 0) {
      this.#chunks.length = 0;
      this.#head = 0;
    } else if (this.#head === 256) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
    return chunk;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#length = 0;
  }
}
