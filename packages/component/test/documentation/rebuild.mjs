/**
 * Makes shop.wasm of shop.wit and shop.wat, with the tools of jco, which `pnpm bench` installs. With --check it only
 * compares.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const { componentEmbed, componentNew, parse } = await import(
  new URL('../../../bench/peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const at = (name) => new URL(name, import.meta.url);
const witSource = readFileSync(at('shop.wit'), 'utf8');
const binary = await parse(readFileSync(at('shop.wat'), 'utf8'));
const bytes = Buffer.from(await componentNew(await componentEmbed({ binary, witSource })));
const isSame = existsSync(at('shop.wasm')) && readFileSync(at('shop.wasm')).equals(bytes);
console.log(isSame ? 'all as it should be' : process.argv.includes('--check') ? 'stale' : 'made');
if (process.argv.includes('--check')) process.exitCode = isSame ? 0 : 1;
else writeFileSync(at('shop.wasm'), bytes);
