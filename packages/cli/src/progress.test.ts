import { expect, test } from '@jest/globals';
import { progressOf } from './progress.ts';

function shown(started: number, isWatched: boolean): string {
  let text = '';
  const progress = progressOf(
    {
      stdout: () => {},
      stderr: () => {},
      cwd: '.',
      ...(isWatched && {
        progress: (piece: string) => {
          text += piece;
        },
      }),
    },
    started,
  );
  progress.show('one …');
  progress.show('two …');
  progress.clear();
  return text;
}

const longAgo = performance.now() - 10_000;

test('long work is a line that is gone afterwards', () => {
  expect(shown(longAgo, true)).toBe('\r\u001b[Kone …\r\u001b[Ktwo …\r\u001b[K');
});

test('where nobody looks, nothing is shown', () => {
  expect(shown(longAgo, false)).toBe('');
});

test('work that has just begun shows nothing, and takes nothing away', () => {
  expect(shown(Infinity, true)).toBe('');
});
