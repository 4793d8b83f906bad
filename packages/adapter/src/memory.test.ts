import { describe, expect, test } from '@jest/globals';
import { Guest } from '../test/guest.ts';
import { Double } from '../test/preview2-double.ts';
import { createAdapter, errno, moduleName, signatures, type FunctionName } from './index.ts';

/** A call with good arguments, and which of them are pointers to how many bytes. */
interface Pointers {
  readonly good: readonly (number | bigint)[];
  /** Position of the pointer: how many bytes it leads to with the good arguments. */
  readonly pointers: Readonly<Record<number, number>>;
}

const calls = {
  args_get: { good: [512, 1024], pointers: { 0: 4, 1: 5 } },
  args_sizes_get: { good: [512, 516], pointers: { 0: 4, 1: 4 } },
  environ_get: { good: [512, 1024], pointers: { 0: 4, 1: 4 } },
  environ_sizes_get: { good: [512, 516], pointers: { 0: 4, 1: 4 } },
  clock_res_get: { good: [0, 512], pointers: { 1: 8 } },
  clock_time_get: { good: [1, 0n, 512], pointers: { 2: 8 } },
  fd_fdstat_get: { good: [1, 512], pointers: { 1: 24 } },
  fd_filestat_get: { good: [1, 512], pointers: { 1: 64 } },
  fd_pread: { good: [0, 0, 1, 0n, 512], pointers: { 1: 8, 4: 4 } },
  fd_prestat_get: { good: [3, 512], pointers: { 1: 8 } },
  fd_prestat_dir_name: { good: [3, 512, 4], pointers: { 1: 4 } },
  fd_pwrite: { good: [1, 0, 1, 0n, 512], pointers: { 1: 8, 4: 4 } },
  fd_read: { good: [0, 0, 1, 512], pointers: { 1: 8, 3: 4 } },
  fd_readdir: { good: [3, 512, 100, 0n, 1024], pointers: { 1: 100, 4: 4 } },
  fd_seek: { good: [1, 0n, 0, 512], pointers: { 3: 8 } },
  fd_tell: { good: [1, 512], pointers: { 1: 8 } },
  fd_write: { good: [1, 0, 1, 512], pointers: { 1: 8, 3: 4 } },
  path_create_directory: { good: [3, 64, 3], pointers: { 1: 3 } },
  path_filestat_get: { good: [3, 0, 64, 3, 512], pointers: { 2: 3, 4: 64 } },
  path_filestat_set_times: { good: [3, 0, 64, 3, 0n, 0n, 0], pointers: { 2: 3 } },
  path_link: { good: [3, 0, 64, 3, 3, 64, 3], pointers: { 2: 3, 5: 3 } },
  path_open: { good: [3, 0, 64, 3, 0, 0n, 0n, 0, 512], pointers: { 2: 3, 8: 4 } },
  path_readlink: { good: [3, 64, 3, 512, 100, 1024], pointers: { 1: 3, 3: 100, 5: 4 } },
  path_remove_directory: { good: [3, 64, 3], pointers: { 1: 3 } },
  path_rename: { good: [3, 64, 3, 3, 64, 3], pointers: { 1: 3, 4: 3 } },
  path_symlink: { good: [64, 3, 3, 64, 3], pointers: { 0: 3, 3: 3 } },
  path_unlink_file: { good: [3, 64, 3], pointers: { 1: 3 } },
  poll_oneoff: { good: [128, 512, 1, 1024], pointers: { 0: 48, 1: 32, 3: 4 } },
  random_get: { good: [512, 100], pointers: { 0: 100 } },
  sock_accept: { good: [1, 0, 512], pointers: { 2: 4 } },
  sock_recv: { good: [1, 0, 1, 0, 512, 516], pointers: { 1: 8, 4: 4, 5: 2 } },
  sock_send: { good: [1, 0, 1, 0, 512], pointers: { 1: 8, 4: 4 } },
  adapter_open_badfd: { good: [512], pointers: { 0: 4 } },
} as const satisfies Partial<Record<FunctionName, Pointers>>;

/** Functions whose parameters are all plain values. */
const withoutPointers: readonly FunctionName[] = [
  'fd_advise',
  'fd_allocate',
  'fd_close',
  'fd_datasync',
  'fd_fdstat_set_flags',
  'fd_fdstat_set_rights',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_renumber',
  'fd_sync',
  'proc_exit',
  'proc_raise',
  'sched_yield',
  'sock_shutdown',
  'adapter_close_badfd',
];

const rows = Object.entries(calls).flatMap(([name, { good, pointers }]: [string, Pointers]) =>
  Object.entries(pointers).map(
    ([position, length]) => [name as FunctionName, Number(position), length, good] as const,
  ),
);

function prepared(): Guest {
  const double = new Double();
  double.args = ['prog'];
  double.environment = [['A', 'b']];
  double.directories = ['/dir'];
  double.stdin.push('typed');
  const guest = new Guest({ double });
  guest.vectors(0, [2048, 8]);
  guest.put(64, 'abc');
  return guest;
}

describe('a pointer that leads out of the memory', () => {
  test.each(rows)('makes %s (parameter %i) answer fault', (name, position, length, good) => {
    for (const pointer of [
      65_536 - length + 1,
      65_535 + 1,
      0x7fff_ffff,
      0x8000_0000,
      0xffff_fffc,
      0xffff_ffff,
    ]) {
      const guest = prepared();
      expect(guest.call(name, ...good.with(position, pointer))).toBe(errno.fault);
      expect(guest.double.stdout.text).toBe('');
      expect(guest.double.stdin.reads).toEqual([]);
      expect(guest.double.pollables.size).toBe(0);
    }
  });

  test.each(rows)('is one byte further than %s (parameter %i) can go', (name, position, length, good) => {
    const guest = prepared();
    // What a list of vectors or subscriptions in the last bytes holds is zero, which is as good.
    expect(guest.call(name, ...good.with(position, 65_536 - length))).not.toBe(errno.fault);
  });

  test('is looked for in every function of the module', () => {
    expect([...Object.keys(calls), ...withoutPointers].sort()).toEqual(Object.keys(signatures).sort());
  });

  test.each(['fd_read', 'fd_write', 'fd_pread', 'fd_pwrite', 'sock_recv', 'sock_send'] as const)(
    'inside a vector makes %s answer fault',
    (name) => {
      for (const vector of [[65_530, 7] as const, [0xffff_ffff, 1] as const, [1, 0xffff_ffff] as const]) {
        const guest = prepared();
        guest.vectors(0, [2048, 8], vector);
        expect(guest.call(name, ...(calls[name].good as readonly (number | bigint)[]).with(2, 2))).toBe(
          errno.fault,
        );
        expect(guest.double.stdout.text).toBe('');
        expect(guest.double.stdin.reads).toEqual([]);
      }
    },
  );

  test('at the end of a length makes random_get answer fault and leaves the memory alone', () => {
    const guest = prepared();
    expect(guest.call('random_get', 65_530, 7)).toBe(errno.fault);
    expect([...guest.bytes(65_530, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(guest.call('random_get', 100, 0xffff_ffff)).toBe(errno.fault);
  });
});

describe('memory that has grown', () => {
  test('takes nothing at its very start', () => {
    const guest = prepared();
    expect(guest.call('fd_prestat_dir_name', 3, 512, 4)).toBe(errno.success);
    guest.memory.grow(1);
    expect(guest.call('random_get', 0, 0)).toBe(errno.success);
    expect(guest.call('args_get', 0, 0)).toBe(errno.success);
    guest.memory.grow(1);
    guest.vectors(16, [0, 0]);
    expect(guest.call('fd_write', 1, 16, 1, 512)).toBe(errno.success);
  });

  test('is seen when it is shared, where old views stay as they were', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
    const { call } = createAdapter(new Double().preview2).imports({ memory })[moduleName]!['random_get']!;
    const randomGet = call as (pointer: number, length: number) => number;
    expect(randomGet(65_530, 8)).toBe(errno.fault);
    memory.grow(1);
    expect(randomGet(65_530, 8)).toBe(errno.success);
  });

  test('is used at its new size in the next call', () => {
    const guest = prepared();
    expect(guest.call('random_get', 65_536, 8)).toBe(errno.fault);
    guest.memory.grow(1);
    expect(guest.call('random_get', 65_536, 8)).toBe(errno.success);
    expect(guest.bytes(65_536, 1)[0]).toBe(0xa5);
  });
});
