/** Whole guests in workers: what `runCommand` promises holds there, too. */
import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { LinkError, Trap } from '@wittle/runtime';
import { MemoryDirectory } from '../host/files/memory-directory.ts';
import { WasiTrap } from '../host/trap.ts';
import { runCommand, type RunOptions } from '../run-command.ts';
import { TimeLimitError } from './time-limit-error.ts';

const examples = new URL('../../../../examples/guest-c/', import.meta.url);
const guest = (name: string): Uint8Array<ArrayBuffer> => readFileSync(new URL(name, examples));
/** Milliseconds. */
const patience = 60_000;

/** Runs a program in a worker; gives its code and standard output. */
async function run(
  program: Parameters<typeof runCommand>[0],
  options: RunOptions = {},
): Promise<{ readonly code: number; readonly output: string }> {
  let output = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      output += String(chunk);
      done();
    },
  });
  const code = await runCommand(program, { stdout, blocking: 'worker', ...options });
  return { code, output };
}

describe('BSD sockets', () => {
  test.each(readdirSync(new URL('test/', examples)).filter((name) => name.endsWith('.wasm')))(
    '%s finds nothing wrong',
    async (name) => {
      const { code, output } = await run(guest(`test/${name}`), { network: 'all' });
      expect(output.split('\n').filter((line) => !/^(ok .+|# .*|all ok|)$/.test(line))).toEqual([]);
      expect([code, output]).toEqual([0, expect.stringMatching(/^all ok\n$/m)]);
    },
    patience,
  );
});

test(
  'files, through plain libc',
  async () => {
    const memory = new MemoryDirectory();
    const { code, output } = await run(new WebAssembly.Module(guest('programs/files.wasm')), {
      preopens: { '/': memory },
      env: { NAME: 'value' },
      stdin: Readable.from(['typed\n']),
    });
    expect([code, output]).toEqual([0, '11044 checks, 0 wrong\n']);
    expect(memory.list()).toEqual(['numbers.txt']);
  },
  patience,
);

describe('the end of a guest', () => {
  test('is its exit code', async () => {
    expect(await run(exiting(7))).toMatchObject({ code: 7 });
    expect(await run(command([]))).toMatchObject({ code: 0 });
  });

  test('can be a trap of its own', async () => {
    await expect(run(command([0x00]))).rejects.toThrow(WebAssembly.RuntimeError);
    // It calls itself.
    await expect(run(command([0x10, 0]))).rejects.toThrow(RangeError);
  });

  test('can be an error of the host, the very one', async () => {
    const boom = new Error('boom');
    const options = {
      clock: {
        monotonic: () => {
          throw boom;
        },
        wall: () => 0n,
      },
    };
    await expect(run(guest('test/timeouts.wasm'), { network: 'all', ...options })).rejects.toBe(boom);
  });

  test('can be a trap of the host', async () => {
    const { program } = asksForRandomBytes(1000);
    const trapped = run(program, { limits: { randomBytes: 10 }, random: () => {} });
    await expect(trapped).rejects.toThrow(WasiTrap);
    // Also where the thread serves itself.
    await expect(run(program, { limits: { randomBytes: 10 } })).rejects.toThrow(Trap);
    expect(await run(program)).toMatchObject({ code: 0 });
  });

  test('comes before its beginning when something is missing', async () => {
    const { program } = asksForRandomBytes(1, 'get-random-nothing');
    const failure = await run(program).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LinkError);
    expect((failure as LinkError).problems).toEqual([
      'the module imports `get-random-nothing` of `wasi:random/random@0.2.0`, which `wasi:random/random@0.2.12` does not have',
    ]);
    await expect(run(new Uint8Array([1, 2]))).rejects.toThrow(LinkError);
  });
});

describe('a time limit', () => {
  test('ends a guest that spins', async () => {
    // loop br 0 end
    const spinning = run(command([0x03, 0x40, 0x0c, 0, 0x0b]), { timeLimit: 1000 });
    await expect(spinning).rejects.toEqual(new TimeLimitError(1000));
  });

  test('ends a guest that waits', async () => {
    const stdin = new PassThrough();
    await expect(run(reading(), { stdin, timeLimit: 1000 })).rejects.toThrow(/longer than 1000 ms/);
    expect(stdin.destroyed).toBe(false);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  test('does nothing to one that is done before', async () => {
    expect(await run(exiting(3), { timeLimit: 20_000 })).toMatchObject({ code: 3 });
  });

  test('is a number of milliseconds, for a worker', async () => {
    await expect(run(exiting(0), { timeLimit: 0 })).rejects.toThrow(TypeError);
    await expect(run(exiting(0), { timeLimit: 1, blocking: 'jspi' })).rejects.toThrow(TypeError);
  });
});

test('the host goes on while a guest computes', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await run(command([0x03, 0x40, 0x0c, 0, 0x0b]), { timeLimit: 1500 }).catch(() => {});
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

test('waiting for standard input takes no JSPI', async () => {
  const stdin = new PassThrough();
  setTimeout(() => stdin.end('x'), 300);
  expect(await run(reading(), { stdin })).toMatchObject({ code: 0 });
});

/** A module with 64 KiB of memory whose `_start` is this code; `imports` are of functions, by the types' numbers. */
function command(
  code: readonly number[],
  imports: readonly (readonly [module: string, name: string, type: number])[] = [],
): Uint8Array<ArrayBuffer> {
  const [i32, i64, func] = [0x7f, 0x7e, 0x60];
  const section = (id: number, ...bytes: readonly number[]): number[] => [id, ...leb(bytes.length), ...bytes];
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const body = [0, ...code, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      ...[4, func, 0, 0],
      ...[func, 1, i32, 0],
      ...[func, 4, i32, i32, i32, i32, 1, i32],
      ...[func, 2, i64, i32, 0],
    ),
    ...section(
      2,
      imports.length,
      ...imports.flatMap(([from, name, type]) => [...text(from), ...text(name), 0, type]),
    ),
    ...section(3, 2, 0, 2),
    ...section(5, 1, 0, 1),
    ...section(
      7,
      ...[3, ...text('_start'), 0, imports.length, ...text('memory'), 2, 0],
      ...[...text('cabi_realloc'), 0, imports.length + 1],
    ),
    // The allocator gives the same place for everything.
    ...section(10, 2, ...leb(body.length), ...body, 5, 0, 0x41, ...leb(1024), 0x0b),
  ]);
}

function exiting(code: number): Uint8Array<ArrayBuffer> {
  return command([0x41, code, 0x10, 0], [['wasi_snapshot_preview1', 'proc_exit', 1]]);
}

/** Reads a byte of standard input into address 16. */
function reading(): Uint8Array<ArrayBuffer> {
  const store = (at: number, value: number): number[] => [0x41, at, 0x41, value, 0x36, 2, 0];
  return command(
    [...store(0, 16), ...store(4, 1), 0x41, 0, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1a],
    [['wasi_snapshot_preview1', 'fd_read', 2]],
  );
}

function asksForRandomBytes(
  count: number,
  name = 'get-random-bytes',
): { readonly program: Uint8Array<ArrayBuffer> } {
  return {
    program: command([0x42, ...leb(count), 0x41, 8, 0x10, 0], [['wasi:random/random@0.2.0', name, 3]]),
  };
}

/** LEB128; for numbers that signed have the same bytes, too. */
function leb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
