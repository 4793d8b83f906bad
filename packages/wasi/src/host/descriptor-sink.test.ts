/** What a process prints and what its guest prints, by the same descriptor: only a process of its own shows it. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const index = JSON.stringify(new URL('../index.ts', import.meta.url).href);
const folder = fs.mkdtempSync(join(tmpdir(), 'stdio-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const onPosix = process.platform === 'win32' ? test.skip : test;

/** `print(text)` is a guest's blocking write, `codes(write)` how it fails. */
const head = `
  import { createWasi } from ${index};
  const wasi = createWasi();
  const { filesystemErrorCode } = wasi.imports['wasi:filesystem/types'];
  const output = wasi.imports['wasi:cli/stdout'].getStdout();
  const print = (text) => output.blockingWriteAndFlush(Buffer.from(text));
  const codes = async (write) => {
    for (let round = 0; round < 2; round++) {
      try {
        await write();
        console.error('no failure');
      } catch ({ payload }) {
        console.error(payload.tag, payload.val && filesystemErrorCode(payload.val));
      }
    }
  };
`;
const program = (source: string): string[] => ['--input-type=module', '-e', head + source];

function run(source: string, stdout: 'pipe' | number = 'pipe') {
  const { status, ...output } = spawnSync(process.execPath, program(source), {
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1e8,
    timeout: 20_000,
  });
  return { status, stdout: output.stdout, stderr: output.stderr };
}

function start(source: string, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): ChildProcess {
  return spawn(process.execPath, program(source), { stdio, timeout: 20_000 });
}

/** Lines of the host and of the guest by turns, some of them long. */
const lines = (count: number, last = ''): string =>
  Array.from({ length: count }, (_each, line) => `${line} ${'x'.repeat(line % 7 === 0 ? 3000 : 10)}\n`).join(
    '',
  ) + last;
const byTurns = (count: number): string => `
  for (let line = 0; line < ${count}; line++) {
    const text = line + ' ' + 'x'.repeat(line % 7 === 0 ? 3000 : 10);
    if (line % 3 === 0) console.log(text);
    else await print(text + '\\n');
  }
`;

describe('what host and guest print is in order', () => {
  test('in a file', () => {
    const path = join(folder, 'ordered');
    const file = fs.openSync(path, 'w');
    expect(run(byTurns(300), file)).toMatchObject({ status: 0, stderr: '' });
    fs.closeSync(file);
    expect(fs.readFileSync(path, 'utf8')).toBe(lines(300));
  });

  test('in a file that is appended to', () => {
    const path = join(folder, 'appended');
    fs.writeFileSync(path, 'before\n');
    const file = fs.openSync(path, 'a');
    expect(run(byTurns(20), file)).toMatchObject({ status: 0, stderr: '' });
    fs.closeSync(file);
    expect(fs.readFileSync(path, 'utf8')).toBe(`before\n${lines(20)}`);
  });

  test('in a pipe', () => {
    expect(run(byTurns(3000))).toEqual({ status: 0, stderr: '', stdout: lines(3000) });
  });

  onPosix(
    'in a pipe that has room again while the host still has something to write',
    async () => {
      const path = join(folder, 'room');
      const child = start(`
      import { existsSync, writeSync } from 'node:fs';
      const pause = new Int32Array(new SharedArrayBuffer(4));
      console.log('z'.repeat(1_000_000));
      writeSync(2, 'full');
      // No turn of the event loop, in which the host could go on.
      for (let round = 0; round < 1000 && !existsSync(${JSON.stringify(path)}); round++) Atomics.wait(pause, 0, 0, 10);
      await print('last');
    `);
      await once(child.stderr!, 'data');
      let all = '';
      child.stdout!.on('data', (chunk) => (all += String(chunk)));
      await once(child.stdout!, 'data');
      fs.writeFileSync(path, '');
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(all === `${'z'.repeat(1_000_000)}\nlast`).toBe(true);
    },
    30_000,
  );

  // On Windows a full pipe stops the process, whoever writes.
  onPosix(
    'in a pipe that is full for a while, and the host goes on meanwhile',
    async () => {
      const child = start(`
      setTimeout(() => console.error('the host goes on'), 1);
      const bytes = Buffer.alloc(4096, 'y');
      for (let block = 0; block < 300; block++) {
        if (block % 3 === 0) console.log('z'.repeat(4095));
        else await output.blockingWriteAndFlush(bytes);
      }
      await print('last');
    `);
      // Nobody reads until then: more is written than any pipe has room for.
      const [said] = (await once(child.stderr!, 'data')) as [Buffer];
      expect(String(said)).toBe('the host goes on\n');
      let all = '';
      child.stdout!.on('data', (chunk) => (all += String(chunk)));
      expect(await once(child, 'close')).toEqual([0, null]);
      const y = 'y'.repeat(4096);
      expect(all === `${'z'.repeat(4095)}\n${y}${y}`.repeat(100) + 'last').toBe(true);
    },
    30_000,
  );
});

describe('a failure of the descriptor is the guest’s', () => {
  onPosix(
    'closed, when nobody reads it any more',
    async () => {
      const child = start(
        `
      process.stdout.on('error', () => {});
      process.stdin.once('data', () => codes(() => print('x')).then(() => process.exit()));
      print('ready');
    `,
        ['pipe', 'pipe', 'pipe'],
      );
      let said = '';
      child.stderr!.on('data', (chunk) => (said += String(chunk)));
      await once(child.stdout!, 'data');
      child.stdout!.destroy();
      await once(child.stdout!, 'close');
      child.stdin!.end('go on');
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(said).toBe('closed undefined\nclosed undefined\n');
    },
    30_000,
  );

  (fs.existsSync('/dev/full') ? test : test.skip)('that there is no room', () => {
    const full = fs.openSync('/dev/full', 'w');
    const { stderr } = run(`await codes(() => print('x'));`, full);
    const flushed = run(
      `output.checkWrite();
       output.write(Buffer.from('x'));
       await codes(() => output.blockingFlush());`,
      full,
    );
    fs.closeSync(full);
    const told = 'last-operation-failed insufficient-space\nclosed undefined\n';
    expect([stderr, flushed.stderr]).toEqual([told, told]);
  });
});

describe('what is in the place of the descriptor gets what is printed', () => {
  test('a function in the place of write', () => {
    expect(
      run(`
        const own = process.stdout.write;
        print('1');
        const seen = [];
        process.stdout.write = function (bytes, ...rest) {
          seen.push(String(bytes));
          return own.call(this, bytes, ...rest);
        };
        await print('2');
        process.stdout.write = own;
        await print('3');
        console.error(seen.join());
      `),
    ).toEqual({ status: 0, stdout: '123', stderr: '2\n' });
  });

  test('the main thread, of a worker’s output', () => {
    expect(
      run(`
        import { Worker } from 'node:worker_threads';
        const worker = new Worker(
          \`import { createWasi } from ${index.replaceAll('"', "'")};
          createWasi().imports['wasi:cli/stdout'].getStdout().blockingWriteAndFlush(Buffer.from('inside'));\`,
          { eval: true, stdout: true, execArgv: ['--input-type=module'] },
        );
        let seen = '';
        worker.stdout.on('data', (chunk) => (seen += chunk));
        worker.on('error', (error) => console.error(error));
        worker.on('exit', () => console.error(seen));
      `),
    ).toEqual({ status: 0, stdout: '', stderr: 'inside\n' });
  });
});
