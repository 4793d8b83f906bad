/**
 * Follows pages of documentation word for word, each in an empty directory with the packages as they would be published:
 * writes the files that a page shows, runs its commands, and compares what it says they print.
 *
 *     node scripts/tutorial.mjs [--keep] [docs/page.md…]
 *
 * Takes built packages (`tsc -b`), npm and its registry.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingLine, stepsOf } from './pages/steps.mjs';
import { pack, published, registry } from './tarballs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const keep = process.argv.includes('--keep');
const named = process.argv.slice(2).filter((each) => each !== '--keep');
const all = ['targets', 'tutorial', 'testing', 'guests'];
const pages = named.length > 0 ? named : all.map((name) => join(root, 'docs', `${name}.md`));
/** What others have published since then is not there: pages are to say the same until somebody looks at them again. */
const AS_OF = '2026-11-20';
/** For one block of commands, in milliseconds. */
const LONGEST = 900_000;

let passed = 0;
let failed = 0;

const out = realpathSync(mkdtempSync(join(tmpdir(), 'wittle-tutorial-')));
const tarballs = [];
for (const name of published) {
  const { ok, text, tarball } = pack(name, out);
  if (!ok) throw new Error(`${name} cannot be packed:\n${text}`);
  tarballs.push(tarball);
}
const upstream = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
const { url, close } = await registry(tarballs, upstream);
const env = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  npm_config_registry: url,
  npm_config_before: AS_OF,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  NO_COLOR: '1',
};
try {
  for (const page of pages) await follow(page);
} finally {
  close();
  if (keep) console.log(`left in ${out}`);
  else rmSync(out, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function follow(page) {
  const name = basename(page);
  const start = join(out, name.replace('.md', ''));
  mkdirSync(start);
  let cwd = start;
  let output = '';
  const steps = stepsOf(readFileSync(page, 'utf8'));
  for (const [index, { kind, argument, line, text }] of steps.entries()) {
    const title = `${name}:${line} ${kind === 'run' ? text.split('\n').join('; ') : (argument ?? kind)}`;
    let problem;
    if (kind === 'file') {
      mkdirSync(dirname(join(start, argument)), { recursive: true });
      writeFileSync(join(start, argument), `${text}\n`);
    } else if (kind === 'run') {
      const ran = await shell(text, cwd);
      ({ output } = ran);
      cwd = ran.cwd;
      const wanted = argument === 'fails' ? 'a failure' : 'success';
      if (ran.ok === (argument === 'fails')) problem = `expected ${wanted}; it printed:\n${output}`;
    } else {
      const missing = missingLine(text, output);
      if (missing !== undefined) problem = `there is no line\n${missing}\nin\n${output}`;
    }
    if (kind === 'file') continue;
    console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${title}`);
    if (problem === undefined) {
      passed++;
      continue;
    }
    // What follows stands on this.
    failed += steps.slice(index).filter((step) => step.kind !== 'file').length;
    console.log(problem.trim().replaceAll(/^/gm, '     '));
    return;
  }
}

/** Runs commands as somebody types them; gives what they printed, and the directory that they end in. */
function shell(commands, cwd) {
  const where = join(out, 'directory');
  writeFileSync(where, cwd);
  const earlier = commands.split(/(?<!\\)\n/);
  const last = earlier.pop();
  const script = ['set -e', ...earlier, `pwd > '${where}'`, last, `pwd > '${where}'`].join('\n');
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', script], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // With everything that it has started.
    const end = () => process.kill(-child.pid, 'SIGKILL');
    const timeout = setTimeout(end, LONGEST);
    process.on('SIGINT', end);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (status) => {
      clearTimeout(timeout);
      process.off('SIGINT', end);
      const ok = status === 0;
      resolve({ ok, output, cwd: readFileSync(where, 'utf8').trim() });
    });
  });
}
