/** The rules of `wasi:io/streams` for writing: permits, zeros, flushes, and splicing one stream into another. */
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { errorOf, Guest, laterErrorOf, streamErrorOf } from '../../../test/driver.ts';
import { MemoryDirectory, WasiTrap, type WasiOptions } from '../../index.ts';
import type { Descriptor } from '../filesystem/types.ts';
import type { InputStream, OutputStream } from './streams.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function streamsOf(options: WasiOptions) {
  const guest = new Guest(options);
  const { imports } = guest.wasi;
  return {
    guest,
    input: imports['wasi:cli/stdin'].getStdin() as InputStream,
    output: imports['wasi:cli/stdout'].getStdout() as OutputStream,
  };
}

/** Takes nothing until it is told to. */
class Stuck extends Writable {
  readonly taken: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(Buffer.from(chunk));
    this.#waiting.push(done);
  }
  go(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
}

test('nothing is written without a permit, and a permit is used up', () => {
  const stdout = new PassThrough();
  const { guest, output } = streamsOf({ stdout });
  using _guest = guest;
  expect(() => output.write(bytes('x'))).toThrow(WasiTrap);
  expect(() => output.write(new Uint8Array(0))).not.toThrow();
  expect(() => output.writeZeroes(1n)).toThrow(/write-zeroes: 1 bytes, but check-write permitted 0/);
  const permit = output.checkWrite();
  output.write(bytes('ab'));
  output.writeZeroes(3n);
  expect(() => output.writeZeroes(permit - 4n)).toThrow(WasiTrap);
  expect(() => output.writeZeroes(0xffff_ffff_ffff_ffffn)).toThrow(WasiTrap);
  expect(stdout.read()).toEqual(Buffer.from('ab\0\0\0'));
});

test('more zeros than fit in one piece are all written', async () => {
  const stdout = new PassThrough({ highWaterMark: 1e6 });
  const { guest, output } = streamsOf({ stdout });
  using _guest = guest;
  output.checkWrite();
  output.writeZeroes(200_001n);
  await output.blockingWriteZeroesAndFlush(4096n);
  expect(stdout.read()).toEqual(Buffer.alloc(204_097));
});

test('blocking writes take 4096 bytes and no more', async () => {
  const stdout = new PassThrough();
  const { guest, output } = streamsOf({ stdout });
  using _guest = guest;
  await output.blockingWriteAndFlush(new Uint8Array(4096));
  expect(() => output.blockingWriteAndFlush(new Uint8Array(4097))).toThrow(/it takes at most 4096/);
  expect(() => output.blockingWriteZeroesAndFlush(4097n)).toThrow(/it takes at most 4096/);
  expect(() => output.blockingWriteZeroesAndFlush(0xffff_ffff_ffff_ffffn)).toThrow(WasiTrap);
});

test('a flush permits nothing until all has left', async () => {
  const stdout = new Stuck();
  const { guest, output } = streamsOf({ stdout });
  using _guest = guest;
  expect(output.checkWrite()).toBeGreaterThan(0n);
  output.write(bytes('abc'));
  output.flush();
  expect(output.checkWrite()).toBe(0n);
  const pollable = output.subscribe();
  expect(pollable.ready()).toBe(false);
  const waiting = pollable.block();
  stdout.go();
  await new Promise((resolve) => setImmediate(resolve));
  stdout.go();
  await waiting;
  expect(output.checkWrite()).toBeGreaterThan(0n);
});

test('a stream that keeps what it is given keeps it, also when bytes are lent', () => {
  const stdout = new PassThrough({ highWaterMark: 1e6 });
  const { guest, output } = streamsOf({ stdout, lendBytes: true });
  using _guest = guest;
  output.checkWrite();
  output.write(new Uint8Array(10_000).fill(1));
  output.write(new Uint8Array(10_000).fill(2));
  expect(stdout.read()).toEqual(Buffer.concat([Buffer.alloc(10_000, 1), Buffer.alloc(10_000, 2)]));
});

test('splicing moves no more than is asked for, is there, or is permitted', async () => {
  const stdin = new PassThrough();
  const stdout = new Stuck({ highWaterMark: 4 });
  const { guest, input, output } = streamsOf({ stdin, stdout, limits: { bufferSize: 4 } });
  using _guest = guest;
  expect(output.splice(input, 10n)).toBe(0n);
  stdin.write('abcdef');
  const pollable = input.subscribe();
  await pollable.block();
  pollable[Symbol.dispose]();
  expect(output.splice(input, 0n)).toBe(0n);
  expect(output.splice(input, 1n)).toBe(1n);
  expect(output.splice(input, 10n)).toBe(3n);
  expect(output.splice(input, 10n)).toBe(0n);
  const waiting = output.blockingSplice(input, 10n);
  for (let round = 0; round < 3; round++) {
    stdout.go();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await waiting).toBe(2n);
  expect(Buffer.concat(stdout.taken).toString()).toBe('abcdef');
  stdin.end();
  stdout.go();
  expect(await laterErrorOf(() => output.blockingSplice(input, 10n))).toEqual({ tag: 'closed' });
});

test('splicing copies a file of many pieces, and ends as the source does', async () => {
  const contents = new Uint8Array(300_000).map((_, index) => index % 251);
  const stdout = new PassThrough({ highWaterMark: 1e6 });
  const { guest, output } = streamsOf({
    stdout,
    preopens: { '/': new MemoryDirectory({ file: contents }) },
    limits: { bufferSize: 1_000_000 },
    lendBytes: true,
  });
  using _guest = guest;
  const [[root]] = guest.wasi.imports['wasi:filesystem/preopens'].getDirectories() as [[Descriptor, string]];
  const input = root.openAt({}, 'file', {}, { read: true }).readViaStream(0n);
  let spliced = 0n;
  for (;;) {
    try {
      spliced += await output.blockingSplice(input, 0xffff_ffffn);
    } catch (error) {
      expect((error as { payload: unknown }).payload).toEqual({ tag: 'closed' });
      break;
    }
  }
  expect(spliced).toBe(300_000n);
  expect(Buffer.from(contents).equals(stdout.read() as Buffer)).toBe(true);
});

test('reading and skipping nothing is done at once, as long as the stream is open', async () => {
  const stdin = new PassThrough();
  const { guest, input } = streamsOf({ stdin });
  using _guest = guest;
  expect(input.read(0n)).toHaveLength(0);
  expect(input.blockingRead(0n)).toHaveLength(0);
  expect(input.blockingSkip(0n)).toBe(0n);
  stdin.end('abc');
  expect(await input.blockingSkip(2n)).toBe(2n);
  expect(input.skip(0xffff_ffff_ffff_ffffn)).toBe(1n);
  expect(await laterErrorOf(() => input.blockingSkip(1n))).toEqual({ tag: 'closed' });
  expect(streamErrorOf(() => input.read(0n))).toBe('closed');
});

test('a closed stream takes nothing, and a stream goes after its pollables', () => {
  const stdout = new PassThrough();
  const { guest, output } = streamsOf({ stdout });
  using _guest = guest;
  const pollable = output.subscribe();
  expect(() => output[Symbol.dispose]()).toThrow(/dropped before 1 pollable/);
  stdout.destroy();
  expect(pollable.ready()).toBe(true);
  for (const each of [
    () => output.checkWrite(),
    () => output.write(bytes('x')),
    () => output.writeZeroes(1n),
    () => output.flush(),
    () => output.blockingFlush(),
    () => output.blockingWriteAndFlush(bytes('x')),
  ])
    expect([String(each), errorOf(each)]).toEqual([String(each), { tag: 'closed' }]);
  pollable[Symbol.dispose]();
  output[Symbol.dispose]();
});
