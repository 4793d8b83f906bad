/** The canon section. Binary.md: "Canonical Definitions". */
import type {
  AsyncCanon,
  AsyncCanonKind,
  Canon,
  CanonItem,
  CanonOption,
  Index,
  ValueTypeReference,
} from './definition.ts';
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
      if (reader.byte() !== 0x00) reader.unknown('sort of function');
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

function readAsync(reader: ByteReader, [kind, ...immediates]: AsyncForm): AsyncCanon {
  let type: Index | undefined;
  let result: ValueTypeReference | undefined;
  let options: readonly CanonOption[] = [];
  let flag = false;
  let context: AsyncCanon['context'];
  let memory: Index | undefined;
  let table: Index | undefined;
  for (const each of immediates) {
    if (each === 'type') type = reader.index();
    else if (each === 'result') result = readResult(reader);
    else if (each === 'options') options = readOptions(reader);
    else if (each === 'flag') flag = reader.flag();
    else if (each === 'context') context = { type: readCoreValueType(reader), slot: reader.u32() };
    else if (each === 'memory') memory = reader.index();
    else table = reader.index();
  }
  return { kind, type, result, options, flag, context, memory, table };
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

/** A kind with what follows it, in order. */
type AsyncForm = readonly [
  AsyncCanonKind,
  ...('type' | 'result' | 'options' | 'flag' | 'context' | 'memory' | 'table')[],
];

const asyncCanons: Readonly<Record<number, AsyncForm>> = {
  0x05: ['task.cancel'],
  0x06: ['subtask.cancel', 'flag'],
  0x09: ['task.return', 'result', 'options'],
  0x0a: ['context.get', 'context'],
  0x0b: ['context.set', 'context'],
  0x0c: ['thread.yield', 'flag'],
  0x0d: ['subtask.drop'],
  0x0e: ['stream.new', 'type'],
  0x0f: ['stream.read', 'type', 'options'],
  0x10: ['stream.write', 'type', 'options'],
  0x11: ['stream.cancel-read', 'type', 'flag'],
  0x12: ['stream.cancel-write', 'type', 'flag'],
  0x13: ['stream.drop-readable', 'type'],
  0x14: ['stream.drop-writable', 'type'],
  0x15: ['future.new', 'type'],
  0x16: ['future.read', 'type', 'options'],
  0x17: ['future.write', 'type', 'options'],
  0x18: ['future.cancel-read', 'type', 'flag'],
  0x19: ['future.cancel-write', 'type', 'flag'],
  0x1a: ['future.drop-readable', 'type'],
  0x1b: ['future.drop-writable', 'type'],
  0x1c: ['error-context.new', 'options'],
  0x1d: ['error-context.debug-message', 'options'],
  0x1e: ['error-context.drop'],
  0x1f: ['waitable-set.new'],
  0x20: ['waitable-set.wait', 'flag', 'memory'],
  0x21: ['waitable-set.poll', 'flag', 'memory'],
  0x22: ['waitable-set.drop'],
  0x23: ['waitable.join'],
  0x24: ['backpressure.inc'],
  0x25: ['backpressure.dec'],
  0x26: ['thread.index'],
  0x27: ['thread.new-indirect', 'type', 'table'],
  0x28: ['thread.resume-later'],
  0x29: ['thread.suspend', 'flag'],
  0x2a: ['thread.suspend-then-resume', 'flag'],
  0x2b: ['thread.yield-then-resume', 'flag'],
  0x2c: ['thread.suspend-then-promote', 'flag'],
  0x2d: ['thread.yield-then-promote', 'flag'],
  0x40: ['thread.spawn-ref', 'flag', 'type'],
  0x41: ['thread.spawn-indirect', 'flag', 'type', 'table'],
  0x42: ['thread.available-parallelism', 'flag'],
};
