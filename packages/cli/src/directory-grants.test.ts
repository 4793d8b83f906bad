import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { folder } from '../test/command-line.ts';
import { directoryGrants } from './directory-grants.ts';

const cwd = folder({ 'data/file': '', 'more/file': '' });

test('directories are known to the guest by their own path or another one', () => {
  expect(directoryGrants(['data', './more::/m', 'data::/read::ro'], cwd)).toEqual({
    data: { directory: join(cwd, 'data'), readOnly: false },
    '/m': { directory: join(cwd, 'more'), readOnly: false },
    '/read': { directory: join(cwd, 'data'), readOnly: true },
  });
  expect(directoryGrants([], cwd)).toEqual({});
});

test.each([
  ['', '--dir `` is not a directory for the guest'],
  ['::/x', '--dir `::/x` is not a directory for the guest'],
  ['data::', '--dir `data::` is not a directory for the guest'],
  ['data::a::b', '--dir `data::a::b` is not a directory for the guest'],
  ['data::a::ro::', '--dir `data::a::ro::` is not a directory for the guest'],
  ['none', '--dir none: there is no such file or directory'],
  ['data/file', '--dir data/file is not a directory'],
])('`--dir %s` is refused', (value, message) => {
  expect(() => directoryGrants([value], cwd)).toThrow(message);
});
