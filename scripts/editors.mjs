/**
 * `node scripts/editors.mjs`: asks the language servers of TypeScript 5.4 to 7 where names in programs over generated
 * JavaScript are defined: each has to lead to its name in the WIT. Versions other than the workspace's own come into
 * `scripts/typescript`. The packages have to be built.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask, writeProject } from '../packages/codegen/test/definitions.ts';
import { startLsp, startTsserver } from '../packages/codegen/test/language-server.ts';
import { typescriptVersions } from './typescript/versions.mjs';

const project = writeProject();
const servers = typescriptVersions().map(({ name, path, tsc }) => {
  const tsserver = join(path, 'lib/tsserver.js');
  return [name, () => (existsSync(tsserver) ? startTsserver(tsserver) : startLsp(tsc, project))];
});
let passed = 0;
let failed = 0;
try {
  for (const [name, start] of servers) {
    const server = start();
    const wrong = (await ask(server, project)).filter(({ question, actual, expected }) => {
      const isRight = actual.join() === expected.join();
      if (isRight) passed++;
      else
        console.log(
          `FAIL TypeScript ${name}, ${question}: ${actual.join(' and ')}, not ${expected.join(' and ')}`,
        );
      return !isRight;
    });
    failed += wrong.length;
    if (wrong.length === 0) console.log(`ok   TypeScript ${name}`);
    await server.close();
  }
} finally {
  rmSync(project, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
