import { describe, expect, test } from '@jest/globals';
import { Guest } from '../../test/guest.ts';
import { Double } from '../../test/preview2-double.ts';
import { errno, type FunctionName } from '../index.ts';

const nonblock = 4;

/** A guest with one vector at 0 that holds `text`, and 32 as the place for counts. */
function writing(text: string, at = 1024, guest: Guest = new Guest()): Guest {
  const pages = Math.ceil((at + text.length) / 65_536) - 1;
  if (pages > 0) guest.memory.grow(pages);
  guest.vectors(0, [at, text.length]);
  guest.put(at, text);
  return guest;
}

/** A guest of a host whose errors have this code. */
function failingWith(code: string | undefined): Guest {
  return new Guest({ preview2: { 'wasi:filesystem/types': { filesystemErrorCode: () => code } } });
}

function readingInto(length: number, guest: Guest = new Guest()): Guest {
  guest.vectors(0, [1024, length]);
  return guest;
}

describe('fd_write', () => {
  test('writes a line without a promise and stores its length', () => {
    const guest = writing('hello\n');
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(6);
    expect(guest.double.stdout.text).toBe('hello\n');
    expect(guest.call('fd_write', 2, 0, 1, 32)).toBe(errno.success);
    expect(guest.double.stderr.text).toBe('hello\n');
  });

  test('gathers the vectors, empty ones too, into one write', () => {
    const guest = new Guest();
    guest.put(1024, 'one two three');
    guest.vectors(0, [1024, 4], [0, 0], [1028, 4], [1032, 5]);
    expect(guest.call('fd_write', 1, 0, 4, 64)).toBe(errno.success);
    expect(guest.double.stdout.writes.length).toBe(1);
    expect(guest.double.stdout.text).toBe('one two three');
    expect(guest.u32(64)).toBe(13);
  });

  test('gives the host bytes of its own', () => {
    const guest = writing('hello');
    guest.call('fd_write', 1, 0, 1, 32);
    guest.put(1024, 'HELLO');
    expect(guest.double.stdout.text).toBe('hello');
  });

  test('of nothing asks the stream for nothing', () => {
    const guest = writing('');
    guest.double.stdout.closed = true;
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    expect(guest.call('fd_write', 1, 0, 0, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(0);
  });

  test('of much goes by the permits of the stream, and flushes', () => {
    const text = 'abcdefgh'.repeat(20_000);
    const guest = writing(text);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(160_000);
    expect(guest.double.stdout.text).toBe(text);
    expect(guest.double.stdout.flushes).toBe(1);
    expect(Math.max(...guest.double.stdout.writes.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
  });

  test('of much waits for permits, also while the memory grows', async () => {
    const text = '0123456789'.repeat(1_000);
    const guest = writing(text);
    guest.double.stdout.permit = 3_000n;
    const code = guest.call('fd_write', 1, 0, 1, 32);
    expect(code).toBeInstanceOf(Promise);
    expect(guest.double.stdout.text).toBe(text.slice(0, 3_000));
    guest.memory.grow(1);
    guest.double.stdout.permit = 5_000n;
    guest.double.wake();
    await tick();
    expect(guest.double.stdout.text).toBe(text.slice(0, 8_000));
    guest.double.stdout.permit = 5_000n;
    guest.double.wake();
    expect(await code).toBe(errno.success);
    expect(guest.double.stdout.text).toBe(text);
    expect(guest.u32(32)).toBe(10_000);
    expect(guest.double.pollables.size).toBe(0);
  });

  test('of much crosses vectors in chunks', () => {
    const guest = new Guest();
    guest.memory.grow(2);
    guest.put(1024, 'x'.repeat(50_000));
    guest.put(60_000, 'y'.repeat(50_000));
    guest.vectors(0, [1024, 50_000], [60_000, 0], [60_000, 50_000]);
    expect(guest.call('fd_write', 1, 0, 3, 64)).toBe(errno.success);
    expect(guest.double.stdout.text).toBe('x'.repeat(50_000) + 'y'.repeat(50_000));
  });

  test('waits for a slow stream, and stores the count in memory that has grown', async () => {
    const guest = writing('slow');
    guest.double.stdout.slow = true;
    const code = guest.call('fd_write', 1, 0, 1, 32);
    expect(code).toBeInstanceOf(Promise);
    guest.memory.grow(1);
    guest.double.stdout.slow = false;
    guest.double.wake();
    expect(await code).toBe(errno.success);
    expect(guest.u32(32)).toBe(4);
  });

  test('to a closed stream is pipe, whatever its length', () => {
    for (const length of [1, 10_000]) {
      const guest = writing('x'.repeat(length));
      guest.double.stdout.closed = true;
      expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.pipe);
    }
  });

  test('to a stream that closes during the wait is pipe', async () => {
    const guest = writing('slow');
    guest.double.stdout.slow = true;
    const code = guest.call('fd_write', 1, 0, 1, 32);
    guest.double.stdout.slow = false;
    guest.double.stdout.closed = true;
    guest.double.wake();
    expect(await code).toBe(errno.pipe);
  });

  test.each([
    ['insufficient-space', errno.nospc],
    ['file-too-large', errno.fbig],
    ['pipe', errno.pipe],
    [undefined, errno.io],
    ['no code of ours', errno.io],
  ])('that fails for %j tells that number each time, and drops the error', (code, number) => {
    const guest = writing('x', 1024, failingWith(code));
    guest.double.stdout.failing = true;
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(number);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(number);
    expect(guest.double.droppedErrors).toBe(1);
  });

  test('that fails is io where the host knows no files', () => {
    const guest = writing('x', 1024, new Guest({ preview2: { 'wasi:filesystem/types': {} } }));
    guest.double.stdout.failing = true;
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.io);
  });

  test('that fails later, when it is slow, when it is much and without blocking tells why', async () => {
    const slow = writing('slow', 1024, failingWith('insufficient-space'));
    slow.double.stdout.slow = true;
    const code = slow.call('fd_write', 1, 0, 1, 32);
    slow.double.stdout.slow = false;
    slow.double.stdout.failing = true;
    slow.double.wake();
    expect(await code).toBe(errno.nospc);

    const much = writing('x'.repeat(10_000), 1024, failingWith('insufficient-space'));
    much.double.stdout.permit = 4_500n;
    const counted = much.call('fd_write', 1, 0, 1, 32);
    much.double.stdout.failing = true;
    much.double.wake();
    expect([await counted, much.u32(32)]).toEqual([errno.success, 4_500]);
    expect(much.call('fd_write', 1, 0, 1, 32)).toBe(errno.nospc);

    const now = writing('x', 1024, failingWith('insufficient-space'));
    now.call('fd_fdstat_set_flags', 1, nonblock);
    now.double.stdout.failing = true;
    expect(now.call('fd_write', 1, 0, 1, 32)).toBe(errno.nospc);
  });

  test('that fails after some bytes counts them, and the next write tells', async () => {
    const guest = writing('x'.repeat(10_000));
    guest.double.stdout.permit = 4_500n;
    const code = guest.call('fd_write', 1, 0, 1, 32);
    guest.double.stdout.closed = true;
    guest.double.wake();
    expect(await code).toBe(errno.success);
    expect(guest.u32(32)).toBe(4_500);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.pipe);
  });

  test('non-blocking writes what the stream takes, and again when that is nothing', () => {
    const guest = writing('0123456789');
    guest.double.stdout.permit = 4n;
    expect(guest.call('fd_fdstat_set_flags', 1, nonblock)).toBe(errno.success);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(4);
    expect(guest.double.stdout.text).toBe('0123');
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.again);
    guest.double.stdout.closed = true;
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.pipe);
  });

  test('refuses more than 1,024 vectors, and more bytes than a signed size holds', () => {
    const guest = new Guest();
    guest.memory.grow(32);
    expect(guest.call('fd_write', 1, 0, 1_025, 64_000)).toBe(errno.inval);
    guest.vectors(0, ...Array.from({ length: 1_024 }, () => [0, 2 ** 21] as const));
    expect(guest.call('fd_write', 1, 0, 1_024, 64_000)).toBe(errno.inval);
    expect(guest.double.stdout.text).toBe('');
  });

  test('is badf on stdin', () => {
    expect(writing('x').call('fd_write', 0, 0, 1, 32)).toBe(errno.badf);
  });

  test("lets the host's own failures through", () => {
    const guest = writing('x');
    guest.double.stdout.blockingWriteAndFlush = () => {
      throw new TypeError('a mistake of the host');
    };
    expect(() => guest.call('fd_write', 1, 0, 1, 32)).toThrow('a mistake of the host');
  });
});

describe('fd_read', () => {
  test('reads what is there without a promise', () => {
    const guest = readingInto(100);
    guest.double.stdin.push('typed');
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(5);
    expect(guest.text(1024, 5)).toBe('typed');
  });

  test('scatters over the vectors and asks for no more than they hold', () => {
    const guest = new Guest();
    guest.vectors(0, [1024, 2], [1100, 0], [1200, 3]);
    guest.double.stdin.push('abcdefg');
    expect(guest.call('fd_read', 0, 0, 3, 64)).toBe(errno.success);
    expect(guest.u32(64)).toBe(5);
    expect(guest.text(1024, 3)).toBe('ab\0');
    expect(guest.text(1200, 4)).toBe('cde\0');
    expect(guest.double.stdin.reads).toEqual([5n]);
    expect(guest.call('fd_read', 0, 0, 3, 64)).toBe(errno.success);
    expect(guest.u32(64)).toBe(2);
  });

  test('is 0 bytes at the end of the stream, again and again', () => {
    const guest = readingInto(100);
    guest.double.stdin.end();
    for (let times = 0; times < 3; times++) {
      guest.view.setUint32(32, 99, true);
      expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
      expect(guest.u32(32)).toBe(0);
    }
  });

  test('waits for the first byte, also while the memory grows', async () => {
    const guest = readingInto(100);
    const code = guest.call('fd_read', 0, 0, 1, 32);
    expect(code).toBeInstanceOf(Promise);
    guest.memory.grow(1);
    guest.vectors(0, [0, 0]);
    guest.double.stdin.push('later');
    expect(await code).toBe(errno.success);
    expect(guest.u32(32)).toBe(5);
    expect(guest.text(1024, 5)).toBe('later');
  });

  test('that waited is 0 bytes when the stream ends', async () => {
    const guest = readingInto(100);
    const code = guest.call('fd_read', 0, 0, 1, 32);
    guest.double.stdin.end();
    expect(await code).toBe(errno.success);
    expect(guest.u32(32)).toBe(0);
  });

  test('non-blocking is again when nothing is there, and 0 bytes at the end', () => {
    const guest = readingInto(100);
    guest.call('fd_fdstat_set_flags', 0, nonblock);
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.again);
    guest.double.stdin.push('now');
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(3);
    guest.double.stdin.end();
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
    expect(guest.u32(32)).toBe(0);
  });

  test.each([
    ['is-directory', errno.isdir],
    [undefined, errno.io],
  ])('that fails for %j tells that number, and drops the error', (code, number) => {
    const guest = readingInto(100, failingWith(code));
    guest.double.stdin.failing = true;
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(number);
    expect(guest.double.droppedErrors).toBe(1);
  });

  test('into nothing asks for nothing', () => {
    const guest = readingInto(0);
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.success);
    expect(guest.double.stdin.reads).toEqual([]);
  });

  test('does not take an empty blocking read for the end', () => {
    const guest = readingInto(100);
    guest.double.stdin.blockingRead = () => new Uint8Array();
    expect(guest.call('fd_read', 0, 0, 1, 32)).toBe(errno.intr);
  });

  test('refuses a host that gives more than was asked for', () => {
    const guest = readingInto(4);
    guest.double.stdin.blockingRead = () => new Uint8Array(5);
    expect(() => guest.call('fd_read', 0, 0, 1, 32)).toThrow('stdin gave 5 bytes when asked for 4');
  });

  test('is badf on stdout and on a directory', () => {
    const double = new Double();
    double.directories = ['/'];
    const guest = new Guest({ double });
    expect(guest.call('fd_read', 1, 0, 0, 32)).toBe(errno.badf);
    expect(guest.call('fd_read', 3, 0, 0, 32)).toBe(errno.badf);
  });
});

describe('fd_close', () => {
  test('of a standard stream drops it and frees its number', () => {
    const guest = writing('x');
    guest.call('fd_write', 1, 0, 1, 32);
    expect(guest.call('fd_close', 1)).toBe(errno.success);
    expect(guest.double.stdout.disposed).toBe(true);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.badf);
    expect(guest.call('fd_close', 1)).toBe(errno.badf);
    expect(guest.reserve()).toBe(1);
  });

  test('of a stream that was never used does not ask for it', () => {
    const guest = new Guest();
    for (const fd of [0, 1, 2]) expect(guest.call('fd_close', fd)).toBe(errno.success);
    expect(guest.double.stdout.disposed).toBe(false);
  });

  test('waits for output that was only requested to be flushed', async () => {
    const guest = writing('x');
    guest.call('fd_fdstat_set_flags', 1, nonblock);
    guest.call('fd_write', 1, 0, 1, 32);
    guest.double.stdout.slow = true;
    const code = guest.call('fd_close', 1);
    expect(code).toBeInstanceOf(Promise);
    expect(guest.double.stdout.disposed).toBe(false);
    guest.double.stdout.slow = false;
    guest.double.wake();
    expect(await code).toBe(errno.success);
    expect(guest.double.stdout.disposed).toBe(true);
  });

  test('tells that the last output failed, but not that nobody reads it', () => {
    for (const [state, code] of [
      ['failing', errno.nospc],
      ['closed', errno.success],
    ] as const) {
      const guest = writing('x', 1024, failingWith('insufficient-space'));
      guest.call('fd_fdstat_set_flags', 1, nonblock);
      guest.call('fd_write', 1, 0, 1, 32);
      guest.double.stdout[state] = true;
      expect(guest.call('fd_close', 1)).toBe(code);
      expect(guest.double.stdout.disposed).toBe(true);
    }
  });

  test('of a preopened directory drops it', () => {
    const double = new Double();
    double.directories = ['/a', '/b'];
    const guest = new Guest({ double });
    expect(guest.call('fd_close', 4)).toBe(errno.success);
    expect(double.droppedDirectories).toEqual(['/b']);
    expect(guest.call('fd_prestat_get', 4, 512)).toBe(errno.badf);
  });
});

describe('fd_fdstat_get', () => {
  test('lays out type, flags and rights', () => {
    const guest = new Guest();
    guest.bytes(512, 24).fill(0xff);
    guest.call('fd_fdstat_set_flags', 0, nonblock);
    expect(guest.call('fd_fdstat_get', 0, 512)).toBe(errno.success);
    expect([...guest.bytes(512, 8)]).toEqual([0, 0, 4, 0, 0, 0, 0, 0]);
    const [read, setFlags, filestat, poll] = [1n << 1n, 1n << 3n, 1n << 21n, 1n << 27n];
    expect(guest.u64(520)).toBe(read | setFlags | filestat | poll);
    expect(guest.u64(528)).toBe(0n);
  });

  test('says character device, without seek and tell, for a terminal: what isatty looks for', () => {
    const guest = new Guest();
    guest.double.terminals = new Set(['stdin', 'stderr']);
    const types = [0, 1, 2].map((fd) => {
      guest.call('fd_fdstat_get', fd, 512);
      expect(guest.u64(520) & ((1n << 2n) | (1n << 5n))).toBe(0n);
      return guest.bytes(512, 1)[0];
    });
    expect(types).toEqual([2, 0, 2]);
  });

  test('does without the terminal interfaces', () => {
    const { preview2 } = new Double();
    const { 'wasi:cli/terminal-stdout': _left, 'wasi:filesystem/preopens': _out, ...rest } = preview2;
    const guest = new Guest({ preview2: rest });
    expect(guest.call('fd_fdstat_get', 1, 512)).toBe(errno.success);
    expect(guest.bytes(512, 1)[0]).toBe(0);
  });

  test('says directory for a directory', () => {
    const double = new Double();
    double.directories = ['/'];
    const guest = new Guest({ double });
    expect(guest.call('fd_fdstat_get', 3, 512)).toBe(errno.success);
    expect(guest.bytes(512, 1)[0]).toBe(3);
    expect(guest.u64(520) & (1n << 13n)).toBe(1n << 13n);
    expect(guest.u64(520) & (1n << 1n)).toBe(0n);
    expect(guest.u64(528)).toBe((1n << 30n) - 1n);
  });
});

describe('fd_fdstat_set_flags', () => {
  test.each([
    [0, errno.success],
    [1, errno.success],
    [4, errno.success],
    [5, errno.success],
    [2, errno.notsup],
    [8, errno.notsup],
    [16, errno.notsup],
    [32, errno.inval],
    [0xffff, errno.inval],
  ])('with %i answers %i', (flags, code) => {
    expect(new Guest().call('fd_fdstat_set_flags', 0, flags)).toBe(code);
  });
});

describe('fd_fdstat_set_rights', () => {
  test('takes rights away for good, and adds none', () => {
    const guest = writing('text');
    const rights = () => {
      guest.call('fd_fdstat_get', 1, 512);
      return guest.u64(520);
    };
    const now = rights();
    expect(guest.call('fd_fdstat_set_rights', 1, now, 0n)).toBe(errno.success);
    expect(guest.call('fd_fdstat_set_rights', 1, now | 2n, 0n)).toBe(errno.notcapable);
    expect(guest.call('fd_fdstat_set_rights', 1, now, 1n << 63n)).toBe(errno.notcapable);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.success);
    const withoutWrite = now & ~(1n << 6n);
    expect(guest.call('fd_fdstat_set_rights', 1, withoutWrite, 0n)).toBe(errno.success);
    expect(rights()).toBe(withoutWrite);
    expect(guest.call('fd_write', 1, 0, 1, 32)).toBe(errno.notcapable);
    expect(guest.call('fd_fdstat_set_rights', 1, now, 0n)).toBe(errno.notcapable);
    expect(guest.call('fd_fdstat_set_rights', 1, 0n, 0n)).toBe(errno.success);
    expect(guest.call('fd_filestat_get', 1, 512)).toBe(errno.notcapable);
    expect(guest.call('fd_close', 1)).toBe(errno.success);
  });
});

describe('fd_filestat_get', () => {
  test('knows the type of a standard stream, and zero of the rest', () => {
    const guest = new Guest();
    guest.double.terminals.add('stdout');
    guest.bytes(512, 64).fill(0xff);
    expect(guest.call('fd_filestat_get', 1, 512)).toBe(errno.success);
    const expected = new Uint8Array(64);
    expected[16] = 2;
    expected[24] = 1;
    expect(guest.bytes(512, 64)).toEqual(expected);
  });
});

describe('preopened directories', () => {
  test('are numbered from 3 and tell their paths', () => {
    const double = new Double();
    double.directories = ['/', '/tmp/ü'];
    const guest = new Guest({ double });
    guest.bytes(512, 8).fill(0xff);
    expect(guest.call('fd_prestat_get', 3, 512)).toBe(errno.success);
    expect([...guest.bytes(512, 8)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    expect(guest.call('fd_prestat_get', 4, 512)).toBe(errno.success);
    expect(guest.u32(516)).toBe(7);
    expect(guest.call('fd_prestat_dir_name', 4, 600, 7)).toBe(errno.success);
    expect(guest.text(600, 8)).toBe('/tmp/ü\0');
    expect(guest.call('fd_prestat_dir_name', 4, 600, 6)).toBe(errno.nametoolong);
    expect(guest.call('fd_prestat_get', 5, 512)).toBe(errno.badf);
  });

  test('are not the standard streams', () => {
    const guest = new Guest();
    for (const fd of [0, 1, 2, 3]) {
      expect(guest.call('fd_prestat_get', fd, 512)).toBe(errno.badf);
      expect(guest.call('fd_prestat_dir_name', fd, 512, 0)).toBe(errno.badf);
    }
  });
});

describe('what needs a file', () => {
  const { badf, inval, notdir, notsock, notsup, spipe } = errno;
  test.each<[FunctionName, (fd: number) => (number | bigint)[], stream: number, directory: number]>([
    ['fd_advise', (fd) => [fd, 0n, 0n, 0], spipe, badf],
    ['fd_advise', (fd) => [fd, 0n, 0n, 6], inval, badf],
    ['fd_allocate', (fd) => [fd, 0n, 1n], spipe, badf],
    ['fd_datasync', (fd) => [fd], inval, badf],
    ['fd_filestat_get', (fd) => [fd, 512], errno.success, notsup],
    ['fd_filestat_set_size', (fd) => [fd, 0n], inval, badf],
    ['fd_filestat_set_times', (fd) => [fd, 0n, 0n, 0], notsup, notsup],
    ['fd_pread', (fd) => [fd, 0, 0, 0n, 512], spipe, badf],
    ['fd_pwrite', (fd) => [fd, 0, 0, 0n, 512], spipe, badf],
    ['fd_readdir', (fd) => [fd, 512, 100, 0n, 1024], notdir, notsup],
    ['fd_seek', (fd) => [fd, -1n, 1, 512], spipe, badf],
    ['fd_seek', (fd) => [fd, 0n, 3, 512], inval, badf],
    ['fd_sync', (fd) => [fd], inval, badf],
    ['fd_tell', (fd) => [fd, 512], spipe, badf],
    ['path_create_directory', (fd) => [fd, 0, 1], notdir, notsup],
    ['path_filestat_get', (fd) => [fd, 0, 0, 1, 512], notdir, notsup],
    ['path_filestat_set_times', (fd) => [fd, 0, 0, 1, 0n, 0n, 0], notdir, notsup],
    ['path_link', (fd) => [fd, 0, 0, 1, 3, 0, 1], notdir, notsup],
    ['path_open', (fd) => [fd, 0, 0, 1, 0, 0n, 0n, 0, 512], notdir, notsup],
    ['path_readlink', (fd) => [fd, 0, 1, 512, 64, 1024], notdir, notsup],
    ['path_remove_directory', (fd) => [fd, 0, 1], notdir, notsup],
    ['path_rename', (fd) => [3, 0, 1, fd, 0, 1], notdir, notsup],
    ['path_symlink', (fd) => [0, 1, fd, 0, 1], notdir, notsup],
    ['path_unlink_file', (fd) => [fd, 0, 1], notdir, notsup],
    ['sock_accept', (fd) => [fd, 0, 512], notsock, notsock],
    ['sock_recv', (fd) => [fd, 0, 0, 0, 512, 516], notsock, notsock],
    ['sock_send', (fd) => [fd, 0, 0, 0, 512], notsock, notsock],
    ['sock_shutdown', (fd) => [fd, 1], notsock, notsock],
  ])('%s says what a stream and a directory are not', (name, arguments_, stream, directory) => {
    const double = new Double();
    double.directories = ['/'];
    const guest = new Guest({ double });
    for (const fd of [0, 1, 2]) expect(guest.call(name, ...arguments_(fd))).toBe(stream);
    expect(guest.call(name, ...arguments_(3))).toBe(directory);
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
