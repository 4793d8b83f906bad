/** What tells one state of a file or directory from another, without reading it. */
import type { BigIntStats } from 'node:fs';

export function fileStamp({ mtimeNs, size, ino }: BigIntStats): string {
  return `${mtimeNs}:${size}:${ino}`;
}
