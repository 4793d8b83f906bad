import { describe, expect, test } from '@jest/globals';
import { Guest } from '../../test/guest.ts';
import { Double } from '../../test/preview2-double.ts';
import { errno } from '../index.ts';

const [input, output, countPointer] = [1024, 8192, 16];
const [realtime, monotonic, processTime] = [0, 1, 2];

type Subscription =
  | { clock: number; timeout: bigint; absolute?: boolean; userdata?: bigint }
  | { read: number; userdata?: bigint }
  | { write: number; userdata?: bigint };

interface Event {
  readonly userdata: bigint;
  readonly error: number;
  readonly type: number;
  readonly bytes: bigint;
  readonly flags: number;
}

/** Lays the subscriptions out as `subscription` is, in memory that was full of ones. */
function subscribe(guest: Guest, subscriptions: readonly Subscription[]): void {
  const { view } = guest;
  for (const [index, subscription] of subscriptions.entries()) {
    const at = input + index * 48;
    guest.bytes(at, 48).fill(0xff);
    view.setBigUint64(at, subscription.userdata ?? BigInt(index), true);
    if ('clock' in subscription) {
      view.setUint8(at + 8, 0);
      view.setUint32(at + 16, subscription.clock, true);
      view.setBigUint64(at + 24, subscription.timeout, true);
      view.setUint16(at + 40, subscription.absolute === true ? 1 : 0, true);
    } else {
      view.setUint8(at + 8, 'read' in subscription ? 1 : 2);
      view.setUint32(at + 16, 'read' in subscription ? subscription.read : subscription.write, true);
    }
  }
}

function poll(guest: Guest, ...subscriptions: Subscription[]): number | Promise<number> {
  subscribe(guest, subscriptions);
  guest.bytes(output, subscriptions.length * 32).fill(0xff);
  return guest.call('poll_oneoff', input, output, subscriptions.length, countPointer);
}

function events(guest: Guest): Event[] {
  const { view } = guest;
  return Array.from({ length: guest.u32(countPointer) }, (_, index) => {
    const at = output + index * 32;
    return {
      userdata: view.getBigUint64(at, true),
      error: view.getUint16(at + 8, true),
      type: view.getUint8(at + 10),
      bytes: view.getBigUint64(at + 16, true),
      flags: view.getUint16(at + 24, true),
    };
  });
}

describe('poll_oneoff', () => {
  test('of no subscription is inval', () => {
    expect(poll(new Guest())).toBe(errno.inval);
  });

  test('of more than 65,536 subscriptions is inval', () => {
    expect(new Guest().call('poll_oneoff', input, output, 65_537, countPointer)).toBe(errno.inval);
    expect(new Guest().call('poll_oneoff', input, output, 0xffff_ffff, countPointer)).toBe(errno.inval);
  });

  test('of an unknown kind is inval', () => {
    const guest = new Guest();
    guest.view.setUint8(input + 8, 3);
    expect(guest.call('poll_oneoff', input, output, 1, countPointer)).toBe(errno.inval);
  });

  test('writes every byte of an event', () => {
    const guest = new Guest();
    expect(poll(guest, { write: 1, userdata: 0xffff_ffff_ffff_fffen })).toBe(errno.success);
    guest.view.setBigUint64(output + 16, 0n, true);
    expect([...guest.bytes(output, 32)]).toEqual([
      ...[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      ...[0, 0, 2, 0, 0, 0, 0, 0],
      ...Array.from({ length: 16 }, () => 0),
    ]);
  });

  test('returns at once when something is ready, with the ready ones in order', () => {
    const guest = new Guest();
    guest.double.stdin.push('x');
    guest.double.stdout.permit = 17n;
    const code = poll(
      guest,
      { clock: monotonic, timeout: 1_000n },
      { write: 1, userdata: 5n },
      { read: 0, userdata: 6n },
    );
    expect(code).toBe(errno.success);
    expect(events(guest)).toEqual([
      { userdata: 5n, error: 0, type: 2, bytes: 17n, flags: 0 },
      { userdata: 6n, error: 0, type: 1, bytes: 1n, flags: 0 },
    ]);
    expect(guest.double.pollables.size).toBe(0);
  });

  test('consumes no input', () => {
    const guest = new Guest();
    guest.double.stdin.push('x');
    poll(guest, { read: 0 });
    guest.vectors(0, [64, 8]);
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(1);
  });

  test('waits for a relative time, also while the memory grows', async () => {
    const guest = new Guest();
    const code = poll(guest, { clock: monotonic, timeout: 500n, userdata: 9n });
    expect(code).toBeInstanceOf(Promise);
    guest.double.pass(499n);
    guest.memory.grow(1);
    guest.double.pass(1n);
    expect(await code).toBe(errno.success);
    expect(events(guest)).toEqual([{ userdata: 9n, error: 0, type: 0, bytes: 0n, flags: 0 }]);
    expect(guest.double.pollables.size).toBe(0);
  });

  test('waits for an absolute time of the monotonic clock', async () => {
    const guest = new Guest();
    expect(poll(guest, { clock: monotonic, timeout: guest.double.time, absolute: true })).toBe(errno.success);
    const code = poll(guest, { clock: monotonic, timeout: guest.double.time + 10n, absolute: true });
    expect(code).toBeInstanceOf(Promise);
    guest.double.pass(10n);
    expect(await code).toBe(errno.success);
  });

  test('waits for a time of day, which may have passed', async () => {
    const guest = new Guest();
    guest.double.wallTime = { seconds: 100n, nanoseconds: 7 };
    expect(poll(guest, { clock: realtime, timeout: 5n, absolute: true })).toBe(errno.success);
    const code = poll(guest, { clock: realtime, timeout: 100_000_000_010n, absolute: true });
    expect(code).toBeInstanceOf(Promise);
    guest.double.pass(2n);
    guest.double.pass(1n);
    expect(await code).toBe(errno.success);
  });

  test('with a relative time of 0 tells how things stand', () => {
    const guest = new Guest();
    expect(poll(guest, { read: 0 }, { clock: realtime, timeout: 0n })).toBe(errno.success);
    expect(events(guest).map(({ userdata }) => userdata)).toEqual([1n]);
  });

  test('wakes for input before the time is up', async () => {
    const guest = new Guest();
    const code = poll(guest, { clock: monotonic, timeout: 1_000_000n }, { read: 0 });
    guest.double.stdin.push('x');
    expect(await code).toBe(errno.success);
    expect(events(guest)).toEqual([{ userdata: 1n, error: 0, type: 1, bytes: 1n, flags: 0 }]);
    expect(guest.double.pollables.size).toBe(0);
  });

  test('says that a closed stream has hung up', () => {
    const guest = new Guest();
    guest.double.stdin.end();
    guest.double.stdout.closed = true;
    expect(poll(guest, { read: 0 }, { write: 1 })).toBe(errno.success);
    expect(events(guest)).toEqual([
      { userdata: 0n, error: 0, type: 1, bytes: 0n, flags: 1 },
      { userdata: 1n, error: 0, type: 2, bytes: 0n, flags: 1 },
    ]);
  });

  test('says that a stream has failed', () => {
    const guest = new Guest();
    guest.double.stdin.failing = true;
    expect(poll(guest, { read: 0 })).toBe(errno.success);
    expect(events(guest)).toEqual([{ userdata: 0n, error: errno.io, type: 1, bytes: 0n, flags: 0 }]);
  });

  test('gives what cannot be waited for an error, with what is ready beside it, and does not wait', () => {
    const double = new Double();
    double.directories = ['/'];
    const guest = new Guest({ double });
    const code = poll(
      guest,
      { clock: monotonic, timeout: 1_000n },
      { write: 2 },
      { read: 99 },
      { read: 1 },
      { write: 0 },
      { clock: processTime, timeout: 0n },
      { read: 3 },
    );
    expect(code).toBe(errno.success);
    expect(events(guest).map(({ userdata, error, type }) => [userdata, error, type])).toEqual([
      [1n, errno.success, 2],
      [2n, errno.badf, 1],
      [3n, errno.badf, 1],
      [4n, errno.badf, 2],
      [5n, errno.inval, 0],
      [6n, errno.badf, 1],
    ]);
    expect(double.pollables.size).toBe(0);
  });

  test('lets events overwrite the subscriptions', () => {
    const guest = new Guest();
    subscribe(guest, [{ write: 1 }, { write: 2 }, { write: 77 }]);
    expect(guest.call('poll_oneoff', input, input, 3, countPointer)).toBe(errno.success);
    expect([0, 1, 2].map((index) => guest.u64(input + index * 32))).toEqual([0n, 1n, 2n]);
    expect(guest.view.getUint16(input + 64 + 8, true)).toBe(errno.badf);
  });

  test('drops its pollables when the host fails', () => {
    const double = new Double();
    const guest = new Guest({
      double,
      preview2: {
        'wasi:io/poll': {
          poll: () => {
            throw new Error('a mistake of the host');
          },
        },
      },
    });
    expect(() => poll(guest, { read: 0 }, { clock: monotonic, timeout: 1n })).toThrow(
      'a mistake of the host',
    );
    expect(double.pollables.size).toBe(0);
  });

  test('takes 1,024 descriptors at once', () => {
    const guest = new Guest();
    guest.memory.grow(4);
    const many = Array.from({ length: 1_024 }, (): Subscription => ({ write: guest.reserve() }));
    subscribe(guest, many);
    expect(guest.call('poll_oneoff', input, 131_072, 1_024, countPointer)).toBe(errno.success);
    expect(guest.u32(countPointer)).toBe(1_024);
    expect(guest.view.getUint16(131_072 + 1_023 * 32 + 8, true)).toBe(errno.badf);
  });
});
