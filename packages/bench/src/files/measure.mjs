/**
 * One measurement in its own process: `node measure.mjs <host> <row> <ms a sample> <samples> <folder>` prints
 * `{ "min": ns, "ns": median }` of an operation. The folder has what `guest/files.c` asks for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../folders.mjs';
import { guest } from './build.mjs';
import { nativeRows } from './native.mjs';

const [host, row, ms, samples, folder] = process.argv.slice(2);
const args = ['files', row, ms, samples];
const hosts = { native, 'node:wasi': nodeWasi, wittle };

const [name, variant] = host === 'node:wasi' ? [host] : host.split(':');
console.log((await hosts[name](variant)) ?? readFileSync(join(folder, 'result'), 'utf8').trim());

function native() {
  const run = nativeRows[row](folder);
  const timed = (n) => {
    const start = process.hrtime.bigint();
    run(n);
    return Number(process.hrtime.bigint() - start);
  };
  // As the guest does.
  for (const warm = performance.now() + 100; performance.now() < warm;) run(1);
  let n = 1;
  while (timed(n) < Number(ms) * 1e6) n *= 2;
  const sorted = Array.from({ length: Number(samples) }, () => timed(n) / n).sort((a, b) => a - b);
  return JSON.stringify({ min: sorted[0], ns: sorted[sorted.length >> 1] });
}

async function nodeWasi() {
  const { WASI } = await import('node:wasi');
  const wasi = new WASI({ version: 'preview1', args, preopens: { '/': folder }, returnOnExit: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(guest), wasi.getImportObject());
  ended(wasi.start(instance));
}

/** `variant`: how a call waits that is not ready, if not as by default. */
async function wittle(blocking) {
  const { runCommand } = await import(new URL('wasi/dist/index.js', packages));
  const waiting = blocking === undefined ? {} : { blocking };
  ended(await runCommand(readFileSync(guest), { args, preopens: { '/': folder }, ...waiting }));
}

function ended(code) {
  if (code !== 0) throw new Error(`the guest ended with ${code}`);
}
