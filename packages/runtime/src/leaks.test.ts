/** Calls leave nothing behind: no handle, no memory. */
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The heap of a whole test run says nothing of these calls: they are made in a process of their own. */
test('100,000 calls with strings, lists and resources, both ways and between components', () => {
  const program = fileURLToPath(new URL('../test/many-calls.ts', import.meta.url));
  const flags = ['--expose-gc', '--conditions=wittle-source', '--disable-warning=ExperimentalWarning'];
  expect(JSON.parse(execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' }))).toEqual({
    handles: [0, 0],
    states: [0, 0],
    destructed: 100_000,
    flat: true,
  });
}, 30_000);
