/** Random bytes, fit for cryptography. Preview 1: `random_get`. */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { Functions } from '../signatures.ts';

/** The most bytes asked of the host at once. */
const maximumChunk = 65_536;

export function randomFunctions({ host, memory }: Context): Pick<Functions, 'random_get'> {
  return {
    /** Fills a buffer. */
    random_get: (buffer, length) => {
      memory.check(buffer, length);
      for (let filled = 0; filled < length;) {
        const wanted = Math.min(length - filled, maximumChunk);
        const bytes = host['wasi:random/random'].getRandomBytes(BigInt(wanted));
        if (bytes.length !== wanted) {
          throw new Error(`wasi:random/random gave ${bytes.length} bytes when asked for ${wanted}`);
        }
        memory.store(buffer + filled, bytes);
        filled += wanted;
      }
      return errno.success;
    },
  };
}
