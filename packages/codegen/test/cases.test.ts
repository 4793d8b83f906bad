/** WIT to TypeScript, as it was recorded; `RECORD=1` records anew. */
import { expect, test } from '@jest/globals';
import { actualFiles, caseNames, record, recordedFiles } from './cases.ts';

test.each(caseNames())('%s generates what was recorded', (name) => {
  const files = actualFiles(name);
  if (process.env['RECORD'] === '1') record(name, files);
  expect(files).toEqual(recordedFiles(name));
});
