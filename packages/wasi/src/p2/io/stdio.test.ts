/** Standard streams that belong to the process itself, seen by a process of their own. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';

function run(source: string, stdin: number) {
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
