/** The canon section. Binary.md: "Canonical Definitions". */
import type { AsyncCanon, AsyncCanonKind, Canon, CanonItem, CanonOption } from './definition.ts';
import { readCoreValueType } from './core-types.ts';
import type { ByteReader } from './reader.ts';
import { readResult } from './types.ts';

/** Spec: `canon`. */
export function readCanon(reader: ByteReader): CanonItem {
  const { offset } = reader;
  return { kind: 'canon', offset, canon: readDefinition(reader) };
}

function readDefinition(reader: ByteReader): Canon {
  const code = reader.byte();
  switch (code) {
    case 0x00:
    case 0x01: {
      reader.expect(0x00);
      const callee = reader.index();
      const options = readOptions(reader);
      if (code === 0x01) return { kind: 'lower', callee, options };
      return { kind: 'lift', callee, options, type: reader.index() };
    }
    case 0x02:
      return { kind: 'resource.new', type: reader.index() };
    case 0x03:
      return { kind: 'resource.drop', type: reader.index() };
    case 0x04:
      return { kind: 'resource.rep', type: reader.index() };
    default:
      return readAsync(reader, asyncCanons[code] ?? reader.unknown('canonical function'));
  }
}

function readAsync(reader: ByteReader, form: string): AsyncCanon {
  const [kind, , ...immediates] = form.split(' ');
  const found: Record<string, unknown> = { kind, options: [], flag: false };
  for (const each of immediates) {
    found[each] =
      each === 'result'
        ? readResult(reader)
        : each === 'options'
          ? readOptions(reader)
          : each === 'flag'
            ? reader.flag()
            : each === 'context'
              ? { type: readCoreValueType(reader), slot: reader.u32() }
              : reader.index();
  }
  return found as unknown as AsyncCanon;
}

/** Spec: `opts`. */
function readOptions(reader: ByteReader): CanonOption[] {
  return reader.vector((): CanonOption => {
    const { offset } = reader;
    const kind = reader.code(optionKinds, 'canonical option');
    switch (kind) {
      case 'memory':
      case 'realloc':
      case 'post-return':
      case 'callback':
        return { kind, ...reader.index() };
      default:
        return { kind, offset };
    }
  });
}

const optionKinds = [
  'utf8',
  'utf16',
  'latin1+utf16',
  'memory',
  'realloc',
  'post-return',
  'async',
  'callback',
] as const;

/** The letters of the core signature of a built-in: parameters, a colon, results. `-` where it depends on types. */
export function signatureOf(kind: AsyncCanonKind): string {
  return Object.values(asyncCanons)
    .find((form) => form.startsWith(`${kind} `))!
    .split(' ')[1]!;
}

/** A kind, its core signature, and what follows it in binaries, in order. */
const asyncCanons: Readonly<Record<number, `${AsyncCanonKind} ${string}`>> = {
  0x05: 'task.cancel :',
  0x06: 'subtask.cancel i:i flag',
  0x09: 'task.return - result options',
  0x0a: 'context.get :c context',
  0x0b: 'context.set c: context',
  0x0c: 'thread.yield :i flag',
  0x0d: 'subtask.drop i:',
  0x0e: 'stream.new :l type',
  0x0f: 'stream.read ipp:p type options',
  0x10: 'stream.write ipp:p type options',
  0x11: 'stream.cancel-read i:i type flag',
  0x12: 'stream.cancel-write i:i type flag',
  0x13: 'stream.drop-readable i: type',
  0x14: 'stream.drop-writable i: type',
  0x15: 'future.new :l type',
  0x16: 'future.read ip:i type options',
  0x17: 'future.write ip:i type options',
  0x18: 'future.cancel-read i:i type flag',
  0x19: 'future.cancel-write i:i type flag',
  0x1a: 'future.drop-readable i: type',
  0x1b: 'future.drop-writable i: type',
  0x1c: 'error-context.new pp:i options',
  0x1d: 'error-context.debug-message ip: options',
  0x1e: 'error-context.drop i:',
  0x1f: 'waitable-set.new :i',
  0x20: 'waitable-set.wait ip:i flag memory',
  0x21: 'waitable-set.poll ip:i flag memory',
  0x22: 'waitable-set.drop i:',
  0x23: 'waitable.join ii:',
  0x24: 'backpressure.inc :',
  0x25: 'backpressure.dec :',
  0x26: 'thread.index :i',
  0x27: 'thread.new-indirect ut:i type table',
  0x28: 'thread.resume-later i:',
  0x29: 'thread.suspend :i flag',
  0x2a: 'thread.suspend-then-resume i:i flag',
  0x2b: 'thread.yield-then-resume i:i flag',
  0x2c: 'thread.suspend-then-promote i:i flag',
  0x2d: 'thread.yield-then-promote i:i flag',
  0x40: 'thread.spawn-ref rt:i flag type',
  0x41: 'thread.spawn-indirect ut:i flag type table',
  0x42: 'thread.available-parallelism :i flag',
};
