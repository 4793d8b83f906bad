/** Standard input and output: Node streams that the host lends to the guest for a while. */
import { fstatSync, readSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { isatty } from 'node:tty';
import type { ByteSink, ByteSource } from './byte-ends.ts';
import { DescriptorSink, writesItself } from './descriptor-sink.ts';
import { discardingSink, emptySource, endedSource } from './fixed-ends.ts';
import type { Instance, Open } from './instance.ts';
import { ReadableSource } from './readable-source.ts';
import { WritableSink } from './writable-sink.ts';

/** A stream the guest reads: the process's own, none, or any other of Node. */
export type StdioInput = 'inherit' | 'ignore' | Readable;
/** A stream the guest writes: the process's own, none, or any other of Node. */
export type StdioOutput = 'inherit' | 'ignore' | Writable;

/** One standard stream. `end` is made at its first use: only to touch `process.stdin` would already change it. */
export interface Stdio<End> {
  readonly end: End;
  readonly isTerminal: boolean;
}

/** Standard input as a source; what the guest leaves unread goes back to the stream. */
export function stdioInput(instance: Instance, choice: StdioInput): Stdio<ByteSource> {
  if (choice === 'ignore') return { end: emptySource, isTerminal: false };
  return lazily(choice, 0, () => {
    const failure = choice === 'inherit' ? directoryFailure() : undefined;
    if (failure !== undefined) return endedSource(failure);
    const readable = choice === 'inherit' ? process.stdin : choice;
    const source = new ReadableSource(readable, instance.limits.bufferSize, false);
    const open: Open = {
      closeNow: () => {
        source.detach();
        instance.open.delete(open);
      },
    };
    instance.open.add(open);
    readable.once('end', () => instance.open.delete(open));
    return source;
  });
}

/** Standard output or error as a sink; the stream itself is never ended. */
export function stdioOutput(
  instance: Instance,
  choice: StdioOutput,
  own: 'stdout' | 'stderr',
): Stdio<ByteSink> {
  if (choice === 'ignore') return { end: discardingSink, isTerminal: false };
  const descriptor = own === 'stdout' ? 1 : 2;
  return lazily(choice, descriptor, () => {
    const writable = choice === 'inherit' ? process[own] : choice;
    const limit = instance.limits.bufferSize;
    const sink =
      choice === 'inherit' && writesItself(process[own], descriptor)
        ? new DescriptorSink(process[own], descriptor, limit)
        : new WritableSink(writable, limit, false);
    instance.atEnd.push(() => sink.detach());
    return sink;
  });
}

/** Node takes a directory for an input without bytes; to read one is an error. */
function directoryFailure(): Error | undefined {
  try {
    if (!fstatSync(0).isDirectory()) return undefined;
    readSync(0, new Uint8Array(1));
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

function lazily<End>(choice: 'inherit' | object, descriptor: number, make: () => End): Stdio<End> {
  let end: End | undefined;
  return {
    get end(): End {
      end ??= make();
      return end;
    },
    get isTerminal(): boolean {
      return typeof choice === 'string' ? isatty(descriptor) : isTerminal(choice);
    },
  };
}

function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
