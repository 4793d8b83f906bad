/** What a command may touch of the outside world besides files: two text sinks and a working directory. */

import { fstatSync, writeSync } from 'node:fs';
import { failure, reasonOf } from './failure.ts';

/** Replaced in tests; {@link processIo} is the real one. */
export interface Io {
  /** Takes what was asked for; the text brings its own line ends. */
  readonly stdout: (text: string) => void;
  /** Takes what went wrong. */
  readonly stderr: (text: string) => void;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** `stdout` is read by a person. Default: no. */
  readonly terminal?: boolean;
  /** Takes what is shown for a while, with codes of terminals; only there when a person reads it. */
  readonly progress?: (text: string) => void;
}

/**
 * The process's own streams. A reader that goes away (`wittle resolve … | head`) ends the output without a word;
 * what else keeps it from being written is a `Failure`.
 */
export function processIo(): Io {
  const terminal = isTerminal(1);
  return {
    stdout: writerOf(1, terminal),
    stderr: writerOf(2, isTerminal(2)),
    cwd: process.cwd(),
    terminal,
    ...(!process.env['CI'] && isTerminal(2) && { progress: writerOf(2, true) }),
  };
}

/** Whether the system has taken all that was written. */
export function isWritten(): boolean {
  return [...streams].every(({ writableLength }) => writableLength === 0);
}

// It takes Node 3 ms to make a stream, so it makes one only where it is needed.
function streamOf(fd: 1 | 2): NodeJS.WriteStream {
  return fd === 1 ? process.stdout : process.stderr;
}

function isTerminal(fd: 1 | 2): boolean {
  try {
    const found = fstatSync(fd);
    if (found.isFile() || found.isFIFO() || found.isSocket()) return false;
  } catch {
    // Node knows better what it is.
  }
  return streamOf(fd).isTTY;
}

function writerOf(fd: 1 | 2, terminal: boolean): (text: string) => void {
  let isDirect = !terminal;
  return (text) => {
    if (gone.has(fd)) return;
    let rest = Buffer.from(text);
    while (isDirect && rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(fd, rest));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Whoever shares the pipe may have asked not to wait for its reader.
        isDirect = false;
        if (code === 'EAGAIN') break;
        gone.add(fd);
        if (code === 'EPIPE' || fd === 2) return;
        throw failure(`cannot write the output: ${reasonOf(error)}`);
      }
    }
    if (rest.length > 0) throughStream(fd, rest);
  };
}

function throughStream(fd: 1 | 2, bytes: Uint8Array): void {
  const stream = streamOf(fd);
  if (!streams.has(stream)) {
    streams.add(stream);
    stream.on('error', () => gone.add(fd));
  }
  stream.write(bytes);
}

const streams = new Set<NodeJS.WriteStream>();
const gone = new Set<1 | 2>();
