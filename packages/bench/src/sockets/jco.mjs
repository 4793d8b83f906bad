/** The guest as `jco transpile` made it, on preview2-shim: `node jco.mjs <its JavaScript> <arguments of the guest>`. */
import { pathToFileURL } from 'node:url';
import { peers } from '../folders.mjs';

const [script, ...args] = process.argv.slice(2);
const { _setArgs } = await import(new URL('@bytecodealliance/preview2-shim/dist/nodejs/cli.js', peers));
_setArgs(['tcp-echo', ...args]);
const { run } = await import(pathToFileURL(script));
run.run();
