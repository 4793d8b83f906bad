/** Reads a WIT text with jco's build of wasm-tools. */
import { readFileSync } from 'node:fs';
import { measure } from './measure.mjs';

const { componentEmbed } = await import(
  new URL('../../peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const witSource = readFileSync(process.argv[2], 'utf8');
await measure(() => componentEmbed({ dummy: true, witSource, world: 'bench:all/all' }));
