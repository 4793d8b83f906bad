/** Runs the C programs of `test/` with `wittle run`: they are their own judges, a line a check. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const wittle = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));
const folder = fileURLToPath(new URL('test/', import.meta.url));
const programs = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
/** Milliseconds. No program takes more than a few seconds; one that hangs is ended. */
const patience = 60_000;

interface Run {
  /** 0 to 255, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, ...options: string[]): Promise<Run> {
  const args = [wittle, 'run', `${folder}${program}`, ...options];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: patience - 5000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? child.signalCode ?? '?', stdout, stderr });
    });
    child.stdin!.end();
  });
}

/** The lines that tell of a failure; programs start what they only mention with `#`. */
function failures(stdout: string): string[] {
  return stdout.split('\n').filter((line) => !/^(ok .+|# .*|all ok|)$/.test(line));
}

describe('with every grant', () => {
  test.each(programs)(
    '%s finds nothing wrong',
    async (program) => {
      const { code, stdout, stderr } = await run(program, '--allow-net', 'all');
      // All of it, so that a failure shows what was fine until then.
      expect({ code, stderr, failures: failures(stdout), stdout }).toEqual({
        code: 0,
        stderr: '',
        failures: [],
        stdout: expect.stringMatching(/^all ok\n$/m),
      });
    },
    patience,
  );
});

describe('without a grant', () => {
  test(
    'a socket is EACCES, and the host says what to grant',
    async () => {
      const { code, stdout, stderr } = await run('stream.wasm');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^FAIL socket \(errno 2, Permission denied\)$/m);
      expect(stderr).toMatch(/--allow-net connect=/);
    },
    patience,
  );

  test(
    'what needs no network goes on, and a name is not looked up',
    async () => {
      const { code, stdout, stderr } = await run('names.wasm');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^ok an IPv4 literal$/m);
      expect(stdout).toMatch(/^FAIL localhost \(errno 2, Permission denied\)$/m);
      expect(stderr).toMatch(/--allow-net resolve=localhost$/m);
    },
    patience,
  );
});

describe('with some grants', () => {
  test(
    'what they do not name is denied',
    async () => {
      const { code, stderr } = await run('stream.wasm', '--allow-net', 'connect=127.0.0.1:*');
      expect(code).toBe(1);
      expect(stderr).toMatch(/--allow-net listen=127\.0\.0\.1:0$/m);
    },
    patience,
  );
});
