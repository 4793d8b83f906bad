import { describe, expect, test } from '@jest/globals';
import { Guest } from '../../test/guest.ts';
import { Double, Exited } from '../../test/preview2-double.ts';
import { errno } from '../index.ts';

/** The strings that a list of pointers at `at` leads to. */
function strings(guest: Guest, at: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const pointer = guest.u32(at + index * 4);
    const bytes = new Uint8Array(guest.memory.buffer);
    return guest.text(pointer, bytes.indexOf(0, pointer) - pointer);
  });
}

describe('arguments and environment', () => {
  test('are laid out as argv', () => {
    const double = new Double();
    double.args = ['prog', '', 'größe 🎈'];
    const guest = new Guest({ double });
    expect(guest.call('args_sizes_get', 0, 4)).toBe(errno.success);
    expect([guest.u32(0), guest.u32(4)]).toEqual([3, 5 + 1 + 13]);
    expect(guest.call('args_get', 512, 1024)).toBe(errno.success);
    expect(guest.u32(512)).toBe(1024);
    expect(strings(guest, 512, 3)).toEqual(['prog', '', 'größe 🎈']);
  });

  test('are laid out as environ', () => {
    const double = new Double();
    double.environment = [
      ['HOME', '/'],
      ['EMPTY', ''],
      ['EQUALS', 'a=b'],
    ];
    const guest = new Guest({ double });
    expect(guest.call('environ_sizes_get', 0, 4)).toBe(errno.success);
    expect([guest.u32(0), guest.u32(4)]).toEqual([3, 7 + 7 + 11]);
    expect(guest.call('environ_get', 512, 1024)).toBe(errno.success);
    expect(strings(guest, 512, 3)).toEqual(['HOME=/', 'EMPTY=', 'EQUALS=a=b']);
  });

  test('may be none', () => {
    const guest = new Guest();
    expect(guest.call('args_sizes_get', 0, 4)).toBe(errno.success);
    expect(guest.u64(0)).toBe(0n);
    expect(guest.call('args_get', 65_536, 65_536)).toBe(errno.success);
  });

  test('stay as they were when their size was told', () => {
    const double = new Double();
    double.args = ['a'];
    const guest = new Guest({ double });
    guest.call('args_sizes_get', 0, 4);
    double.args = ['a much longer one'];
    guest.call('args_get', 512, 1024);
    expect(strings(guest, 512, 1)).toEqual(['a']);
  });
});

describe('clocks', () => {
  test('tell the time of day and the monotonic time in nanoseconds', () => {
    const guest = new Guest();
    expect(guest.call('clock_time_get', 0, 0n, 512)).toBe(errno.success);
    expect(guest.u64(512)).toBe(1_700_000_000_000_000_005n);
    expect(guest.call('clock_time_get', 1, 0n, 512)).toBe(errno.success);
    expect(guest.u64(512)).toBe(1_000n);
  });

  test('tell a resolution, which is never 0', () => {
    const guest = new Guest();
    for (const resolution of [1_000n, 0n]) {
      guest.double.resolution = resolution;
      for (const id of [0, 1]) {
        expect(guest.call('clock_res_get', id, 512)).toBe(errno.success);
        expect(guest.u64(512)).toBe(resolution || 1n);
      }
    }
  });

  test('of CPU time, and unknown ones, are inval', () => {
    const guest = new Guest();
    for (const id of [2, 3, 4, 0xffff_ffff]) {
      expect(guest.call('clock_time_get', id, 0n, 512)).toBe(errno.inval);
      expect(guest.call('clock_res_get', id, 512)).toBe(errno.inval);
    }
  });

  test('beyond 64 bits of nanoseconds overflow', () => {
    const guest = new Guest();
    guest.double.wallTime = { seconds: 18_446_744_073n, nanoseconds: 709_551_615 };
    expect(guest.call('clock_time_get', 0, 0n, 512)).toBe(errno.success);
    expect(guest.u64(512)).toBe(2n ** 64n - 1n);
    guest.double.wallTime = { seconds: 18_446_744_073n, nanoseconds: 709_551_616 };
    expect(guest.call('clock_time_get', 0, 0n, 512)).toBe(errno.overflow);
  });
});

describe('random_get', () => {
  test('fills the buffer, a long one in parts', () => {
    const asked: bigint[] = [];
    const guest = new Guest({
      preview2: {
        'wasi:random/random': {
          getRandomBytes: (length) => {
            asked.push(length);
            return new Uint8Array(Number(length)).fill(asked.length);
          },
        },
      },
    });
    guest.memory.grow(2);
    expect(guest.call('random_get', 100, 70_000)).toBe(errno.success);
    expect(asked).toEqual([65_536n, 4_464n]);
    expect([...guest.bytes(99, 2), ...guest.bytes(100 + 65_535, 2), ...guest.bytes(70_099, 2)]).toEqual([
      0, 1, 1, 2, 2, 0,
    ]);
  });

  test('refuses a host that gives fewer bytes', () => {
    const guest = new Guest({
      preview2: { 'wasi:random/random': { getRandomBytes: () => new Uint8Array(1) } },
    });
    expect(() => guest.call('random_get', 0, 2)).toThrow('gave 1 bytes when asked for 2');
  });
});

describe('proc_exit', () => {
  const status = (guest: Guest, code: number): unknown => {
    try {
      return guest.call('proc_exit', code);
    } catch (thrown) {
      return thrown instanceof Exited ? thrown.status : thrown;
    }
  };

  test('tells success or failure to a host without exit codes', () => {
    expect(status(new Guest(), 0)).toEqual({ tag: 'ok' });
    expect(status(new Guest(), 3)).toEqual({ tag: 'err' });
    expect(status(new Guest(), -1)).toEqual({ tag: 'err' });
  });

  test('tells the low 8 bits of the code to a host that takes them', () => {
    const exit = {
      exit: () => undefined,
      exitWithCode: (code: number) => {
        throw new Exited(code);
      },
    };
    const guest = new Guest({ preview2: { 'wasi:cli/exit': exit } });
    expect([0, 3, 255, 256, -1].map((code) => status(guest, code))).toEqual([0, 3, 255, 0, 255]);
  });

  test('refuses a host whose exit returns', () => {
    const guest = new Guest({ preview2: { 'wasi:cli/exit': { exit: () => undefined } } });
    expect(() => guest.call('proc_exit', 1)).toThrow(/wasi:cli\/exit returned .* it must throw/);
  });
});

describe('proc_raise and sched_yield', () => {
  test('there are no signals, and nobody to yield to', () => {
    expect(new Guest().call('proc_raise', 6)).toBe(errno.nosys);
    expect(new Guest().call('sched_yield')).toBe(errno.success);
  });
});
