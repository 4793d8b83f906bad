/**
 * Long runs under load: real guests and the JavaScript API, on loopback, with peers that misbehave and a host that runs
 * out of things. Every scenario is a process of its own, which has to give everything back and end by itself. The
 * packages have to be built.
 *
 *     node scripts/soak.mjs [<scenario>…]
 */
import { spawn } from 'node:child_process';
import { argv, execPath, exit, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { scenarios } from './soak/scenarios.mjs';

const script = fileURLToPath(new URL('soak/run-scenario.mjs', import.meta.url));
let passed = 0;
let failed = 0;

const chosen = argv.slice(2);
for (const name of chosen) {
  if (Object.hasOwn(scenarios, name)) continue;
  console.log(`there is no scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
  exit(1);
}
for (const [name, { title, limit = 60, files }] of Object.entries(scenarios)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const begun = performance.now();
  console.log(`\n${name}: ${title}`);
  const { lines, errors, end } = await run(name, limit, files);
  const bad = lines.filter((line) => line.startsWith('FAILED'));
  passed += lines.filter((line) => line.startsWith('ok')).length;
  failed += bad.length;
  if (errors !== '' || end !== 0) {
    failed++;
    console.log(
      `FAILED  the process ends by itself, without a word: ${end}${errors === '' ? '' : `\n${errors}`}`,
    );
  } else passed++;
  console.log(`        ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
console.log(`\n${passed} passed, ${failed} failed`);
exit(failed === 0 ? 0 : 1);

/** `limit`: seconds; `files`: how many may be open at a time. */
function run(name, limit, files) {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', script, name];
  const child =
    files === undefined
      ? spawn(execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, execPath, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
  return new Promise((resolve) => {
    let output = '';
    let errors = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limit * 1000);
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        lines: output.split('\n'),
        errors,
        end: late ? `no end after ${limit} s` : (code ?? signal),
      });
    });
  });
}
