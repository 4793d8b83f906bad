/** The world that a core module was made for: tools leave it in a custom section until they make a component of it. */
import { readCustom } from '../binary/custom.ts';
import type { CustomItem } from '../binary/definition.ts';
import { ByteReader, MalformedBinary } from '../binary/reader.ts';

/** Whether bytes begin as a core module. */
export function isCoreModule(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].every((byte, index) => bytes[index] === byte);
}

/**
 * The section `component-type` of a core module, whose name may go on: its contents are a WIT package in binary form
 * with one world. Throws `MalformedBinary` where there is not exactly one.
 */
export function embeddedWorld(bytes: Uint8Array): CustomItem {
  const reader = new ByteReader(bytes, 8);
  const found: CustomItem[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const contents = reader.slice(reader.u32());
    const custom = id === 0 ? readCustom(contents) : undefined;
    if (custom?.name.startsWith('component-type') === true) found.push(custom);
  }
  const [one, another] = found;
  if (one === undefined) {
    const message = 'this is a core module that does not say its world: it has no section `component-type`';
    throw new MalformedBinary(message, 4);
  }
  if (another !== undefined) {
    throw new MalformedBinary(
      'this core module has several worlds, which are not put together here',
      another.offset,
    );
  }
  return one;
}
