/**
 * `node scripts/editors.mjs`: asks the language servers of TypeScript 5.4 to 7 where names in programs over generated
 * JavaScript are defined: each has to lead to its name in the WIT. Versions other than the workspace's own come into
 * `scripts/typescript`. The packages have to be built.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, writeProject } from '../packages/codegen/test/definitions.ts';
import { startLsp, startTsserver } from '../packages/codegen/test/language-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'scripts/typescript');
const names = Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies);
const tsserver = (name) => join(folder, 'node_modules', name, 'lib/tsserver.js');
if (!names.every((name) => existsSync(tsserver(name)))) {
  console.log('installing older versions of TypeScript (90 MB) into scripts/typescript');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const project = writeProject();
const servers = [
  ...names.map((name) => [name, () => startTsserver(tsserver(name))]),
  ['typescript-7.0', () => startLsp(join(root, 'node_modules/typescript/bin/tsc'), project)],
];
let passed = 0;
let failed = 0;
try {
  for (const [name, start] of servers) {
    const server = start();
    const wrong = (await ask(server, project)).filter(({ question, actual, expected }) => {
      const isRight = actual.join() === expected.join();
      if (isRight) passed++;
      else console.log(`FAIL ${name}, ${question}: ${actual.join(' and ')}, not ${expected.join(' and ')}`);
      return !isRight;
    });
    failed += wrong.length;
    if (wrong.length === 0) console.log(`ok   ${name}`);
    await server.close();
  }
} finally {
  rmSync(project, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
