/**
 * Opens the page of examples/browser in a headless Chromium, when there is one, and prints what it found. The packages
 * have to be built. `CHROMIUM` names another program than those looked for.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../examples/browser/server.mjs';

const patience = 60_000;
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const program = process.env.CHROMIUM ?? programs.find((name) => spawnSync(name, ['--version']).status === 0);

if (program === undefined) {
  console.log(`skipped: none of ${programs.join(', ')} is installed here`);
  console.log('0 passed, 0 failed');
} else {
  process.exitCode = await main(program);
}

async function main(chromium) {
  let found;
  const report = new Promise((resolve) => (found = resolve));
  const { server, address } = await serve(0, found);
  const profile = mkdtempSync(join(tmpdir(), 'wittle-browser-'));
  const browser = spawn(
    chromium,
    [
      ...['--headless', '--disable-gpu', '--no-first-run', '--disable-extensions', '--disable-dev-shm-usage'],
      // A page of our own, and containers have no other way.
      ...['--no-sandbox', `--user-data-dir=${profile}`, '--enable-logging=stderr', address],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let messages = '';
  const ended = new Promise((resolve) => {
    browser.on('exit', () => resolve('the browser ended'));
    browser.on('error', ({ message }) => resolve(message));
  });
  const broken = new Promise((resolve) => {
    browser.stderr.on('data', (bytes) => {
      messages += bytes;
      if (/CONSOLE.*Uncaught/.test(messages)) resolve('the page did not get to its end');
    });
  });
  const late = new Promise((resolve) => {
    setTimeout(() => resolve(`no report after ${patience / 1000} s`), patience).unref();
  });
  const results = await Promise.race([report, broken, ended, late]);
  browser.kill();
  await ended;
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });

  if (typeof results === 'string') {
    console.log(`FAILED  ${results}`);
    console.log(
      messages
        .split('\n')
        .filter((line) => line.includes('CONSOLE'))
        .join('\n'),
    );
    console.log('0 passed, 1 failed');
    return 1;
  }
  for (const { name, problem } of results) {
    console.log(problem === undefined ? `ok      ${name}` : `FAILED  ${name}: ${problem}`);
  }
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
