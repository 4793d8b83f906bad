/** A command in TypeScript, with all of WASI, run as any other command is. */
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { selectWorld } from '@wittle/parser';
import { loadPackage } from '@wittle/parser/node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommand } from '../../wasi/src/index.ts';
import { Workspace, type Any } from './generate.ts';
import { loadInProcess, type Loaded } from './in-process.ts';

const wit = fileURLToPath(new URL('../../../wit/wasi/0.2.12/', import.meta.url));
const workspace = new Workspace();
afterAll(() => workspace.remove());

let glue: Loaded;
beforeAll(async () => {
  const { model } = loadPackage(join(wit, 'cli'), { packages: [wit] });
  glue = await loadInProcess(workspace, selectWorld(model!, 'command').world!);
});

/** Says what it was called with, waits, and ends. */
const command = (imports: Any): object => ({
  run: {
    async run() {
      const args = imports['wasi:cli/environment'].getArguments().join();
      using out = imports['wasi:cli/stdout'].getStdout();
      await out.blockingWriteAndFlush(new TextEncoder().encode(`called with ${args}\n`));
      using later = imports['wasi:clocks/monotonic-clock'].subscribeDuration(2_000_000n);
      await later.block();
      if (!later.ready()) throw new Error('not ready');
      imports['wasi:cli/exit'].exit({ tag: 'err' });
    },
  },
});

test('writes, waits and exits', async () => {
  let text = '';
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      done();
    },
  });
  const code = await runCommand(glue.guestModule(command), { args: ['a', 'b'], stdout, blocking: 'jspi' });
  expect([code, text]).toEqual([1, 'called with a,b\n']);
});

test('cannot go to a worker, and the error says what to do', async () => {
  await expect(runCommand(glue.guestModule(command), { blocking: 'worker' })).rejects.toThrow(
    'a guest in process cannot be run in a worker: give the option `blocking: "jspi"`',
  );
});
