/** Builds the guest that `bench files` runs on each host. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { bench, filesOut, peers } from '../folders.mjs';
import { buildPackages, installPeers } from '../programs.mjs';

const source = new URL('guest/files.c', bench);
/** The guest's module. */
export const guest = new URL('files.wasm', filesOut);

/** Builds the guest when it is not there or older than its source; our packages always. */
export async function build({ rebuild = false } = {}) {
  buildPackages(['wasi']);
  if (rebuild) rmSync(guest, { force: true });
  if (existsSync(guest) && statSync(guest).mtimeMs >= statSync(source).mtimeMs) return;
  installPeers();
  console.error('Compiling the guest …');
  const { runClang } = await import(new URL('@yowasp/clang/gen/bundle.js', peers));
  await runClang(null, {}, { fetchProgress: () => {} });
  const { 'files.wasm': binary } = await runClang(
    ['clang', '--target=wasm32-wasip1', '-O2', '-Wall', '-Wl,--strip-all', '-o', 'files.wasm', 'files.c'],
    { 'files.c': readFileSync(source, 'utf8') },
    { stdout: print, stderr: print },
  );
  mkdirSync(filesOut, { recursive: true });
  writeFileSync(guest, binary);
}

function print(bytes) {
  if (bytes) process.stderr.write(bytes);
}
