/**
 * One measurement in its own process: `node measure.mjs <host> <row> <ms a sample> <samples> <folder>` writes
 * `{ "min": ns, "ns": median }` of an operation to `result` in the folder, which has what `guest/files.c` asks for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../folders.mjs';
import { guest } from './build.mjs';
import { nativeRows } from './native.mjs';

const [host, row, ms, samples, folder] = process.argv.slice(2);
const args = ['files', row, ms, samples];
const hosts = { native, 'node:wasi': nodeWasi, wittle };

const [name, variant] = host === 'node:wasi' ? [host] : host.split(':');
await hosts[name](variant);

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
  const result = { min: sorted[0], ns: sorted[sorted.length >> 1] };
  writeFileSync(join(folder, 'result'), JSON.stringify(result));
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
