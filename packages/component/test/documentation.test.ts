/** The program of docs/components.md works as it stands there. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = import.meta.dirname;

test('the program for tool authors prints what the page says', () => {
  const page = readFileSync(join(folder, '../../../docs/components.md'), 'utf8');
  const [, program] = /^<!-- program -->\n\n```ts\n([^]*?)^```$/m.exec(page)!;
  const [, expected] = /^<!-- output -->\n\n```text\n([^]*?)^```$/m.exec(page)!;
  expect(page).toContain(`\`\`\`wit\n${readFileSync(join(folder, 'documentation/shop.wit'), 'utf8')}\`\`\``);
  const directory = join(folder, '../out/documentation');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'inspect.ts'), program!);
  copyFileSync(join(folder, 'documentation/shop.wasm'), join(directory, 'shop.wasm'));
  const command = ['--no-warnings', '--conditions=wittle-source', 'inspect.ts', 'shop.wasm'];
  const output = execFileSync(process.execPath, command, { cwd: directory, encoding: 'utf8' });
  expect(output).toBe(expected);
});
