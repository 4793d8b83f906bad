/** Which `.wasm` files say their world: components, and core modules that were made for one. */
import { readFileSync, statSync } from 'node:fs';
import { isComponent } from '@wittle/component';
import { fileStamp } from './file-stamp.ts';

/** What a binary is to us. */
export type GuestKind = 'component' | 'core-module';

/** `undefined` for a core module that does not say its world, and for what is no WebAssembly: others may know it. */
export function guestKind(bytes: Uint8Array): GuestKind | undefined {
  if (isComponent(bytes)) return 'component';
  return namesWorld(bytes) ? 'core-module' : undefined;
}

/** Whether a file is a guest; the answer is kept until the file changes. */
export function isGuestFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (found?.isFile() !== true) return false;
  const stamp = fileStamp(found);
  const last = known.get(path);
  if (last?.stamp === stamp) return last.isGuest;
  const isGuest = guestKind(readFileSync(path)) !== undefined;
  known.set(path, { stamp, isGuest });
  return isGuest;
}

const known = new Map<string, { readonly stamp: string; readonly isGuest: boolean }>();

/** Whether there is a custom section `component-type`, where tools leave a core module's world. */
function namesWorld(bytes: Uint8Array): boolean {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (header.some((byte, index) => bytes[index] !== byte)) return false;
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const size = u32(bytes, at + 1);
    const end = size.end + size.value;
    if (id === 0) {
      const name = u32(bytes, size.end);
      const text = new TextDecoder().decode(bytes.subarray(name.end, Math.min(name.end + name.value, end)));
      if (text.startsWith('component-type')) return true;
    }
    at = end;
  }
  return false;
}

/** A LEB128 number, and where it ends. One that is cut off ends with the bytes. */
function u32(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; shift < 35 && at < bytes.length; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return { value, end: at };
}
