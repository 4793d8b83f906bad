/** A directory of the host that other processes change meanwhile, and a process with few descriptors. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ComponentError } from '@wittle/runtime';
import { Guest, text } from '../../../test/driver.ts';
import type { Descriptor } from './types.ts';

const linux = process.platform === 'linux' ? test : test.skip;
const index = JSON.stringify(new URL('../../index.ts', import.meta.url).href);

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wittle-files-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

function script(source: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { cwd: folder });
  children.push(child);
  child.stderr!.on('data', (chunk) => process.stderr.write(String(chunk)));
  return child;
}

linux(
  'no path leads out while a directory on the way turns into a symlink and back',
  async () => {
    fs.mkdirSync(join(folder, 'inside/real'), { recursive: true });
    fs.mkdirSync(join(folder, 'outside'));
    fs.writeFileSync(join(folder, 'inside/real/file'), 'inside');
    fs.writeFileSync(join(folder, 'outside/file'), 'outside');
    // `way` is a directory, then a symlink to the outside, and so on.
    const child = script(`
    import fs from 'node:fs';
    fs.symlinkSync('../outside', 'inside/link');
    console.log('begun');
    for (;;) {
      fs.renameSync('inside/real', 'inside/way');
      fs.renameSync('inside/way', 'inside/real');
      fs.renameSync('inside/link', 'inside/way');
      fs.renameSync('inside/way', 'inside/link');
    }`);
    await once(child.stdout!, 'data');
    using guest = new Guest({ preopens: { '/': join(folder, 'inside') } });
    const [[root]] = guest.wasi.imports['wasi:filesystem/preopens'].getDirectories() as [
      [Descriptor, string],
    ];
    const seen = new Map<unknown, number>();
    const count = (what: unknown): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    const attempts: (() => unknown)[] = [
      () => {
        using file = root.openAt({ symlinkFollow: true }, 'way/file', {}, { read: true });
        return text(file.read(100n, 0n)[0]);
      },
      () => root.openAt({}, 'way/made', { create: true }, { write: true })[Symbol.dispose](),
      () => root.createDirectoryAt('way/dir'),
      () => root.symlinkAt('x', 'way/symlink'),
      () => root.linkAt({}, 'way/file', root, 'stolen'),
      () => root.renameAt('way/file', root, 'stolen'),
      () => root.unlinkFileAt('way/made'),
      () => root.removeDirectoryAt('way/dir'),
      () => root.unlinkFileAt('way/symlink'),
      () => root.renameAt('stolen', root, 'way/file'),
    ];
    for (const end = performance.now() + 1500; performance.now() < end;) {
      for (const each of attempts) {
        try {
          count(each());
        } catch (error) {
          if (!(error instanceof ComponentError)) throw error;
          count(error.payload);
        }
      }
    }
    expect(fs.readdirSync(join(folder, 'outside'))).toEqual(['file']);
    expect(fs.readFileSync(join(folder, 'outside/file'), 'utf8')).toBe('outside');
    expect(seen.has('outside')).toBe(false);
    // Both have been met.
    expect(seen.get('not-permitted')).toBeGreaterThan(10);
    expect(seen.get(undefined)).toBeGreaterThan(10);
  },
  20_000,
);

linux(
  'two processes append to one file without overwriting each other',
  async () => {
    const source = (mark: string): string => `
    import { createWasi } from ${index};
    using wasi = createWasi({ preopens: { '/': '.' } });
    const [[root]] = wasi.imports['wasi:filesystem/preopens'].getDirectories();
    const file = root.openAt({}, 'log', { create: true }, { write: true });
    const line = new TextEncoder().encode('${mark}'.repeat(99) + '\\n');
    for (let each = 0; each < 2000; each++) await file.appendViaStream().blockingWriteAndFlush(line);`;
    const both = ['a', 'b'].map((mark) => once(script(source(mark)), 'exit'));
    expect(await Promise.all(both)).toEqual([
      [0, null],
      [0, null],
    ]);
    const lines = fs.readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n').toSorted();
    expect(lines).toEqual([
      ...Array.from({ length: 2000 }, () => 'a'.repeat(99)),
      ...Array.from({ length: 2000 }, () => 'b'.repeat(99)),
    ]);
  },
  30_000,
);

linux(
  'a process that can open no more files says so, leaks none, and goes on',
  () => {
    fs.mkdirSync(join(folder, 'a/b/c'), { recursive: true });
    fs.writeFileSync(join(folder, 'a/b/c/file'), 'x');
    const source = `
    import fs from 'node:fs';
    import { createWasi } from ${index};
    const wasi = createWasi({ preopens: { '/': '.', '/a': 'a' } });
    const { getDirectories } = wasi.imports['wasi:filesystem/preopens'];
    const [[root]] = getDirectories();
    const read = { read: true };
    const target = root.openAt({}, 'a/b/c/file', {}, { read: true, write: true });
    // Those of all have been loaded.
    root.readDirectory().readDirectoryEntry();
    // To list the descriptors takes one, too.
    const opened = () => { let n = 0; for (let fd = 0; fd < 120; fd++) { try { fs.fstatSync(fd); n++; } catch {} } return n; };
    const held = [];
    for (;;) { try { held.push(fs.openSync('/dev/null')); } catch (error) { if (error.code !== 'EMFILE') throw error; break; } }
    const full = opened();
    const calls = {
      openAt: () => root.openAt({}, 'a/b/c/file', {}, read),
      here: () => root.openAt({}, '.', {}, read),
      list: () => root.readDirectory(),
      stat: () => root.statAt({}, 'a/b/c'),
      make: () => root.createDirectoryAt('a/b/new'),
      rename: () => root.renameAt('a/b/c/file', root, 'a/b/file'),
      directories: () => getDirectories().forEach(([each]) => each[Symbol.dispose]()),
    };
    const told = {};
    // With nothing left, and with one, two, … to get some of the way.
    for (let free = 0; free < 3; free++) {
      for (const [name, call] of Object.entries(calls)) {
        try { const value = call(); value?.[Symbol.dispose]?.(); (told[name] ??= []).push('ok'); }
        catch (error) { (told[name] ??= []).push(error.payload ?? error.code ?? error.message); }
        if (opened() !== full - free) throw new Error(name + ' leaks: ' + opened() + ' not ' + (full - free));
        if (name === 'rename' && told[name].at(-1) === 'ok') root.renameAt('a/b/file', root, 'a/b/c/file');
        if (name === 'make' && told[name].at(-1) === 'ok') root.removeDirectoryAt('a/b/new');
      }
      fs.closeSync(held.pop());
    }
    const out = target.appendViaStream();
    held.splice(0).forEach((fd) => fs.closeSync(fd));
    await out.blockingWriteAndFlush(new Uint8Array([1]));
    told.size = String(target.stat().size);
    wasi.dispose();
    console.log(JSON.stringify(told));`;
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -n 100; exec "$0" --input-type=module -e "$1"`, process.execPath, source],
      { cwd: folder, encoding: 'utf8', timeout: 20_000 },
    );
    expect(stderr).toBe('');
    const full = 'insufficient-memory';
    expect(JSON.parse(stdout)).toEqual({
      openAt: [full, full, full],
      here: [full, 'ok', 'ok'],
      list: [full, 'ok', 'ok'],
      stat: [full, full, 'ok'],
      make: [full, full, 'ok'],
      rename: [full, full, full],
      directories: [
        expect.stringMatching(/^wasi:filesystem\/preopens\.get-directories: EMFILE/),
        expect.stringContaining('EMFILE'),
        'ok',
      ],
      size: '2',
    });
  },
  30_000,
);
