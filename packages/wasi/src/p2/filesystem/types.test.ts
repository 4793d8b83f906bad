/** Files and directories, of the host and in memory: the same rules for both. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errorOf, Guest, readAll, text, streamErrorOf } from '../../../test/driver.ts';
import { MemoryDirectory, type WasiOptions } from '../../index.ts';
import type { Descriptor as HostDescriptor } from './types.ts';

type Descriptor = Pick<HostDescriptor, keyof HostDescriptor>;

const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const write = { write: true };
const read = { read: true };
const create = { create: true };

/** The first preopened directory of a new guest. */
function open(preopens: NonNullable<WasiOptions['preopens']>, options: WasiOptions = {}) {
  const guest = new Guest({ ...options, preopens });
  const found = guest.wasi.imports['wasi:filesystem/preopens'].getDirectories();
  const at = (index: number): HostDescriptor => found[index]![0] as HostDescriptor;
  return { guest, root: at(0), second: found[1] && at(1), names: found.map(([, name]) => name) };
}

function put(root: HostDescriptor, path: string, contents: string): void {
  using file = root.openAt({}, path, { create: true, truncate: true }, write);
  if (contents !== '') file.write(encode(contents), 0n);
}

function get(root: HostDescriptor, path: string): string {
  using file = root.openAt({}, path, {}, read);
  return text(file.read(1000n, 0n)[0]);
}

function list(directory: HostDescriptor): string[] {
  using entries = directory.readDirectory();
  const names: string[] = [];
  for (let entry = entries.readDirectoryEntry(); entry; entry = entries.readDirectoryEntry()) {
    names.push(`${entry.name} ${entry.type}`);
  }
  return names.toSorted();
}

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wittle-files-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const kinds: readonly (readonly [string, () => string | MemoryDirectory])[] = [
  ['of the host', () => folder],
  ['in memory', () => new MemoryDirectory()],
];

describe.each(kinds)('a directory %s', (kind, make) => {
  test('is given under its name, as often as it is asked for', () => {
    const { guest, root, names } = open({ '/data': make() });
    using _guest = guest;
    expect(names).toEqual(['/data']);
    expect(root.getType()).toBe('directory');
    expect(root.getFlags()).toEqual({ read: true, mutateDirectory: true });
    const [[again] = []] = guest.wasi.imports['wasi:filesystem/preopens'].getDirectories();
    root[Symbol.dispose]();
    expect(list(again as HostDescriptor)).toEqual([]);
  });

  test('has files that are written and read at positions, with zeros between', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    using file = root.openAt({}, 'file', create, { read: true, write: true });
    expect(file.write(encode('Hello'), 5n)).toBe(5n);
    expect(file.read(100n, 0n)).toEqual([encode('\0\0\0\0\0Hello'), true]);
    expect(file.read(3n, 5n)).toEqual([encode('Hel'), false]);
    expect(file.read(3n, 10n)).toEqual([new Uint8Array(0), true]);
    expect(file.read(0n, 0n)).toEqual([new Uint8Array(0), false]);
    expect(file.write(new Uint8Array(0), 100n)).toBe(0n);
    expect(file.stat().size).toBe(10n);
    expect(file.getFlags()).toEqual({ read: true, write: true });
    expect(file.getType()).toBe('regular-file');
    file.setSize(7n);
    expect(text(file.read(100n, 5n)[0])).toBe('He');
    file.setSize(9n);
    expect(text(file.read(100n, 5n)[0])).toBe('He\0\0');
    file.sync();
    file.syncData();
    file.advise(0n, 10n, 'sequential');
  });

  test('has files with streams, each with a position of its own', async () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    using file = root.openAt({}, 'file', create, { read: true, write: true });
    const out = file.writeViaStream(2n);
    expect(out.checkWrite()).toBeGreaterThanOrEqual(4096n);
    out.write(encode('one'));
    await out.blockingWriteAndFlush(encode('two'));
    const end = file.appendViaStream();
    await end.blockingWriteAndFlush(encode('three'));
    expect(out.checkWrite()).toBeGreaterThan(0n);
    out.write(encode('2'));
    await end.blockingWriteAndFlush(encode('!'));
    out[Symbol.dispose]();
    end[Symbol.dispose]();
    const whole = file.readViaStream(0n);
    const tail = file.readViaStream(8n);
    file[Symbol.dispose]();
    expect(text(await readAll(tail))).toBe('2hree!');
    expect(text(await readAll(whole))).toBe('\0\0onetwo2hree!');
    expect(streamErrorOf(() => whole.read(1n))).toBe('closed');
    whole[Symbol.dispose]();
    tail[Symbol.dispose]();
  });

  test('gives large files in pieces, whole', async () => {
    const { guest, root } = open({ '/': make() }, { lendBytes: true });
    using _guest = guest;
    const bytes = new Uint8Array(3_000_000).map((_byte, index) => index * 7 + (index >> 8));
    using file = root.openAt({}, 'large', create, { read: true, write: true });
    const out = file.writeViaStream(0n);
    for (let at = 0; at < bytes.length; at += 100_000) {
      expect(out.checkWrite()).toBeGreaterThanOrEqual(100_000n);
      out.write(bytes.slice(at, at + 100_000));
    }
    const input = file.readViaStream(0n);
    const found: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const chunk = input.read(1_000_000n);
      expect(Buffer.compare(chunk, bytes.subarray(at, at + chunk.length))).toBe(0);
      at += chunk.length;
      found.push(chunk.length);
    }
    expect(found.length).toBeLessThan(60);
    expect(file.read(1n << 40n, 0n)[0].length).toBe(0x10_0000);
  });

  test('opens as its flags say', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    const at = (
      path: string,
      openFlags: Parameters<Descriptor['openAt']>[2],
      flags: Parameters<Descriptor['openAt']>[3] = read,
    ) => errorOf(() => root.openAt({}, path, openFlags, flags));
    expect(at('file', {})).toBe('no-entry');
    put(root, 'file', 'text');
    root.createDirectoryAt('dir');
    expect(at('file', { create: true, exclusive: true })).toBe('exist');
    expect(at('file', { directory: true })).toBe('not-directory');
    expect(at('dir', { create: true, directory: true })).toBe('invalid');
    expect(at('dir', {}, write)).toBe('is-directory');
    expect(at('dir', { truncate: true }, { read: true, write: true })).toBe('is-directory');
    expect(at('file/x', {})).toBe('not-directory');
    expect(at('', {})).toBe('no-entry');
    expect(at('file\0', {})).toBe('invalid');
    expect(at('file/', {})).toBe('not-directory');
    expect(at('n'.repeat(300), {})).toBe('name-too-long');
    expect(at('new/', create)).toBe('is-directory');
    expect(at('file', {}, { read: true, fileIntegritySync: true })).toBe('unsupported');
    using kept = root.openAt({}, 'file', create, read);
    expect(text(kept.read(10n, 0n)[0])).toBe('text');
    root.openAt({}, 'file', { truncate: true }, write)[Symbol.dispose]();
    expect(kept.stat().size).toBe(0n);
    for (const path of ['dir', 'dir/', './dir', 'dir/.', 'dir//', 'dir/../dir', '.']) {
      using directory = root.openAt({}, path, { directory: true }, read);
      expect([path, directory.getType()]).toEqual([path, 'directory']);
      expect(errorOf(() => directory.read(1n, 0n))).toBe('is-directory');
      expect(errorOf(() => directory.readViaStream(0n))).toBe('is-directory');
      expect(errorOf(() => directory.write(encode('x'), 0n))).toBe('is-directory');
    }
    using mutable = root.openAt({}, 'dir', {}, { read: true, mutateDirectory: true });
    expect(mutable.getFlags()).toEqual({ read: true, mutateDirectory: true });
    using directory = root.openAt({}, 'dir', {}, {});
    expect(directory.getFlags()).toEqual({ read: true });
    expect(root.openAt({}, 'file', { exclusive: true }, read).stat().type).toBe('regular-file');
    expect(errorOf(() => kept.readDirectory())).toBe('not-directory');
    expect(errorOf(() => kept.openAt({}, 'x', {}, read))).toBe('not-directory');
    expect(errorOf(() => kept.createDirectoryAt('x'))).toBe('not-directory');
    expect(errorOf(() => kept.write(encode('x'), 0n))).toBe('bad-descriptor');
    expect(errorOf(() => kept.setSize(1n))).toBe('invalid');
    using written = root.openAt({}, 'file', {}, write);
    expect(errorOf(() => written.read(1n, 0n))).toBe('bad-descriptor');
    expect(errorOf(() => written.readViaStream(0n))).toBe('bad-descriptor');
    put(root, 'file', 'text');
    using plain = root.openAt({}, 'file', {}, {});
    expect(plain.getFlags()).toEqual({ read: true });
    expect(text(plain.read(0xffff_ffff_ffff_ffffn, 0n)[0])).toBe('text');
    expect(errorOf(() => plain.write(encode('x'), 0n))).toBe('bad-descriptor');
  });

  test('is listed without `.` and `..`, by several passes at once', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    for (let index = 0; index < 200; index++) put(root, `file${index}`, '');
    root.createDirectoryAt('dir');
    root.symlinkAt('file1', 'link');
    const one = root.readDirectory();
    one.readDirectoryEntry();
    expect(list(root)).toHaveLength(202);
    expect(list(root)).toContain('dir directory');
    expect(list(root)).toContain('link symbolic-link');
    expect(list(root)).toContain('file7 regular-file');
    one[Symbol.dispose]();
    expect(one.readDirectoryEntry()).toBeUndefined();
  });

  test('makes and removes names', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.createDirectoryAt('dir');
    root.createDirectoryAt('dir/sub/');
    expect(errorOf(() => root.createDirectoryAt('dir'))).toBe('exist');
    expect(errorOf(() => root.createDirectoryAt('.'))).toBe('exist');
    expect(errorOf(() => root.createDirectoryAt('none/dir'))).toBe('no-entry');
    put(root, 'dir/file', 'x');
    expect(errorOf(() => root.removeDirectoryAt('dir'))).toBe('not-empty');
    expect(errorOf(() => root.removeDirectoryAt('dir/file'))).toBe('not-directory');
    expect(errorOf(() => root.unlinkFileAt('dir'))).toBe('is-directory');
    expect(errorOf(() => root.unlinkFileAt('dir/file/'))).toBe('not-directory');
    expect(errorOf(() => root.unlinkFileAt('dir/none'))).toBe('no-entry');
    expect(errorOf(() => root.removeDirectoryAt('none'))).toBe('no-entry');
    root.unlinkFileAt('dir/file');
    root.removeDirectoryAt('dir/sub');
    root.removeDirectoryAt('dir/');
    expect(list(root)).toEqual([]);
  });

  test('goes on with files and directories that were removed while open', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    put(root, 'file', 'kept');
    root.createDirectoryAt('dir');
    using file = root.openAt({}, 'file', {}, { read: true, write: true });
    using directory = root.openAt({}, 'dir', {}, read);
    root.unlinkFileAt('file');
    root.removeDirectoryAt('dir');
    expect(file.write(encode('!'), 4n)).toBe(1n);
    expect(text(file.read(10n, 0n)[0])).toBe('kept!');
    expect(file.stat().linkCount).toBe(0n);
    expect(errorOf(() => directory.openAt({}, 'x', create, write))).toBe('no-entry');
  });

  test('renames', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.createDirectoryAt('source');
    root.createDirectoryAt('target');
    put(root, 'target/file', 'x');
    const fails = (from: string, to: string) => errorOf(() => root.renameAt(from, root, to));
    expect(fails('source', 'target')).toBe('not-empty');
    expect(fails('source', 'target/file')).toBe('not-directory');
    expect(fails('target/file', 'source')).toBe('is-directory');
    expect(fails('none', 'x')).toBe('no-entry');
    expect(fails('target', 'target/inside')).toBe('invalid');
    expect(fails('target/file/', 'x')).toBe('not-directory');
    expect(fails('target/file', 'x/')).toBe('not-directory');
    expect(fails('.', 'x')).toBe('busy');
    using into = root.openAt({}, 'source', {}, read);
    root.renameAt('target/file', into, 'moved');
    root.renameAt('source', root, 'target');
    put(root, 'other', 'y');
    root.renameAt('target/moved', root, 'other');
    expect(get(root, 'other')).toBe('x');
    root.renameAt('other', root, 'other');
    root.renameAt('target/', root, 'last/');
    expect(list(root)).toEqual(['last directory', 'other regular-file']);
  });

  test('has a hash for each object, which stays while that is written', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    const names = Array.from({ length: 200 }, (_, index) => `file-${index}`);
    for (const name of names) put(root, name, name);
    const hashes = names.map((name) => root.metadataHashAt({}, name));
    expect(new Set(hashes.map(({ lower }) => lower)).size).toBe(200);
    put(root, 'file-7', 'other');
    expect(root.metadataHashAt({}, 'file-7')).toEqual(hashes[7]);
  });

  test('links', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    put(root, 'file', 'x');
    root.createDirectoryAt('dir');
    root.linkAt({}, 'file', root, 'dir/link');
    expect(root.statAt({}, 'file').linkCount).toBe(2n);
    expect(root.metadataHashAt({}, 'file')).toEqual(root.metadataHashAt({}, 'dir/link'));
    using one = root.openAt({}, 'file', {}, read);
    using other = root.openAt({}, 'dir/link', {}, write);
    expect([one.isSameObject(other), one.isSameObject(root)]).toEqual([true, false]);
    other.write(encode('y'), 1n);
    expect(text(one.read(10n, 0n)[0])).toBe('xy');
    // Whoever asks for both gets the same as whoever asks twice.
    expect(one.statAndHash()).toEqual([one.stat(), one.metadataHash()]);
    expect(root.statAndHashAt({}, 'dir')).toEqual([root.statAt({}, 'dir'), root.metadataHashAt({}, 'dir')]);
    const fails = (from: string, to: string) => errorOf(() => root.linkAt({}, from, root, to));
    expect(fails('file', 'dir/link')).toBe('exist');
    expect(fails('file', 'file')).toBe('exist');
    expect(fails('dir', 'other')).toBe('not-permitted');
    expect(fails('file', 'new/')).toBe('no-entry');
    expect(fails('none', 'new')).toBe('no-entry');
    expect(errorOf(() => root.linkAt({ symlinkFollow: true }, 'file', root, 'x'))).toBe('invalid');
  });

  test('has symlinks, followed where that is said', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.createDirectoryAt('dir');
    put(root, 'dir/file', 'x');
    root.symlinkAt('dir/file', 'link');
    root.symlinkAt('dir', 'folder');
    root.symlinkAt('../dir/file', 'dir/again');
    root.symlinkAt('dangling', 'broken');
    expect(root.readlinkAt('link')).toBe('dir/file');
    expect(errorOf(() => root.readlinkAt('dir'))).toBe('invalid');
    expect(root.statAt({}, 'link')).toMatchObject({ type: 'symbolic-link', size: 8n });
    expect(root.statAt({ symlinkFollow: true }, 'link')).toMatchObject({ type: 'regular-file', size: 1n });
    expect(root.statAt({}, 'folder/').type).toBe('directory');
    expect(get(root, 'folder/again/../file'.replace('/again/..', ''))).toBe('x');
    expect(errorOf(() => root.openAt({}, 'link', {}, read))).toBe('loop');
    using followed = root.openAt({ symlinkFollow: true }, 'folder/again', {}, read);
    expect(text(followed.read(9n, 0n)[0])).toBe('x');
    expect(errorOf(() => root.openAt({ symlinkFollow: true }, 'broken', {}, read))).toBe('no-entry');
    root.openAt({ symlinkFollow: true }, 'broken', create, write)[Symbol.dispose]();
    expect(root.statAt({}, 'dangling').type).toBe('regular-file');
    expect(errorOf(() => root.openAt({ symlinkFollow: true }, 'link', { directory: true }, read))).toBe(
      'not-directory',
    );
    expect(errorOf(() => root.symlinkAt('x', 'link'))).toBe('exist');
    expect(errorOf(() => root.symlinkAt('x', 'new/'))).toBe('no-entry');
    expect(errorOf(() => root.removeDirectoryAt('folder/'))).toBe('not-directory');
    root.unlinkFileAt('folder');
    root.unlinkFileAt('link');
    expect(list(root)).toEqual(['broken symbolic-link', 'dangling regular-file', 'dir directory']);
  });

  test('ends chains of symlinks', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.symlinkAt('b', 'a');
    root.symlinkAt('a', 'b');
    expect(errorOf(() => root.statAt({ symlinkFollow: true }, 'a'))).toBe('loop');
    expect(errorOf(() => root.statAt({}, 'a/b'))).toBe('loop');
    put(root, 'end', 'x');
    root.symlinkAt('end', 's0');
    for (let index = 1; index < 45; index++) root.symlinkAt(`s${index - 1}`, `s${index}`);
    expect(root.statAt({ symlinkFollow: true }, 's39').type).toBe('regular-file');
    expect(errorOf(() => root.statAt({ symlinkFollow: true }, 's40'))).toBe('loop');
  });

  test('keeps times', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    put(root, 'file', 'x');
    const at = (seconds: bigint) =>
      ({ tag: 'timestamp', val: { seconds, nanoseconds: 500_000_000 } }) as const;
    root.setTimesAt({}, 'file', at(1_000n), at(2_000n));
    const times = () => {
      const { dataAccessTimestamp, dataModificationTimestamp } = root.statAt({}, 'file');
      return [dataAccessTimestamp?.seconds, dataModificationTimestamp?.seconds];
    };
    expect(times()).toEqual([1_000n, 2_000n]);
    expect(root.statAt({}, 'file').dataModificationTimestamp?.nanoseconds).toBe(500_000_000);
    using file = root.openAt({}, 'file', {}, read);
    file.setTimes({ tag: 'no-change' }, at(3_000n));
    expect(times()).toEqual([1_000n, 3_000n]);
    file.setTimes({ tag: 'now' }, { tag: 'no-change' });
    expect(Number(times()[0])).toBeGreaterThan(1_700_000_000);
    expect(times()[1]).toBe(3_000n);
    const wrong = { tag: 'timestamp', val: { seconds: 0n, nanoseconds: 1_000_000_000 } } as const;
    expect(errorOf(() => file.setTimes(wrong, { tag: 'no-change' }))).toBe('invalid');
    expect(errorOf(() => file.setTimes(at(1n << 63n), { tag: 'no-change' }))).toBe('overflow');
    root.symlinkAt('file', 'link');
    root.setTimesAt({ symlinkFollow: true }, 'link', at(7n), at(8n));
    expect(times()).toEqual([7n, 8n]);
    root.setTimesAt({}, 'link', at(9n), at(9n));
    expect(times()).toEqual([7n, 8n]);
    root.setTimesAt({}, '.', at(9n), at(9n));
    expect(root.stat().dataModificationTimestamp?.seconds).toBe(9n);
  });

  test('is left by no path', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.createDirectoryAt('dir');
    put(root, 'inside', 'x');
    root.symlinkAt('..', 'up');
    root.symlinkAt('dir/../../etc', 'around');
    root.symlinkAt('../inside', 'dir/ok');
    for (const path of [
      '/',
      '/inside',
      '..',
      '../x',
      'dir/../..',
      'up',
      'up/x',
      'around/passwd',
      'dir/ok/../..',
    ]) {
      const errors = new Set([
        errorOf(() => root.openAt({ symlinkFollow: true }, path, {}, read)),
        errorOf(() => root.statAt({ symlinkFollow: true }, path)),
        errorOf(() => root.openAt({ symlinkFollow: true }, path, create, write)),
      ]);
      expect([path, ...errors]).toEqual([path, path === 'dir/ok/../..' ? 'not-directory' : 'not-permitted']);
    }
    for (const path of ['/x', '../x', 'up/x', 'dir/../../x']) {
      expect(errorOf(() => root.createDirectoryAt(path))).toBe('not-permitted');
      expect(errorOf(() => root.unlinkFileAt(path))).toBe('not-permitted');
      expect(errorOf(() => root.removeDirectoryAt(path))).toBe('not-permitted');
      expect(errorOf(() => root.renameAt('inside', root, path))).toBe('not-permitted');
      expect(errorOf(() => root.renameAt(path, root, 'y'))).toBe('not-permitted');
      expect(errorOf(() => root.linkAt({}, path, root, 'y'))).toBe('not-permitted');
      expect(errorOf(() => root.linkAt({}, 'inside', root, path))).toBe('not-permitted');
      expect(errorOf(() => root.symlinkAt('inside', path))).toBe('not-permitted');
      expect(errorOf(() => root.readlinkAt(path))).toBe('not-permitted');
      expect(errorOf(() => root.setTimesAt({}, path, { tag: 'now' }, { tag: 'now' }))).toBe('not-permitted');
      expect(errorOf(() => root.metadataHashAt({}, path))).toBe('not-permitted');
    }
    expect(errorOf(() => root.symlinkAt('/etc/passwd', 'secret'))).toBe('not-permitted');
    root.symlinkAt('dir', 'again');
    expect(errorOf(() => root.removeDirectoryAt('up/'))).toBe('not-permitted');
    expect(errorOf(() => root.removeDirectoryAt('again/'))).toBe('not-directory');
    expect(errorOf(() => root.removeDirectoryAt('up'))).toBe('not-directory');
    using below = root.openAt({}, 'dir', {}, read);
    expect(errorOf(() => below.openAt({}, '../inside', {}, read))).toBe('not-permitted');
    expect(errorOf(() => below.openAt({ symlinkFollow: true }, 'ok', {}, read))).toBe('not-permitted');
    using through = root.openAt({ symlinkFollow: true }, 'dir/ok', {}, read);
    expect(text(through.read(5n, 0n)[0])).toBe('x');
  });

  test('that is read-only changes nothing', () => {
    const directory = make();
    {
      const { guest, root } = open({ '/': directory });
      using _guest = guest;
      put(root, 'file', 'x');
      root.createDirectoryAt('dir');
    }
    const { guest, root, second } = open({ '/': { directory, readOnly: true }, '/rw': make() });
    using _guest = guest;
    expect(root.getFlags()).toEqual({ read: true });
    expect(get(root, 'file')).toBe('x');
    expect(list(root)).toHaveLength(2);
    using file = root.openAt({}, 'file', {}, read);
    using below = root.openAt({}, 'dir', {}, read);
    const now = { tag: 'now' } as const;
    const attempts: (() => unknown)[] = [
      () => root.openAt({}, 'file', {}, write),
      () => root.openAt({}, 'file', { truncate: true }, read),
      () => root.openAt({}, 'new', create, read),
      () => root.openAt({}, 'dir', {}, { read: true, mutateDirectory: true }),
      () => below.openAt({}, 'new', create, write),
      () => root.createDirectoryAt('new'),
      () => root.removeDirectoryAt('dir'),
      () => root.unlinkFileAt('file'),
      () => root.symlinkAt('file', 'link'),
      () => root.renameAt('file', root, 'other'),
      () => root.renameAt('file', second!, 'other'),
      () => second!.renameAt('none', root, 'other'),
      () => root.linkAt({}, 'file', second!, 'link'),
      () => root.setTimes(now, now),
      () => root.setTimesAt({}, 'file', now, now),
      () => file.setTimes(now, now),
      () => file.setSize(0n),
      () => file.write(encode('y'), 0n),
      () => file.writeViaStream(0n),
      () => file.appendViaStream(),
    ];
    for (const each of attempts)
      expect([String(each), errorOf(each)]).toEqual([String(each), 'not-permitted']);
    expect(get(root, 'file')).toBe('x');
  });

  test('that is read-only tells the host what was missing, once for each try', () => {
    const told: string[] = [];
    const onDenied: WasiOptions['onDenied'] = ({ list, subject, protocol }) =>
      told.push(`${list} ${subject} ${protocol}`);
    const { guest, root } = open({ '/data': { directory: make(), readOnly: true } }, { onDenied });
    using _guest = guest;
    expect(() => root.createDirectoryAt('new')).toThrow(
      "preopens['/data'] is read-only; grant changes in it with --dir HOST::/data",
    );
    using again = root.openAt({}, '.', {}, read);
    expect(errorOf(() => again.openAt({}, 'file', create, write))).toBe('not-permitted');
    expect(errorOf(() => root.statAt({}, 'none'))).toBe('no-entry');
    expect(told).toEqual(['preopens /data undefined', 'preopens /data undefined']);
  });

  test('has no path of 4096 bytes', () => {
    const { guest, root } = open({ '/': make() });
    using _guest = guest;
    root.createDirectoryAt('d');
    expect(root.statAt({}, `${'./'.repeat(2047)}d`).type).toBe('directory');
    expect(errorOf(() => root.statAt({}, `${'./'.repeat(2047)}dd`))).toBe('name-too-long');
    expect(errorOf(() => root.openAt({}, 'd/../'.repeat(1_000_000), {}, read))).toBe('name-too-long');
    expect(errorOf(() => root.createDirectoryAt('ä'.repeat(2048)))).toBe('name-too-long');
    expect(errorOf(() => root.createDirectoryAt('n'.repeat(256)))).toBe('name-too-long');
  });

  test('keeps to the limit of open files, and closes what the guest leaves open', () => {
    const { guest, root } = open({ '/': make() }, { limits: { files: 10 } });
    put(root, 'file', 'x');
    const opened = () => fs.readdirSync('/proc/self/fd').length;
    const counts = process.platform === 'linux' && kind === 'of the host';
    const before = counts ? opened() : 0;
    const held: unknown[] = [];
    for (let index = 0; index < 9; index++) held.push(root.openAt({}, 'file', {}, read));
    expect(errorOf(() => root.openAt({}, 'file', {}, read))).toBe('insufficient-memory');
    const stream = (held[0] as HostDescriptor).readViaStream(0n);
    (held[0] as HostDescriptor)[Symbol.dispose]();
    expect(errorOf(() => root.openAt({}, 'file', {}, read))).toBe('insufficient-memory');
    stream[Symbol.dispose]();
    const entries = root.readDirectory();
    // The host keeps a listing open, too.
    expect(errorOf(() => root.openAt({}, 'file', {}, read))).toBe('insufficient-memory');
    expect(errorOf(() => root.readDirectory())).toBe('insufficient-memory');
    entries[Symbol.dispose]();
    held.push(root.readDirectory());
    const { getDirectories } = guest.wasi.imports['wasi:filesystem/preopens'];
    expect(getDirectories).toThrow(/more than 10 files and directories would be open \(limits\.files\)/);
    guest[Symbol.dispose]();
    if (counts) expect(opened()).toBeLessThan(before);
  });
});

describe('a directory of the host', () => {
  const linux = process.platform === 'linux' ? test : test.skip;

  test('must be there', () => {
    expect(() => open({ '/x': join(folder, 'none') })).toThrow(/^preopens\['\/x'\]: ENOENT/);
    fs.writeFileSync(join(folder, 'file'), '');
    expect(() => open({ '/x': join(folder, 'file') })).toThrow(/^preopens\['\/x'\]: ENOTDIR/);
    expect(() => open({ '': folder })).toThrow('the path that the guest sees is empty');
  });

  linux('has files from before 1970, which have no time for WASI, and keep it', () => {
    const path = join(folder, 'old');
    fs.writeFileSync(path, 'x');
    fs.utimesSync(path, '-1000.5', '-2000.25');
    const { guest, root } = open({ '/': folder });
    using _guest = guest;
    const stat = root.statAt({}, 'old');
    expect([stat.dataAccessTimestamp, stat.dataModificationTimestamp]).toEqual([undefined, undefined]);
    const known = { tag: 'timestamp', val: { seconds: 7n, nanoseconds: 0 } } as const;
    root.setTimesAt({}, 'old', known, { tag: 'no-change' });
    const { atimeNs, mtimeNs } = fs.statSync(path, { bigint: true });
    expect([atimeNs, mtimeNs]).toEqual([7_000_000_000n, -2_000_250_000_000n]);
  });

  test('has absolute symlinks made by others, which are not followed or told', () => {
    fs.symlinkSync('/etc/passwd', join(folder, 'secret'));
    const { guest, root } = open({ '/': folder });
    using _guest = guest;
    expect(errorOf(() => root.openAt({ symlinkFollow: true }, 'secret', {}, read))).toBe('not-permitted');
    expect(errorOf(() => root.statAt({ symlinkFollow: true }, 'secret'))).toBe('not-permitted');
    expect(errorOf(() => root.readlinkAt('secret'))).toBe('not-permitted');
    expect(root.statAt({}, 'secret').type).toBe('symbolic-link');
    root.unlinkFileAt('secret');
    expect(fs.existsSync('/etc/passwd')).toBe(true);
  });

  linux('is left by no magic link of /proc', () => {
    const { guest, root } = open({ '/': '/proc' });
    using _guest = guest;
    for (const path of ['self/root/etc', 'self/cwd/x', `${process.pid}/root/etc`]) {
      expect(errorOf(() => root.openAt({ symlinkFollow: true }, path, {}, read))).toBe('not-permitted');
    }
    expect(errorOf(() => root.openAt({ symlinkFollow: true }, 'self/fd/0', {}, read))).not.toBeUndefined();
  });

  linux('is the one that was granted, whatever is put in its place', () => {
    const granted = join(folder, 'granted');
    const outside = join(folder, 'outside');
    fs.mkdirSync(granted);
    fs.mkdirSync(join(granted, 'dir'));
    fs.mkdirSync(outside);
    fs.writeFileSync(join(outside, 'secret'), 'secret');
    const { guest, root } = open({ '/': granted });
    using _guest = guest;
    using below = root.openAt({}, 'dir', {}, read);
    // What an attacker who races with the guest does, at the worst moments.
    fs.renameSync(granted, `${granted}2`);
    fs.symlinkSync(outside, granted);
    fs.rmdirSync(join(`${granted}2`, 'dir'));
    fs.symlinkSync(outside, join(`${granted}2`, 'dir'));
    expect(errorOf(() => root.openAt({}, 'secret', {}, read))).toBe('no-entry');
    expect(errorOf(() => root.openAt({ symlinkFollow: true }, 'dir/secret', {}, read))).toBe('not-permitted');
    expect(errorOf(() => below.openAt({}, 'secret', {}, read))).toBe('no-entry');
    put(root, 'mine', 'x');
    expect(fs.readdirSync(outside)).toEqual(['secret']);
    expect(fs.readFileSync(join(`${granted}2`, 'mine'), 'utf8')).toBe('x');
  });

  linux('says so of names that are not UTF-8', () => {
    fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff])]), '');
    fs.writeFileSync(join(folder, '\uFFFD'), '');
    const { guest, root } = open({ '/': folder });
    using _guest = guest;
    using entries = root.readDirectory();
    const seen: unknown[] = [];
    for (let index = 0; index < 2; index++) {
      try {
        seen.push(entries.readDirectoryEntry()?.name);
      } catch (error) {
        seen.push((error as { payload: unknown }).payload);
      }
    }
    expect(seen.toSorted()).toEqual(['illegal-byte-sequence', '\uFFFD']);
  });

  linux('does not wait for the other end of a pipe', async () => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { guest, root } = open({ '/': folder });
    using _guest = guest;
    expect(root.statAt({}, 'pipe').type).toBe('fifo');
    expect(errorOf(() => root.openAt({}, 'pipe', {}, write))).toBe('no-such-device');
    using pipe = root.openAt({}, 'pipe', {}, read);
    expect(pipe.getType()).toBe('fifo');
    expect(pipe.read(10n, 0n)).toEqual([new Uint8Array(0), true]);
  });

  linux('and one in memory are different file systems', () => {
    const { guest, root, second } = open({ '/': folder, '/tmp': new MemoryDirectory({ file: 'x' }) });
    using _guest = guest;
    put(root, 'file', 'y');
    expect(errorOf(() => root.renameAt('file', second!, 'other'))).toBe('cross-device');
    expect(errorOf(() => second!.linkAt({}, 'file', root, 'other'))).toBe('cross-device');
    expect(root.isSameObject(second!)).toBe(false);
  });

  test('fails with the error of the system behind a stream, which can be asked for', async () => {
    if (!fs.existsSync('/dev/full')) return;
    const { guest, root } = open({ '/': '/dev' });
    using _guest = guest;
    using full = root.openAt({}, 'full', {}, write);
    expect(full.getType()).toBe('character-device');
    expect(errorOf(() => full.write(encode('x'), 0n))).toBe('insufficient-space');
    const out = full.writeViaStream(0n);
    let thrown: { tag: string; val: unknown } | undefined;
    try {
      await out.blockingWriteAndFlush(encode('x'));
    } catch (error) {
      thrown = (error as { payload: typeof thrown }).payload;
    }
    expect(thrown?.tag).toBe('last-operation-failed');
    const { filesystemErrorCode } = guest.wasi.imports['wasi:filesystem/types'];
    expect(filesystemErrorCode(thrown!.val as never)).toBe('insufficient-space');
  });
});

describe('a directory in memory', () => {
  test('starts with what it is given, and shows what the guest did', () => {
    const memory = new MemoryDirectory({ 'a.txt': 'one', dir: { 'b.bin': Uint8Array.of(1, 2) } });
    const { guest, root } = open({ '/': memory });
    using _guest = guest;
    expect(get(root, 'a.txt')).toBe('one');
    put(root, 'dir/new', 'two');
    expect(memory.list('dir')).toEqual(['b.bin', 'new']);
    expect(memory.readFile('dir/new')).toEqual(encode('two'));
    expect(memory.readFile('dir/b.bin')).toEqual(Uint8Array.of(1, 2));
    expect([memory.readFile('dir'), memory.readFile('x/y'), memory.list('a.txt')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    memory.writeFile('dir/deep/file', 'three');
    expect(get(root, 'dir/deep/file')).toBe('three');
    expect(() => memory.writeFile('a.txt/x', '')).toThrow('a.txt is no directory');
    expect(() => memory.writeFile('dir', '')).toThrow('dir is no file');
  });

  test('has only so much room, which comes back', () => {
    const memory = new MemoryDirectory({}, { maxBytes: 100_000 });
    const { guest, root } = open({ '/': memory });
    using _guest = guest;
    for (let round = 0; round < 10; round++) {
      using file = root.openAt({}, 'file', create, write);
      expect(file.write(new Uint8Array(90_000), 0n)).toBe(90_000n);
      expect(errorOf(() => file.write(new Uint8Array(20_000), 90_000n))).toBe('insufficient-space');
      expect(errorOf(() => file.setSize(1n << 40n))).toBe('insufficient-space');
      expect(errorOf(() => file.write(Uint8Array.of(1), 1n << 60n))).toBe('file-too-large');
      root.unlinkFileAt('file');
      expect(errorOf(() => file.setSize(120_000n))).toBe('insufficient-space');
    }
    let made = 0;
    expect(
      errorOf(() => {
        for (; made < 1000; made++) put(root, `n${made}`, '');
      }),
    ).toBe('insufficient-space');
    expect(made).toBe(390);
  });
});
