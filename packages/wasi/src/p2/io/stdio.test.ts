/** What only shows in a process of its own: its standard streams, and its warnings. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';

function run(source: string, stdin: number | 'ignore' = 'ignore') {
  const index = JSON.stringify(new URL('../../index.ts', import.meta.url).href);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { createWasi } from ${index};\n${source}`],
    { stdio: [stdin, 'pipe', 'pipe'], encoding: 'utf8', timeout: 20_000 },
  );
  return { status, stdout, stderr };
}

(process.platform === 'win32' ? test.skip : test)(
  'a directory as standard input is a failure whose code can be asked for',
  () => {
    const directory = fs.openSync(tmpdir(), 'r');
    const { stdout, stderr } = run(
      `using wasi = createWasi({ stdin: 'inherit' });
     const stream = wasi.imports['wasi:cli/stdin'].getStdin();
     await stream.subscribe().block();
     const { filesystemErrorCode } = wasi.imports['wasi:filesystem/types'];
     for (let round = 0; round < 2; round++) {
       try {
         stream.read(10n);
       } catch ({ payload }) {
         console.log(payload.tag, payload.val && filesystemErrorCode(payload.val));
       }
     }`,
      directory,
    );
    fs.closeSync(directory);
    expect([stderr, stdout]).toEqual(['', 'last-operation-failed is-directory\nclosed undefined\n']);
  },
);

test('waiting for a moment that has just passed makes no noise', () => {
  const { stdout, stderr } = run(
    `let now = 0n;
     // Every look at the clock takes a second.
     using wasi = createWasi({ clock: { monotonic: () => (now += 1_000_000_000n), wall: () => 0n } });
     await wasi.imports['wasi:clocks/monotonic-clock'].subscribeDuration(1_500_000_000n).block();
     console.log('done');`,
  );
  expect([stderr, stdout]).toEqual(['', 'done\n']);
});
