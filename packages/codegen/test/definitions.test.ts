/** Editors go from generated declarations to the WIT; other versions of TypeScript are asked by `scripts/editors.mjs`. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { ask, writeProject } from './definitions.ts';
import { startLsp } from './language-server.ts';

const TSC = join(dirname(fileURLToPath(import.meta.url)), '../../../node_modules/typescript/bin/tsc');
const root = writeProject();
afterAll(() => rmSync(root, { recursive: true }));

test("TypeScript's language server goes from every name to its line in the WIT", async () => {
  const server = startLsp(TSC, root);
  try {
    for (const { question, actual, expected } of await ask(server, root)) {
      expect([question, ...actual]).toEqual([question, ...expected]);
    }
  } finally {
    await server.close();
  }
}, 180_000);
