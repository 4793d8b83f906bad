/** Runs the demo as `npm run demo` does. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const demo = fileURLToPath(new URL('demo.mjs', import.meta.url));

test('the demo ends by itself, and everything came back', async () => {
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = execFile(process.execPath, [demo], { timeout: 55_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/✔ Everything came back\. WIT in, typed TypeScript out, and it runs\.\n$/),
  });
}, 60_000);
