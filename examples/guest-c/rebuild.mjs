/**
 * Builds all C programs whose modules are kept in the repository: the echo server, the tests and the programs.
 *
 *     node rebuild.mjs           writes the modules
 *     node rebuild.mjs --check   writes nothing; names the modules that a rebuild would change, and fails if there are any
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const examples = dirname(here);
const check = argv.includes('--check');

const programs = [
  join(examples, 'tcp-echo', 'guest', 'tcp-echo.c'),
  ...['test', 'programs'].flatMap((folder) =>
    readdirSync(join(here, folder))
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => join(here, folder, name)),
  ),
];

const log = (line) => stderr.write(`${line}\n`);
const changed = [];
for (const program of programs) {
  const out = program.replace(/\.c$/, '.wasm');
  try {
    const bytes = await build({ entry: [program], out: check ? undefined : out, log });
    if (check && !(existsSync(out) && readFileSync(out).equals(bytes))) changed.push(relative(examples, out));
  } catch (error) {
    log(`${relative(examples, program)}: ${error.message}`);
    exit(1);
  }
}
for (const name of changed) stdout.write(`differs from its sources: ${name}\n`);
if (check && changed.length === 0)
  stdout.write(`${programs.length} modules are as their sources make them\n`);
exit(changed.length === 0 ? 0 : 1);
