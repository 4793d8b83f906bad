/**
 * Preloaded into jco 1.35: since preview2-shim 0.26 a program starts with no preopened folder, and jco's own WIT reader is a
 * transpiled component that reads through that shim, so `jco types <path>` finds no file at all. This gives it the root back.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const jco = createRequire(new URL('../peers/node_modules/@bytecodealliance/jco/package.json', import.meta.url));
const { _addPreopen } = await import(pathToFileURL(jco.resolve('@bytecodealliance/preview2-shim/filesystem')));
_addPreopen('/', '/');
