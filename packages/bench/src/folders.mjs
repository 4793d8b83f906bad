/** Where things are: folders as URLs that end with a slash, and the programs in them as paths. */
import { fileURLToPath } from 'node:url';

export const bench = new URL('../', import.meta.url);
export const repository = new URL('../../', bench);
export const packages = new URL('packages/', repository);
export const examples = new URL('examples/', repository);
export const wasi = new URL('wit/wasi/0.2.12/', repository);
export const peers = new URL('peers/node_modules/', bench);
/** Everything that is built or measured; may be deleted at any time. */
export const out = new URL('out/', bench);
/** The guest and everyone's glue for it; what an adapter gets as its folder. */
export const abiOut = new URL('abi/', out);
/** The guest that works on files, and its directory. */
export const filesOut = new URL('files/', out);

/** The newest jco, and the one with the fastest glue. */
export const jcoVersions = ['1.35.0', '1.10.2'];

/** jco's command line program, by version. */
export const jco = {
  '1.35.0': fileURLToPath(new URL('@bytecodealliance/jco/dist/jco.js', peers)),
  '1.10.2': fileURLToPath(new URL('jco-1.10.2/src/jco.js', peers)),
};
/** What jco 1.35 must be started with to read WIT: see there. */
export const preopen = new URL('lib/preopen.mjs', bench).href;
export const wit2ts = fileURLToPath(new URL('@vscode/wasm-component-model/bin/wit2ts', peers));
export const wittle = fileURLToPath(new URL('cli/bin/wittle.js', packages));
