/** Changes texts at random, the same way each time. */

/** Gives a whole number from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** A generator of its own for each seed. */
export function newRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The text with one to three of its words deleted, repeated, swapped or replaced, or with something put between. */
export function mutate(text: string, random: Random): string {
  const words = text.match(/\/\/[^\n]*|\/\*|\*\/|"[^"\n]*"|[\w%-]+|\s+|[^]/gu) ?? [];
  for (let changes = 1 + random(3); changes > 0 && words.length > 0; changes--) {
    const at = random(words.length);
    const other = random(words.length);
    const word = insertions[random(insertions.length)]!;
    switch (random(6)) {
      case 0:
        words.splice(at, 1);
        break;
      case 1:
        words.splice(at, 0, words[other]!);
        break;
      case 2:
        [words[at], words[other]] = [words[other]!, words[at]!];
        break;
      case 3:
        words[at] = word;
        break;
      default:
        words.splice(at, 0, word);
        break;
    }
  }
  return words.join('');
}

const insertions = [
  ...[
    '/* c */',
    ' // c\n',
    '\n/// c\n',
    '/** a\n  * b */',
    '\n\n\n',
    '\t',
    '\r\n',
    '{',
    '}',
    '(',
    ')',
    '<',
    '>',
  ],
  ...[
    ',',
    ';',
    ':',
    '.',
    '/',
    '@',
    '=',
    '->',
    '-',
    '%',
    '_',
    '"',
    '/*',
    '*/',
    'interface',
    'world',
    'package',
  ],
  ...[
    'use',
    'type',
    'record',
    'func',
    'async',
    'list',
    'own',
    'borrow',
    'result',
    'include',
    'with',
    'as',
    'u8',
  ],
  ...[
    '@since(version = 1.0.0)',
    '@unstable(feature = x)',
    'a',
    'b-c',
    'D',
    '1',
    '1.2.3',
    '–',
    'é',
    '\u{10400}',
    '\0',
  ],
];
