/** Preview 1's files over the file system of this host: what a libc sees. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAdapter, errno, type FunctionName } from '@wittle/adapter';
import { createWasi, MemoryDirectory, type Wasi, type WasiOptions } from './index.ts';

const creat = 1;
const directory = 2;
const excl = 4;
const trunc = 8;
const append = 1;
const read = 1n << 1n;
const write = 1n << 6n;
const base = 3;

/** A guest without code: a memory, and Preview 1 called as a libc calls it. */
class Program implements Disposable {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 4 });
  readonly #wasi: Wasi;
  readonly #functions: Readonly<Record<string, { readonly call: unknown }>>;

  constructor(preopens: NonNullable<WasiOptions['preopens']>, maximumDescriptors = 4096) {
    this.#wasi = createWasi({ preopens });
    const adapter = createAdapter(this.#wasi.imports, { maximumDescriptors });
    this.#functions = adapter.imports({ memory: this.memory })['wasi_snapshot_preview1']!;
  }

  call(name: FunctionName, ...values: (number | bigint)[]): number {
    return (this.#functions[name]!.call as (...values: (number | bigint)[]) => number)(...values);
  }
  get view(): DataView {
    return new DataView(this.memory.buffer);
  }
  u32(at: number): number {
    return this.view.getUint32(at, true);
  }
  u64(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }
  text(at: number, length: number): string {
    return new TextDecoder().decode(new Uint8Array(this.memory.buffer, at, length));
  }
  /** Puts text at `at`: a path as pointer and length. */
  path(text: string, at = 0x100): [pointer: number, length: number] {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(this.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }
  vectors(...parts: [pointer: number, length: number][]): [pointer: number, count: number] {
    parts.forEach(([pointer, length], index) => {
      this.view.setUint32(index * 8, pointer, true);
      this.view.setUint32(index * 8 + 4, length, true);
    });
    return [0, parts.length];
  }
  open(path: string, oflags: number, rights: bigint, fdflags = 0, fd = base, lookup = 0): number {
    const code = this.call('path_open', fd, lookup, ...this.path(path), oflags, rights, 0n, fdflags, 0x800);
    return code === 0 ? this.u32(0x800) : -code;
  }
  write(fd: number, text: string): number {
    const code = this.call('fd_write', fd, ...this.vectors(this.path(text, 0x1000)), 0x800);
    return code === 0 ? this.u32(0x800) : -code;
  }
  read(fd: number, ...lengths: number[]): string | number {
    let at = 0x1000;
    const parts = lengths.map((length): [number, number] => [(at += 0x1000) - 0x1000, length]);
    const code = this.call('fd_read', fd, ...this.vectors(...parts), 0x800);
    if (code !== 0) return -code;
    let left = this.u32(0x800);
    return parts
      .map(([pointer, length]) => {
        const part = Math.min(left, length);
        left -= part;
        return this.text(pointer, part);
      })
      .join('|');
  }
  seek(fd: number, offset: bigint, whence: number): bigint | number {
    const code = this.call('fd_seek', fd, offset, whence, 0x800);
    return code === 0 ? this.u64(0x800) : -code;
  }
  stat(path: string, lookup = 0): { code: number; type: number; ino: bigint; links: bigint; size: bigint } {
    const code = this.call('path_filestat_get', base, lookup, ...this.path(path), 0x900);
    return {
      code,
      ino: this.u64(0x908),
      type: this.view.getUint8(0x910),
      links: this.u64(0x918),
      size: this.u64(0x920),
    };
  }
  /** Entries of a directory by passes of that many bytes, and how many calls it took. */
  list(fd: number, length: number): { names: string[]; calls: number } {
    const names: string[] = [];
    let cookie = 0n;
    for (let calls = 1; calls < 10_000; calls++) {
      expect(this.call('fd_readdir', fd, 0x4000, length, cookie, 0x800)).toBe(0);
      const used = this.u32(0x800);
      for (let at = 0; at + 24 <= used;) {
        const size = this.u32(0x4000 + at + 16);
        if (at + 24 + size > used) break;
        cookie = this.u64(0x4000 + at);
        names.push(`${this.text(0x4000 + at + 24, size)} ${this.view.getUint8(0x4000 + at + 20)}`);
        at += 24 + size;
      }
      if (used < length) return { names: names.toSorted(), calls };
    }
    throw new Error('fd_readdir does not end');
  }
  [Symbol.dispose](): void {
    this.#wasi.dispose();
  }
}

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wittle-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe.each<[string, () => string | MemoryDirectory]>([
  ['of the host', () => folder],
  ['in memory', () => new MemoryDirectory()],
])('files %s', (_, make) => {
  test('are opened with the lowest free number, written and read from a position', () => {
    using program = new Program({ '/': make() });
    const fd = program.open('file', creat, read | write);
    expect(fd).toBe(4);
    expect(program.write(fd, 'Hello, World!')).toBe(13);
    expect(program.seek(fd, 0n, 1)).toBe(13n);
    expect(program.seek(fd, -6n, 2)).toBe(7n);
    expect(program.read(fd, 3, 100)).toBe('Wor|ld!');
    expect(program.read(fd, 10)).toBe('');
    expect(program.seek(fd, 0n, 0)).toBe(0n);
    expect(program.read(fd, 5)).toBe('Hello');
    expect(program.call('fd_tell', fd, 0x800)).toBe(0);
    expect(program.u64(0x800)).toBe(5n);
    expect(program.seek(fd, -6n, 1)).toBe(-errno.inval);
    expect(program.seek(fd, 20n, 0)).toBe(20n);
    expect(program.read(fd, 5)).toBe('');
    expect(program.write(fd, 'x')).toBe(1);
    expect(program.stat('file')).toMatchObject({ code: 0, type: 4, links: 1n, size: 21n });
    expect(program.call('fd_pread', fd, ...program.vectors([0x1000, 8]), 0n, 0x800)).toBe(0);
    expect([program.u32(0x800), program.text(0x1000, 8)]).toEqual([8, 'Hello, W']);
    expect(program.call('fd_pwrite', fd, ...program.vectors(program.path('J', 0x1000)), 0n, 0x800)).toBe(0);
    expect(program.seek(fd, 0n, 1)).toBe(21n);
    program.seek(fd, 0n, 0);
    expect(program.read(fd, 5)).toBe('Jello');
    expect(program.call('fd_close', fd)).toBe(0);
    expect(program.read(fd, 5)).toBe(-errno.badf);
    expect(program.open('file', 0, read)).toBe(4);
    expect(program.open('file', 0, read)).toBe(5);
  });

  test('are written at their end by every append, by two descriptors in turns', () => {
    using program = new Program({ '/': make() });
    const one = program.open('file', creat, read | write, append);
    const other = program.open('file', 0, write, append);
    expect(program.write(one, 'a')).toBe(1);
    expect(program.write(other, 'bb')).toBe(2);
    // Behind what it wrote itself.
    expect([program.seek(one, 0n, 1), program.seek(other, 0n, 1)]).toEqual([1n, 3n]);
    expect(program.read(one, 9)).toBe('bb');
    program.seek(one, 0n, 0);
    expect(program.write(one, 'c'.repeat(10_000))).toBe(10_000);
    expect(program.seek(one, 0n, 1)).toBe(10_003n);
    program.seek(one, 0n, 0);
    expect(program.read(one, 5)).toBe('abbcc');
    expect(program.call('fd_fdstat_set_flags', one, 0)).toBe(0);
    program.seek(one, 0n, 0);
    program.write(one, 'A');
    program.seek(one, 0n, 0);
    expect(program.read(one, 3)).toBe('Abb');
  });

  test.each([
    ['few bytes', 1],
    ['many', 5000],
  ])('take vectors of %s in their order, and give them back, at a position and at the end', (_, times) => {
    using program = new Program({ '/': make() });
    const letters = (letter: string) => letter.repeat(times);
    const parts = (): [number, number][] => [
      program.path(letters('a'), 0x1000),
      [0x1000, 0],
      program.path(letters('b'), 0x4000),
      program.path(letters('c'), 0x8000),
    ];
    for (const flags of [0, append]) {
      const fd = program.open('file', creat, read | write, flags);
      expect(program.call('fd_write', fd, ...program.vectors(...parts()), 0x800)).toBe(0);
      expect(program.u32(0x800)).toBe(3 * times);
      expect(program.seek(fd, 0n, 1)).toBe(BigInt((flags === append ? 6 : 3) * times));
      program.seek(fd, BigInt(-2 * times), 2);
      const into: [number, number][] = [
        [0x1000, times],
        [0x4000, 0],
        [0x4000, 2 * times],
      ];
      expect(program.call('fd_read', fd, ...program.vectors(...into), 0x800)).toBe(0);
      expect(program.u32(0x800)).toBe(2 * times);
      expect(program.text(0x1000, times)).toBe(letters('b'));
      expect(program.text(0x4000, times)).toBe(letters('c'));
    }
  });

  test('move much at once, also over many vectors', () => {
    using program = new Program({ '/': make() });
    program.memory.grow(60);
    const size = 2_000_000;
    const bytes = new Uint8Array(program.memory.buffer, 0x1_0000, size);
    bytes.forEach((_byte, index) => (bytes[index] = (index * 31) >> 3));
    const fd = program.open('large', creat, read | write);
    const parts = Array.from({ length: 500 }, (_part, index): [number, number] => [
      0x1_0000 + index * 4000,
      4000,
    ]);
    expect(program.call('fd_write', fd, ...program.vectors(...parts), 0x8000)).toBe(0);
    expect(program.u32(0x8000)).toBe(size);
    program.seek(fd, 0n, 0);
    expect(program.call('fd_read', fd, ...program.vectors([0x1_0000 + size, size + 1]), 0x8000)).toBe(0);
    expect(program.u32(0x8000)).toBe(size);
    const copy = new Uint8Array(program.memory.buffer, 0x1_0000 + size, size);
    expect(Buffer.compare(copy, new Uint8Array(program.memory.buffer, 0x1_0000, size))).toBe(0);
  });

  test('have the rights that they were opened with', () => {
    using program = new Program({ '/': make() });
    const fd = program.open('file', creat, write);
    const onlyRead = program.open('file', 0, read);
    const stat = (of: number) => {
      expect(program.call('fd_fdstat_get', of, 0x900)).toBe(0);
      return { type: program.view.getUint8(0x900), rights: program.u64(0x908) };
    };
    expect(stat(fd).type).toBe(4);
    expect(stat(fd).rights & (read | write)).toBe(write);
    expect(stat(onlyRead).rights & (read | write)).toBe(read);
    expect(program.write(onlyRead, 'x')).toBe(-errno.badf);
    expect(program.read(fd, 1)).toBe(-errno.badf);
    expect(program.call('fd_filestat_set_size', onlyRead, 5n)).toBe(errno.inval);
    expect(program.call('fd_filestat_set_size', fd, 5n)).toBe(0);
    expect(program.call('fd_filestat_set_size', fd, -5n)).toBe(errno.inval);
    expect(program.call('fd_filestat_get', onlyRead, 0x900)).toBe(0);
    expect(program.u64(0x920)).toBe(5n);
    expect(program.call('fd_sync', fd)).toBe(0);
    expect(program.call('fd_datasync', fd)).toBe(0);
    expect(program.call('fd_advise', fd, 0n, 5n, 1)).toBe(0);
    expect(program.call('fd_advise', fd, -1n, 5n, 1)).toBe(errno.inval);
    expect(program.call('fd_allocate', fd, 0n, 5n)).toBe(errno.notsup);
  });

  test('are opened with what is left of the rights of their directory', () => {
    using program = new Program({ '/': make() });
    const allRights = (1n << 30n) - 1n;
    const base3 = () => {
      program.call('fd_fdstat_get', base, 0x900);
      return program.u64(0x908);
    };
    program.call('fd_close', program.open('file', creat, write));
    expect(program.call('fd_fdstat_set_rights', base, base3() & ~(1n << 10n), allRights & ~write)).toBe(0);
    expect(program.open('new', creat, read)).toBe(-errno.notcapable);
    expect(program.open('file', 0, write)).toBe(-errno.notcapable);
    const fd = program.open('file', 0, read);
    expect(program.read(fd, 1)).toBe('');
    expect(program.call('fd_fdstat_set_rights', base, base3() & ~(1n << 13n), 0n)).toBe(0);
    expect(program.open('file', 0, read)).toBe(-errno.notcapable);
  });

  test('are opened, made and emptied as the flags say', () => {
    using program = new Program({ '/': make() });
    expect(program.open('file', 0, read)).toBe(-errno.noent);
    const fd = program.open('file', creat | excl, write);
    program.write(fd, 'text');
    expect(program.open('file', creat | excl, write)).toBe(-errno.exist);
    expect(program.open('file', directory, read)).toBe(-errno.notdir);
    expect(program.open('/file', 0, read)).toBe(-errno.perm);
    expect(program.open('../file', 0, read)).toBe(-errno.perm);
    expect(program.open('file\0', 0, read)).toBe(-errno.inval);
    expect(program.open('file', 0x10, read)).toBe(-errno.inval);
    expect(program.open('file', 0, read, 0, fd)).toBe(-errno.notdir);
    expect(program.open('file', 0, read, 0, 99)).toBe(-errno.badf);
    expect(program.call('path_unlink_file', base, 0x100, 0)).toBe(errno.noent);
    new Uint8Array(program.memory.buffer)[0x100] = 0xff;
    expect(program.call('path_unlink_file', base, 0x100, 1)).toBe(errno.ilseq);
    const emptied = program.open('file', trunc, write);
    expect(program.stat('file').size).toBe(0n);
    expect(program.call('fd_close', emptied)).toBe(0);
  });

  test('are limited in number, and give their numbers back', () => {
    using program = new Program({ '/': make() }, 6);
    expect(program.open('a', creat, write)).toBe(4);
    expect(program.open('b', creat, write)).toBe(5);
    expect(program.open('c', creat, write)).toBe(-errno.mfile);
    expect(program.stat('c').code).toBe(errno.noent);
    expect(program.call('fd_close', 4)).toBe(0);
    expect(program.open('none', 0, read)).toBe(-errno.noent);
    expect(program.open('c', creat, write)).toBe(4);
  });

  test('are renumbered with all that belongs to them', () => {
    using program = new Program({ '/': make() });
    const fd = program.open('file', creat, read | write);
    program.write(fd, 'text');
    const other = program.open('other', creat, write);
    expect(program.call('fd_renumber', fd, other)).toBe(0);
    expect(program.call('fd_close', fd)).toBe(errno.badf);
    expect(program.seek(other, 0n, 1)).toBe(4n);
    program.seek(other, 0n, 0);
    expect(program.read(other, 10)).toBe('text');
    expect(program.call('fd_renumber', other, 99)).toBe(errno.badf);
  });

  test('are made, linked, moved and removed by name', () => {
    using program = new Program({ '/': make() });
    const two = (one: string, other: string) => {
      const [pointer, length] = program.path(one, 0x200);
      return [pointer, length, ...program.path(other, 0x300)] as const;
    };
    const rename = (from: string, to: string) => {
      const [a, b, c, d] = two(from, to);
      return program.call('path_rename', base, a, b, base, c, d);
    };
    const link = (from: string, to: string, flags = 0) => {
      const [a, b, c, d] = two(from, to);
      return program.call('path_link', base, flags, a, b, base, c, d);
    };
    const symlink = (target: string, name: string) => {
      const [a, b, c, d] = two(target, name);
      return program.call('path_symlink', a, b, base, c, d);
    };
    const byName = (name: FunctionName, path: string) => program.call(name, base, ...program.path(path));
    expect(byName('path_create_directory', 'dir')).toBe(0);
    expect(byName('path_create_directory', 'dir')).toBe(errno.exist);
    program.write(program.open('dir/file', creat, write), 'text');
    expect(link('dir/file', 'link')).toBe(0);
    expect(link('dir/file', 'other', 1)).toBe(errno.inval);
    expect(link('dir', 'other')).toBe(errno.perm);
    expect(program.stat('link')).toMatchObject({ links: 2n, ino: program.stat('dir/file').ino });
    expect(symlink('dir/file', 'symlink')).toBe(0);
    expect(symlink('/etc', 'root')).toBe(errno.perm);
    expect([program.stat('symlink').type, program.stat('symlink', 1).type]).toEqual([7, 4]);
    const readlink = (length: number) => {
      const code = program.call('path_readlink', base, ...program.path('symlink'), 0x400, length, 0x800);
      return [code, program.text(0x400, program.u32(0x800))];
    };
    expect(readlink(100)).toEqual([0, 'dir/file']);
    expect(readlink(3)).toEqual([0, 'dir']);
    expect(program.open('symlink', 0, read)).toBe(-errno.loop);
    expect(program.open('symlink', 0, read, 0, base, 1)).toBeGreaterThan(3);
    expect(rename('link', 'dir')).toBe(errno.isdir);
    expect(rename('link', 'moved')).toBe(0);
    expect(byName('path_unlink_file', 'dir')).toBe(errno.isdir);
    expect(byName('path_remove_directory', 'dir')).toBe(errno.notempty);
    expect(byName('path_remove_directory', 'moved')).toBe(errno.notdir);
    for (const name of ['dir/file', 'moved', 'symlink']) expect(byName('path_unlink_file', name)).toBe(0);
    expect(byName('path_remove_directory', 'dir')).toBe(0);
    expect(program.list(base, 1000).names).toEqual(['. 3', '.. 3']);
  });

  test('keep the times that are set, to the nanosecond', () => {
    using program = new Program({ '/': make() });
    const fd = program.open('file', creat, write);
    const times = () => {
      expect(program.call('fd_filestat_get', fd, 0x900)).toBe(0);
      return [program.u64(0x928), program.u64(0x930)];
    };
    expect(
      program.call('fd_filestat_set_times', fd, 1_795_357_291_917_490_001n, 1_795_357_291_917_490_002n, 5),
    ).toBe(0);
    expect(times()).toEqual([1_795_357_291_917_490_001n, 1_795_357_291_917_490_002n]);
    expect(
      program.call('path_filestat_set_times', base, 0, ...program.path('file'), 0n, 3_000_000_000n, 4),
    ).toBe(0);
    expect(times()).toEqual([1_795_357_291_917_490_001n, 3_000_000_000n]);
    expect(program.call('fd_filestat_set_times', fd, 0n, 0n, 2)).toBe(0);
    expect(Number(times()[0])).toBeGreaterThan(1_790_000_000_000_000_000);
    for (const flags of [3, 12, 16]) {
      expect(program.call('fd_filestat_set_times', fd, 0n, 0n, flags)).toBe(errno.inval);
    }
  });

  test('are listed by passes of any size, whole, and from any cookie', () => {
    using program = new Program({ '/': make() });
    const expected = ['. 3', '.. 3', 'dir 3'];
    program.call('path_create_directory', base, ...program.path('dir'));
    for (let index = 0; index < 300; index++) {
      const name = `${index}${'é'.repeat(index % 40)}`;
      expected.push(`${name} 4`);
      program.call('fd_close', program.open(name, creat, write));
    }
    expected.sort();
    for (const length of [130, 300, 4096, 65_536]) {
      const { names, calls } = program.list(base, length);
      expect(names).toEqual(expected);
      expect(calls).toBeLessThan(1000);
    }
    // From the middle, from the end and from beyond it.
    expect(program.call('fd_readdir', base, 0x4000, 0x8000, 0n, 0x800)).toBe(0);
    const second = program.u64(0x4000 + 24 + 1);
    expect(program.call('fd_readdir', base, 0x4000, 0x8000, second + 299n, 0x800)).toBe(0);
    const rest = program.u32(0x800);
    expect(rest).toBeGreaterThan(24);
    expect(program.call('fd_readdir', base, 0x4000, 0x8000, second + 301n, 0x800)).toBe(0);
    expect(program.u32(0x800)).toBe(0);
    expect(program.call('fd_readdir', base, 0x4000, 0x8000, 5_000n, 0x800)).toBe(0);
    expect(program.u32(0x800)).toBe(0);
    expect(program.call('fd_readdir', base, 0x4000, 0x8000, -1n, 0x800)).toBe(0);
    expect(program.u32(0x800)).toBe(0);
    expect(program.call('fd_readdir', base, 0x4000, 0, 0n, 0x800)).toBe(0);
    expect(program.u32(0x800)).toBe(0);
  });

  test('are ready at once for poll_oneoff, which tells what is left to read', () => {
    using program = new Program({ '/': make() });
    const fd = program.open('file', creat, read | write);
    program.write(fd, 'text');
    program.seek(fd, 1n, 0);
    const subscribe = (index: number, kind: number, of: number) => {
      const at = 0x1000 + index * 48;
      program.view.setBigUint64(at, BigInt(index), true);
      program.view.setUint8(at + 8, kind);
      program.view.setUint32(at + 16, of, true);
    };
    subscribe(0, 1, fd);
    subscribe(1, 2, fd);
    subscribe(2, 1, base);
    expect(program.call('poll_oneoff', 0x1000, 0x2000, 3, 0x800)).toBe(0);
    expect(program.u32(0x800)).toBe(3);
    const events = [0, 1, 2].map((index) => {
      const at = 0x2000 + index * 32;
      return [program.u64(at), program.view.getUint16(at + 8, true), program.u64(at + 16)];
    });
    expect(events).toEqual([
      [0n, 0, 3n],
      [1n, 0, 1n],
      [2n, errno.badf, 0n],
    ]);
  });
});

test.each([
  ['much', 70_000, 65_536, 34_464],
  ['little', 5000, 4096, 2000],
])('a full file system ends a write of %s with what went, then with nospc', (_, maxBytes, one, other) => {
  using program = new Program({ '/': new MemoryDirectory({}, { maxBytes }) });
  const fd = program.open('file', creat, write);
  const vectors = program.vectors([0x1000, one], [0x1000, other]);
  expect(program.call('fd_write', fd, ...vectors, 0x800)).toBe(0);
  expect(program.u32(0x800)).toBe(one);
  expect(program.call('fd_write', fd, ...program.vectors([0x1000, other]), 0x800)).toBe(errno.nospc);
  expect(program.seek(fd, 0n, 1)).toBe(BigInt(one));
});
