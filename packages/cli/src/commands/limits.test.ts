/** Guests that want more memory, handles or time than they may have. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { folder, repository, wittle, type Ran } from '../../test/command-line.ts';
import { growing, hoarding, looping } from '../../test/modules.ts';

/** Milliseconds; threads start slowly on a busy machine. */
const patience = 60_000;

const cwd = folder({
  'three.wasm': growing(3),
  'four.wasm': growing(4),
  'hoarding.wasm': hoarding(20),
  'looping.wasm': looping(),
  'hoarder.wasm': readFileSync(`${repository}/packages/cli/test/components/hoarder.wasm`),
});
const run = (...args: readonly string[]): Promise<Ran> => wittle(cwd, 'run', ...args);
const ways = ['auto', 'worker', 'none'];

describe('memory', () => {
  test.each(ways)(
    'cannot be had beyond the limit, with --blocking %s',
    async (blocking) => {
      for (const [program, limit, code] of [
        ['three.wasm', '4m', 0],
        ['three.wasm', '256k', 0],
        ['three.wasm', '262143', 1],
        ['four.wasm', '256k', 1],
        ['four.wasm', '64k', 1],
        // More than there are addresses for.
        ['four.wasm', '5g', 0],
      ] as const) {
        const ran = await run(program, '--blocking', blocking, '--limit', `memory=${limit}`);
        expect([limit, ran]).toEqual([limit, { code, stdout: '', stderr: '' }]);
      }
    },
    patience,
  );

  test.each(ways)(
    'of a component cannot, either, with --blocking %s',
    async (blocking) => {
      const grow = (pages: number, ...limit: string[]): Promise<Ran> =>
        run('hoarder.wasm', '--invoke', `grow(${pages})`, '--blocking', blocking, ...limit);
      expect(await grow(3, '--limit', 'memory=256k')).toEqual({ code: 0, stdout: '1\n', stderr: '' });
      expect(await grow(4, '--limit', 'memory=256k')).toEqual({ code: 0, stdout: '-1\n', stderr: '' });
      expect(await grow(4)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    },
    patience,
  );

  test('that a program needs from the start is said before it runs', async () => {
    for (const program of ['three.wasm', 'hoarder.wasm']) {
      const ran = await run(program, '--limit', 'memory=1k');
      expect(ran).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^error: (three|hoarder)\.wasm cannot be held to its limits: a memory starts with 65536 bytes, and --limit memory is 1024 \(at offset 0x[0-9a-f]+\)\n$/,
        ),
      });
    }
  });
});

describe('handles', () => {
  const full = (program: string, handles: number): Ran => ({
    code: 1,
    stdout: '',
    stderr: `error: ${program} trapped: handle table is full: its limit is ${handles}\n  hint: it drops none, or needs more: --limit handles=NUMBER\n`,
  });

  test.each(ways)(
    'too many are a trap, with --blocking %s',
    async (blocking) => {
      const limited = (program: string, handles: number, ...others: string[]): Promise<Ran> =>
        run(program, '--blocking', blocking, '--limit', `handles=${handles}`, ...others);
      expect(await limited('hoarding.wasm', 20)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await limited('hoarding.wasm', 19)).toEqual(full('hoarding.wasm', 19));
      expect(await limited('hoarder.wasm', 1000)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await limited('hoarder.wasm', 999)).toEqual(full('hoarder.wasm', 999));
      expect(await limited('hoarder.wasm', 9, '--invoke', 'hoard(9)')).toMatchObject({ stdout: '9\n' });
      expect(await limited('hoarder.wasm', 9, '--invoke', 'hoard(10)')).toEqual(full('hoarder.wasm', 9));
    },
    patience,
  );

  test(
    'that are never dropped end at a limit that nobody has set',
    async () => {
      const ran = await run('hoarder.wasm', '--invoke', 'hoard(4000000000)', '--blocking', 'none');
      expect(ran).toEqual(full('hoarder.wasm', 1_048_576));
    },
    patience,
  );
});

test.each([[['looping.wasm']], [['hoarder.wasm', '--invoke', 'spin()']]])(
  'the time of %j is limited',
  async (args) => {
    const ran = await run(...args, '--time-limit', '0.5');
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${args[0]} was ended: it ran for longer than 0.5 s, the --time-limit\n`,
    });
  },
  patience,
);
