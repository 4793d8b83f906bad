/** Reads a WIT text with our parser. */
import { readFileSync } from 'node:fs';
import { resolve } from '../../../parser/dist/index.js';
import { measure } from './measure.mjs';

const name = process.argv[2];
const text = readFileSync(name, 'utf8');
await measure(() => {
  const { model, diagnostics } = resolve({ sources: [{ name, text }], dependencies: [] });
  if (model === undefined) throw new Error(diagnostics[0].message);
});
