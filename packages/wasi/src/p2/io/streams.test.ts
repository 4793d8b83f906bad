/** Polling and byte streams over what is not a socket: memory, standard input and output, clocks. */
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { WasiTrap } from '../../index.ts';
import {
  bytes,
  errorOf,
  Guest,
  readAll,
  settle,
  sleep,
  streamErrorOf,
  text,
  within,
} from '../../../test/driver.ts';

describe('poll', () => {
  test('of an empty list traps', () => {
    using guest = new Guest();
    expect(() => guest.wasi.imports['wasi:io/poll'].poll([])).toThrow(WasiTrap);
  });

  test('may contain the same pollable several times, ready or not, and a pollable can be reused', async () => {
    using guest = new Guest();
    const { poll } = guest.wasi.imports['wasi:io/poll'];
    const { subscribeDuration } = guest.wasi.imports['wasi:clocks/monotonic-clock'];
    const pollable = subscribeDuration(5_000_000n);
    const waiting = poll([pollable, pollable]);
    expect(waiting).toBeInstanceOf(Promise);
    expect([...(await waiting)]).toEqual([0, 1]);
    const now = poll([pollable, pollable]);
    expect(now).toEqual(Uint32Array.of(0, 1));
    expect(pollable.ready()).toBe(true);
    expect(pollable.block()).toBeUndefined();
  });

  test('gives only the ready ones, and never a promise when there is one', async () => {
    using guest = new Guest();
    const { poll } = guest.wasi.imports['wasi:io/poll'];
    const { subscribeDuration, subscribeInstant } = guest.wasi.imports['wasi:clocks/monotonic-clock'];
    const late = subscribeDuration(3_600_000_000_000n);
    for (let round = 0; round < 1000; round++) {
      expect(poll([late, subscribeInstant(0n)])).toEqual(Uint32Array.of(1));
    }
    expect(late.ready()).toBe(false);
  });

  test('takes ten thousand, each its own or all the same, by two that wait at once', async () => {
    using guest = new Guest();
    const { subscribeDuration } = guest.wasi.imports['wasi:clocks/monotonic-clock'];
    const poll = guest.wasi.imports['wasi:io/poll'].poll;
    const hour = 3_600_000_000_000n;
    const count = 10_000;
    const distinct = Array.from({ length: count }, () => subscribeDuration(hour));
    const start = performance.now();
    expect(await poll([...distinct, subscribeDuration(1_000_000n)])).toEqual(Uint32Array.of(count));
    const same = Array.from({ length: count }, () => distinct[0]!);
    const soon = subscribeDuration(5_000_000n);
    const both = await Promise.all([poll([...same, soon]), poll([soon, ...same])]);
    expect(both).toEqual([Uint32Array.of(count), Uint32Array.of(0)]);
    expect(await poll(same.map(() => soon))).toHaveLength(count);
    // Quadratic, it takes many seconds.
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('leaves no timer behind', async () => {
    using guest = new Guest();
    const { poll } = guest.wasi.imports['wasi:io/poll'];
    const { subscribeDuration } = guest.wasi.imports['wasi:clocks/monotonic-clock'];
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let round = 0; round < 20; round++) {
      await poll([subscribeDuration(1_000_000n), subscribeDuration(0xffff_ffff_ffff_ffffn)]);
    }
    // Jest has timers of its own, which come and go.
    expect(timers()).toBeLessThan(before + 10);
  });

  test('that waits ends with a trap when the instance is disposed', async () => {
    const guest = new Guest();
    const blocked = guest.wasi.imports['wasi:clocks/monotonic-clock'].subscribeDuration(10n ** 12n).block();
    guest[Symbol.dispose]();
    await expect(blocked).rejects.toThrow(WasiTrap);
  });
});

describe('standard input', () => {
  test('is read as it comes, to its end', async () => {
    const stdin = new PassThrough();
    using guest = new Guest({ stdin });
    const input = guest.wasi.imports['wasi:cli/stdin'].getStdin();
    expect(input.read(10n)).toHaveLength(0);
    stdin.write('one');
    expect(text(await within(1000, 'read', input.blockingRead(10n)))).toBe('one');
    stdin.end('two');
    expect(text(await readAll(input))).toBe('two');
    expect(streamErrorOf(() => input.read(0n))).toBe('closed');
  });

  test('dropped and asked for again, it goes on', async () => {
    using guest = new Guest({ stdin: Readable.from([Buffer.from('abcdef')]) });
    const { getStdin } = guest.wasi.imports['wasi:cli/stdin'];
    const first = getStdin();
    expect(text(await within(1000, 'read', first.blockingRead(2n)))).toBe('ab');
    first[Symbol.dispose]?.();
    expect(text(await readAll(getStdin()))).toBe('cdef');
  });

  test('what the guest leaves unread stays in the stream', async () => {
    const stdin = new PassThrough();
    const guest = new Guest({ stdin });
    const input = guest.wasi.imports['wasi:cli/stdin'].getStdin();
    stdin.write('mine, yours');
    expect(text(await within(1000, 'read', input.blockingRead(4n)))).toBe('mine');
    guest[Symbol.dispose]();
    expect(stdin.read()?.toString()).toBe(', yours');
  });

  test('is held back while the guest does not read', async () => {
    const stdin = new PassThrough();
    using guest = new Guest({ stdin, limits: { bufferSize: 1000 } });
    const input = guest.wasi.imports['wasi:cli/stdin'].getStdin();
    input.subscribe();
    let written = 0;
    while (stdin.write(Buffer.alloc(1000)) && written < 10_000_000) {
      written += 1000;
      await sleep(0);
    }
    expect(written).toBeLessThan(1_000_000);
  });

  test('ignored, it is at its end', () => {
    using guest = new Guest();
    const input = guest.wasi.imports['wasi:cli/stdin'].getStdin();
    expect(input.subscribe().ready()).toBe(true);
    expect(streamErrorOf(() => input.read(1n))).toBe('closed');
  });

  test('that fails says why once', async () => {
    const stdin = new PassThrough();
    using guest = new Guest({ stdin });
    const input = guest.wasi.imports['wasi:cli/stdin'].getStdin();
    const pollable = input.subscribe();
    stdin.destroy(new Error('the cable was pulled'));
    await within(1000, 'readable', pollable.block());
    const failure = errorOf(() => input.read(1n)) as { val: { toDebugString(): string } };
    expect(failure.val.toDebugString()).toBe('the cable was pulled');
    const { networkErrorCode } = guest.wasi.imports['wasi:sockets/network'];
    expect(networkErrorCode(failure.val as never)).toBeUndefined();
    expect(streamErrorOf(() => input.read(1n))).toBe('closed');
  });
});

describe('standard output', () => {
  /** Writes only when it is let. */
  class Slow extends Writable {
    written = '';
    next: (() => void) | undefined;
    constructor() {
      super({ highWaterMark: 4 });
    }
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.next = () => {
        this.written += chunk.toString();
        done();
      };
    }
    async drain(): Promise<void> {
      while (this.next !== undefined) {
        const { next } = this;
        this.next = undefined;
        next();
        await sleep(0);
      }
    }
  }

  test('takes what is written, and blocks without a promise while it keeps up', async () => {
    const chunks: string[] = [];
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk.toString());
        done();
      },
    });
    using guest = new Guest({ stdout });
    const output = guest.wasi.imports['wasi:cli/stdout'].getStdout();
    for (let round = 0; round < 200; round++) {
      expect(output.blockingWriteAndFlush(bytes('x'))).toBeUndefined();
    }
    output.checkWrite();
    output.write(bytes('y'));
    expect(output.blockingFlush()).toBeUndefined();
    expect(chunks.join('')).toBe(`${'x'.repeat(200)}y`);
    output[Symbol.dispose]?.();
    expect(stdout.destroyed || stdout.writableEnded).toBe(false);
  });

  test('that is slow waits, permits what fits, and becomes ready again', async () => {
    const stdout = new Slow();
    using guest = new Guest({ stdout, limits: { bufferSize: 10 } });
    const output = guest.wasi.imports['wasi:cli/stdout'].getStdout();
    const pollable = output.subscribe();
    expect(output.checkWrite()).toBe(10n);
    output.write(bytes('0123'));
    output.write(bytes('456789'));
    expect(output.checkWrite()).toBe(0n);
    expect(pollable.ready()).toBe(false);
    expect(() => output.write(bytes('x'))).toThrow(WasiTrap);
    const blocked = settle(output.blockingWriteAndFlush(bytes('more than ten bytes')));
    await stdout.drain();
    await within(1000, 'write', blocked);
    expect(stdout.written).toBe('0123456789more than ten bytes');
    expect(pollable.ready()).toBe(true);
    pollable[Symbol.dispose]?.();
  });

  test('that fails is last-operation-failed, and closed from then on', async () => {
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    using guest = new Guest({ stdout });
    const output = guest.wasi.imports['wasi:cli/stdout'].getStdout();
    expect(streamErrorOf(() => output.blockingWriteAndFlush(bytes('x')))).toBe('last-operation-failed');
    expect(streamErrorOf(() => output.checkWrite())).toBe('closed');
    await sleep(0);
  });

  test('a reader that is gone (EPIPE) is closed', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    using guest = new Guest({ stdout });
    const output = guest.wasi.imports['wasi:cli/stdout'].getStdout();
    expect(streamErrorOf(() => output.blockingWriteAndFlush(bytes('x')))).toBe('closed');
    await sleep(0);
  });
});
