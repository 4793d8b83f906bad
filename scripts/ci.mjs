/** Runs `npm test` and then each longer suite, and adds up what passed and failed. Called by `.ci/run`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const node = join(bin, 'node');
const report = join(root, 'out', 'jest.json');
let passed = 0;
let failed = 0;

function run(program, args, capture) {
  const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
  const stdio = capture ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'inherit', 'inherit'];
  const { status, stdout } = spawnSync(program, args, {
    cwd: root,
    env,
    stdio,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (capture) process.stdout.write(stdout ?? '');
  return { ok: status === 0, output: stdout ?? '' };
}

/** A suite that ends with "N passed, N failed", or counts as one test by its exit code. */
function suite(title, program, args) {
  console.log(`\n=== ${title}`);
  const { ok, output } = run(program, args, true);
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output.trimEnd());
  if (counts === null) {
    if (ok) passed++;
    else failed++;
    return;
  }
  passed += Number(counts[1]);
  failed += Number(counts[2]) + (ok || counts[2] !== '0' ? 0 : 1);
}

rmSync(report, { force: true });
console.log('=== npm test');
const { ok } = run('npm', ['test'], false);
if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  passed += numPassedTests;
  failed += numFailedTests + numRuntimeErrorTestSuites;
  if (!ok && numFailedTests + numRuntimeErrorTestSuites === 0) failed++;
} else failed++;

suite('WIT conformance', node, ['packages/conformance/src/main.ts', 'wit']);
suite('WIT formatting over the corpus', node, ['packages/conformance/src/main.ts', 'format']);
suite('WIT that is cut off, changed or hostile', node, ['packages/conformance/src/main.ts', 'fuzz']);
suite('Generated code is what the generator makes', node, ['scripts/generate.mjs', '--check']);
suite('Sizes of what programs ship', node, ['scripts/sizes.mjs', '--check']);
suite('TypeScript 5.4 to 7', node, ['scripts/typescript.mjs']);
suite('Packages as they would be published', node, ['scripts/packaging.mjs']);
suite('Pages of the documentation, followed word for word', node, ['scripts/tutorial.mjs']);
suite('Editors go from generated code to the WIT', node, ['scripts/editors.mjs']);
suite('The C guests are what their sources make', node, ['examples/guest-c/rebuild.mjs', '--check']);
suite('The C components are what their sources make', node, ['examples/components/rebuild.mjs', '--check']);
suite('WIT and components in bundlers', node, ['scripts/bundlers.mjs']);
suite('A component in JavaScript', node, ['--disable-warning=ExperimentalWarning', 'scripts/components.mjs']);
suite('Components in a browser', node, ['scripts/browser.mjs']);
// QuickJS is left to `pnpm programs`: compiling it takes a minute.
suite('Programs that others compiled', node, ['scripts/programs.mjs', 'ruby', 'python']);
// What needs a checkout of the component-model repository.
const specification = process.env.COMPONENT_MODEL;
if (specification === undefined) {
  console.log(
    '\n=== COMPONENT_MODEL names no checkout: the reference tests and the differential runs are left out',
  );
} else {
  const tests = join(specification, 'test');
  suite('Reference tests', node, ['packages/conformance/src/main.ts', 'wast', tests, '--exclude', 'async']);
}
suite('The demo', node, ['examples/tcp-echo/demo.mjs']);

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
