/** The examples of `run` and `serve` in the documentation, typed into a shell as they stand there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { binary, folder, repository } from '../../test/command-line.ts';
import { echoing } from '../../test/modules.ts';

const file = (path: string): Buffer => readFileSync(join(repository, path));

/** Lines that run something, without the comments behind them and without those that only show the syntax. */
function examples(path: string): string[] {
  const lines = file(path)
    .toString()
    .split('\n')
    .map((line) => line.trim().replace(/\s{2,}#.*$/, ''));
  return lines.filter((line) => /^wittle (run|serve) [^<]/.test(line));
}

const words = file('examples/components/words/words.wasm');
const cwd = folder({
  'bin/wittle': `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`,
  'data/names.txt': 'b\na\n',
  'README.md': 'to be or not to be\n',
  'tool.wasm': echoing('args'),
  'echo.wasm': echoing('args'),
  'shop.wasm': file('packages/cli/test/components/shop.wasm'),
  'words.wasm': words,
  'words/words.wasm': words,
  'shop/shop.wasm': file('examples/components/shop/shop.wasm'),
  'app.wasm': file('packages/cli/test/components/server.wasm'),
});
chmodSync(join(cwd, 'bin/wittle'), 0o755);
const env = { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env['PATH']}` };

const counted = 'ok([{word: "be", count: 2}, {word: "to", count: 2}])\n';

/** What each prints, with a bar for each NUL; `undefined` for those that answer requests. */
const outcomes: Readonly<Record<string, string | undefined>> = {
  'wittle run tool.wasm --dir ./data::/data -- --flag value': 'tool.wasm|--flag|value|',
  'wittle run tool.wasm -- --flag value': 'tool.wasm|--flag|value|',
  'wittle run echo.wasm --allow-net listen=127.0.0.1:8080 -- 127.0.0.1 8080': 'echo.wasm|127.0.0.1|8080|',
  [`wittle run --invoke 'cart#total([{name: "tea", price: 3}])' shop.wasm`]: '3\n',
  [`wittle run --invoke 'count("to be or not to be", 2)' words.wasm`]: counted,
  [`wittle run words/words.wasm --invoke 'count("to be or not to be", 2)'`]: counted,
  'wittle run words/words.wasm -- 3 < README.md': '2 be\n2 to\n1 not\n',
  [`wittle run shop/shop.wasm --invoke 'quick-sale("Zoë", [{name: "apples", quantity: 3, cents: 45}])'`]:
    '"Zoë\\n3 × apples: 1.35 €\\n1.35 €"\n',
  'wittle serve app.wasm --addr 127.0.0.1:8080': undefined,
  'wittle serve app.wasm --addr 127.0.0.1:8080 --allow-net connect=example.com:443': undefined,
};

const found = ['README.md', 'packages/cli/README.md', 'examples/components/README.md'].flatMap((path) =>
  examples(path).map((line) => [path, line] as const),
);
const shell = process.platform === 'win32' ? describe.skip : describe;

test('every example is known here', () => {
  expect(Object.keys(outcomes).toSorted()).toEqual([...new Set(found.map(([, line]) => line))].toSorted());
});

shell('an example', () => {
  test.each(found.filter(([, line]) => line.startsWith('wittle run')))(
    'in %s: %s',
    (_, line) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
        cwd,
        env,
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect([status, stderr, stdout.replaceAll('\0', '|')]).toEqual([0, '', outcomes[line]]);
    },
    30_000,
  );

  test.each(found.filter(([, line]) => line.startsWith('wittle serve')))(
    'in %s: %s',
    async (_, line) => {
      // The port is the one thing that is not as it stands there: it may be taken.
      const child = spawn('sh', ['-c', `exec ${line.replace('127.0.0.1:8080', '127.0.0.1:0')}`], {
        cwd,
        env,
      });
      let said = '';
      child.stderr.on('data', (chunk) => (said += String(chunk)));
      while (!said.includes('\n')) await once(child.stderr, 'data');
      const response = await fetch(/http:\S+/.exec(said)![0]);
      expect([response.status, await response.text()]).toEqual([200, 'path: /']);
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
    30_000,
  );
});
