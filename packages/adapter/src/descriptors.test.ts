import { describe, expect, test } from '@jest/globals';
import { Guest } from '../test/guest.ts';
import { Double } from '../test/preview2-double.ts';
import { createAdapter, errno, type FunctionName } from './index.ts';

/** Every function that takes a descriptor, called on `fd` with arguments that are fine otherwise. */
const onDescriptor: Readonly<
  Record<string, readonly [name: FunctionName, arguments_: (fd: number) => (number | bigint)[]]>
> = {
  fd_advise: ['fd_advise', (fd) => [fd, 0n, 0n, 0]],
  fd_allocate: ['fd_allocate', (fd) => [fd, 0n, 1n]],
  fd_datasync: ['fd_datasync', (fd) => [fd]],
  fd_fdstat_get: ['fd_fdstat_get', (fd) => [fd, 512]],
  fd_fdstat_set_flags: ['fd_fdstat_set_flags', (fd) => [fd, 4]],
  fd_fdstat_set_rights: ['fd_fdstat_set_rights', (fd) => [fd, 0n, 0n]],
  fd_filestat_get: ['fd_filestat_get', (fd) => [fd, 512]],
  fd_filestat_set_size: ['fd_filestat_set_size', (fd) => [fd, 1n]],
  fd_filestat_set_times: ['fd_filestat_set_times', (fd) => [fd, 0n, 0n, 0]],
  fd_pread: ['fd_pread', (fd) => [fd, 0, 0, 0n, 512]],
  fd_prestat_get: ['fd_prestat_get', (fd) => [fd, 512]],
  fd_prestat_dir_name: ['fd_prestat_dir_name', (fd) => [fd, 512, 64]],
  fd_pwrite: ['fd_pwrite', (fd) => [fd, 0, 0, 0n, 512]],
  fd_read: ['fd_read', (fd) => [fd, 0, 0, 512]],
  fd_readdir: ['fd_readdir', (fd) => [fd, 512, 64, 0n, 1024]],
  'fd_renumber (from)': ['fd_renumber', (fd) => [fd, 1]],
  'fd_renumber (to)': ['fd_renumber', (fd) => [1, fd]],
  'fd_renumber (both)': ['fd_renumber', (fd) => [fd, fd]],
  fd_seek: ['fd_seek', (fd) => [fd, 0n, 0, 512]],
  fd_sync: ['fd_sync', (fd) => [fd]],
  fd_tell: ['fd_tell', (fd) => [fd, 512]],
  fd_write: ['fd_write', (fd) => [fd, 0, 0, 512]],
  path_create_directory: ['path_create_directory', (fd) => [fd, 0, 1]],
  path_filestat_get: ['path_filestat_get', (fd) => [fd, 0, 0, 1, 512]],
  path_filestat_set_times: ['path_filestat_set_times', (fd) => [fd, 0, 0, 1, 0n, 0n, 0]],
  'path_link (old)': ['path_link', (fd) => [fd, 0, 0, 1, 3, 0, 1]],
  'path_link (new)': ['path_link', (fd) => [3, 0, 0, 1, fd, 0, 1]],
  path_open: ['path_open', (fd) => [fd, 0, 0, 1, 0, 0n, 0n, 0, 512]],
  path_readlink: ['path_readlink', (fd) => [fd, 0, 1, 512, 64, 1024]],
  path_remove_directory: ['path_remove_directory', (fd) => [fd, 0, 1]],
  'path_rename (old)': ['path_rename', (fd) => [fd, 0, 1, 3, 0, 1]],
  'path_rename (new)': ['path_rename', (fd) => [3, 0, 1, fd, 0, 1]],
  path_symlink: ['path_symlink', (fd) => [0, 1, fd, 0, 1]],
  path_unlink_file: ['path_unlink_file', (fd) => [fd, 0, 1]],
  sock_accept: ['sock_accept', (fd) => [fd, 0, 512]],
  sock_recv: ['sock_recv', (fd) => [fd, 0, 0, 0, 512, 516]],
  sock_send: ['sock_send', (fd) => [fd, 0, 0, 0, 512]],
  sock_shutdown: ['sock_shutdown', (fd) => [fd, 3]],
};

function withDirectory(): Double {
  const double = new Double();
  double.directories = ['/'];
  return double;
}

describe('a reserved descriptor', () => {
  test.each(Object.entries(onDescriptor))(
    'answers badf to %s and stays reserved',
    (_, [name, arguments_]) => {
      for (const closeReserved of ['release', 'badf'] as const) {
        const guest = new Guest({ double: withDirectory(), closeReserved });
        const fd = guest.reserve();
        expect(guest.call(name, ...arguments_(fd))).toBe(errno.badf);
        expect(guest.reserve()).toBe(fd + 1);
        expect(guest.call('adapter_close_badfd', fd)).toBe(errno.success);
      }
    },
  );

  test('is covered by that table in every function that takes a descriptor', () => {
    const elsewhere = /^(args|environ|clock|proc|sched|random|adapter)_|^(poll_oneoff|fd_close)$/;
    const all = Object.keys(new Guest().imports['wasi_snapshot_preview1']!).filter(
      (name) => !elsewhere.test(name),
    );
    expect(new Set(Object.values(onDescriptor).map(([name]) => name))).toEqual(new Set(all));
  });

  test('is released by fd_close', () => {
    const guest = new Guest();
    const fd = guest.reserve();
    expect(guest.call('fd_close', fd)).toBe(errno.success);
    expect(guest.call('fd_close', fd)).toBe(errno.badf);
    expect(guest.call('adapter_close_badfd', fd)).toBe(errno.badf);
    expect(guest.reserve()).toBe(fd);
  });

  test('is kept by fd_close, with badf, when the option says so', () => {
    const guest = new Guest({ closeReserved: 'badf' });
    const fd = guest.reserve();
    expect(guest.call('fd_close', fd)).toBe(errno.badf);
    expect(guest.reserve()).toBe(fd + 1);
    expect(guest.call('adapter_close_badfd', fd)).toBe(errno.success);
    expect(guest.reserve()).toBe(fd);
  });

  test('gives a poll_oneoff subscription an event with badf at once', () => {
    const guest = new Guest();
    const fd = guest.reserve();
    guest.view.setBigUint64(1024, 77n, true);
    guest.view.setUint8(1024 + 8, 1);
    guest.view.setUint32(1024 + 16, fd, true);
    expect(guest.call('poll_oneoff', 1024, 2048, 1, 4096)).toBe(errno.success);
    expect(guest.u32(4096)).toBe(1);
    expect(guest.u64(2048)).toBe(77n);
    expect(guest.view.getUint16(2048 + 8, true)).toBe(errno.badf);
  });

  test('comes after the standard streams and the preopened directories', () => {
    expect(new Guest().reserve()).toBe(3);
    expect(new Guest({ double: withDirectory() }).reserve()).toBe(4);
  });
});

describe('adapter_close_badfd', () => {
  test('answers badf for what is not reserved', () => {
    const guest = new Guest({ double: withDirectory() });
    for (const fd of [0, 1, 2, 3, 4, 5000, 0x7fff_ffff, 0xffff_ffff]) {
      expect(guest.call('adapter_close_badfd', fd)).toBe(errno.badf);
    }
  });
});

describe('a descriptor that is not open', () => {
  test.each(Object.entries(onDescriptor))('answers badf to %s', (_, [name, arguments_]) => {
    const guest = new Guest({ double: withDirectory() });
    for (const fd of [4, 100_000, 0xffff_ffff]) {
      expect(guest.call(name, ...arguments_(fd))).toBe(errno.badf);
    }
  });
});

describe('descriptor numbers', () => {
  test('are the lowest free ones', () => {
    const guest = new Guest();
    expect([guest.reserve(), guest.reserve(), guest.reserve()]).toEqual([3, 4, 5]);
    guest.call('fd_close', 4);
    guest.call('fd_close', 0);
    expect([guest.reserve(), guest.reserve(), guest.reserve()]).toEqual([0, 4, 6]);
  });

  test('go up to 1,024 and far beyond', () => {
    const guest = new Guest();
    const numbers = Array.from({ length: 2048 }, () => guest.reserve());
    expect(numbers).toEqual(Array.from({ length: 2048 }, (_, index) => index + 3));
    for (const fd of numbers) expect(guest.call('adapter_close_badfd', fd)).toBe(errno.success);
    expect(guest.reserve()).toBe(3);
  });

  test('end at the limit with mfile, until one is free again', () => {
    const guest = new Guest({ maximumDescriptors: 5 });
    guest.reserve();
    guest.reserve();
    guest.view.setUint32(0x100, 0xdead, true);
    expect(guest.call('adapter_open_badfd', 0x100)).toBe(errno.mfile);
    expect(guest.u32(0x100)).toBe(0xdead);
    guest.call('fd_close', 3);
    expect(guest.reserve()).toBe(3);
  });

  test('are not reserved when the pointer for them is bad', () => {
    const guest = new Guest();
    expect(guest.call('adapter_open_badfd', 65_533)).toBe(errno.fault);
    expect(guest.reserve()).toBe(3);
  });

  test('of one guest are not those of another', () => {
    const { preview2 } = new Double();
    const [one, other] = [new Guest({ preview2 }), new Guest({ preview2 })];
    expect(one.reserve()).toBe(3);
    expect(other.call('adapter_close_badfd', 3)).toBe(errno.badf);
  });
});

describe('fd_renumber', () => {
  test('moves a descriptor, closes what it replaces, and frees the old number', () => {
    const guest = new Guest();
    guest.vectors(0, [64, 2]);
    guest.put(64, 'hi');
    guest.call('fd_write', 1, 0, 1, 32);
    expect(guest.call('fd_renumber', 2, 1)).toBe(errno.success);
    expect(guest.double.stdout.disposed).toBe(true);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    expect(guest.double.stderr.text).toBe('hi');
    expect(guest.call('fd_write', 2, 0, 1, 32)).toBe(errno.badf);
    expect(guest.reserve()).toBe(2);
  });

  test('to the same number changes nothing', () => {
    const guest = new Guest();
    expect(guest.call('fd_renumber', 1, 1)).toBe(errno.success);
    expect(guest.call('fd_fdstat_get', 1, 512)).toBe(errno.success);
  });

  test('keeps a preopened directory preopened', () => {
    const guest = new Guest({ double: withDirectory() });
    expect(guest.call('fd_renumber', 3, 0)).toBe(errno.success);
    expect(guest.call('fd_prestat_get', 0, 512)).toBe(errno.success);
    expect(guest.call('fd_prestat_get', 3, 512)).toBe(errno.badf);
  });
});

describe('options', () => {
  test('out of range are refused by name', () => {
    const { preview2 } = new Double();
    for (const maximumDescriptors of [2, 3.5, Number.NaN, 2 ** 20 + 1]) {
      expect(() => createAdapter(preview2, { maximumDescriptors })).toThrow(/^maximumDescriptors: expected/);
    }
    expect(() => createAdapter(preview2, { closeReserved: 'keep' as 'badf' })).toThrow(
      /^closeReserved: expected/,
    );
  });

  test('leave room for the preopened directories', () => {
    const double = withDirectory();
    expect(() => new Guest({ double, maximumDescriptors: 3 })).toThrow(/preopened directories/);
  });
});
