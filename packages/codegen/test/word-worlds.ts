/** Worlds in which words stand in every place that WIT has for a name. */
import { WORDS } from './words.ts';

/** A world, and where the words are in it. */
export interface WordWorld {
  readonly title: string;
  readonly text: string;
}

const id = (word: string): string => `%${word}`;

/** A type of every kind that has a name of its own in TypeScript: the files that have it use all their globals. */
const GLOBALS = `globals: func(a: map<string, char>, b: list<u8>, c: list<s8>, d: list<u16>, e: list<s16>, f: list<u32>,
  g: list<s32>, h: list<u64>, i: list<s64>, j: list<f32>, k: list<f64>, l: list<string>, m: tuple<u64, string>)
  -> result<map<string, option<option<list<bool>>>>, tuple<list<char>, s64>>;`;

/** A type with a name, of every kind by turns. */
function declaration(word: string, index: number): string {
  const kinds = [
    `record ${id(word)} { a: string }`,
    `variant ${id(word)} { a, b(u8) }`,
    `enum ${id(word)} { a }`,
    `flags ${id(word)} { a }`,
    `type ${id(word)} = list<string>;`,
    `type ${id(word)} = list<result<u8, string>>;`,
    `type ${id(word)} = option<option<char>>;`,
    `resource ${id(word)} { constructor(); m: func(); }`,
  ];
  return kinds[index % kinds.length]!;
}

/**
 * Worlds in which `words` stand in one kind of place each. Packages are called after `unique` where their names are no
 * such place, so that no two lots of worlds have one in common.
 */
export function wordWorlds(unique: string, words: readonly string[] = WORDS): readonly WordWorld[] {
  const each = (text: (word: string, index: number) => string): string => words.map(text).join('\n');
  const next = (index: number, by: number): string => words[(index + by) % words.length]!;
  const groups = Array.from({ length: Math.ceil(words.length / 32) }, (_, at) =>
    words.slice(at * 32, at * 32 + 32),
  );
  const both = (title: string, body: string): WordWorld => ({
    title,
    text: `package demo:${unique}-${title}; interface api { ${body} } world w { import api; export api; }`,
  });
  const root = (title: string, items: string, others = ''): WordWorld => ({
    title,
    text: `package demo:${unique}-${title}; ${others} world w { ${items} }`,
  });
  return [
    both(
      'fields',
      `record all { ${each((word) => `${id(word)}: u8,`)} }
       record absent { ${each((word) => `${id(word)}: option<u8>,`)} }
       f: func(x: all) -> all; g: func(x: list<all>) -> list<all>;
       h: func(x: absent) -> absent; k: func(x: list<absent>) -> list<absent>;`,
    ),
    both(
      'flags',
      groups
        .map(
          (group, at) => `flags f${at}x { ${group.map(id).join(', ')} }
            f${at}: func(x: f${at}x) -> f${at}x; g${at}: func(x: list<f${at}x>) -> list<f${at}x>;`,
        )
        .join('\n'),
    ),
    both(
      'cases',
      `enum all { ${words.map(id).join(', ')} }
       variant some { ${each((word, index) => `${id(word)}${index % 2 === 0 ? '(u8)' : ''},`)} }
       f: func(x: all) -> all; g: func(x: some) -> some; h: func(x: list<some>) -> list<some>;`,
    ),
    both(
      'parameters',
      each((word, index) => `f${index}x: func(${id(word)}: string, x0: u8) -> string;`),
    ),
    both(
      'functions',
      each((word) => `${id(word)}: func(x: u32) -> u32;`),
    ),
    both(
      'types',
      `${each(declaration)} ${each((word, index) => `fn${index}x: func(x: ${id(word)}) -> ${id(word)};`)}
       ${GLOBALS}`,
    ),
    both(
      'resources',
      `${each((word, index) => {
        const parameter = id(word === 'self' ? 'me' : word);
        return `resource ${id(word)} { constructor(${id(word)}: u8); ${id(next(index, 1))}: func(${parameter}: string) -> string;
          ${id(next(index, 2))}: static func(x: ${id(word)}) -> result<${id(word)}, string>; }`;
      })}
       ${GLOBALS}`,
    ),
    both(
      'methods',
      `resource all { constructor(); ${each((word) => `${id(word)}: func(x: u32) -> u32;`)} }
       resource statics { ${each((word) => `${id(word)}: static func(x: u32) -> u32;`)} }`,
    ),
    {
      title: 'packages',
      text: `package demo:${unique}-packages;
        world w { ${each((word) => ['import', 'export'].map((way) => `${way} ${id(word)}:${id(word)}/${id(word)}@0.0.1-${unique};`).join(' '))} }
        ${each((word) => `package ${id(word)}:${id(word)}@0.0.1-${unique} { interface ${id(word)} { record ${id(word)} { a: u8 } f: func(x: ${id(word)}) -> ${id(word)}; } }`)}`,
    },
    root(
      'world-functions',
      each((word) =>
        ['import', 'export'].map((way) => `${way} ${id(word)}: func(x: string) -> string;`).join(' '),
      ),
    ),
    root(
      'inline',
      each((word) => {
        const inside = `interface { record ${id(word)} { a: u8 } f: func(x: ${id(word)}) -> ${id(word)}; }`;
        return `import ${id(word)}: ${inside} export ${id(word)}: ${inside}`;
      }),
    ),
    root(
      'world-types',
      `${each(declaration)} ${each((word, index) => `import f${index}x: func(x: ${id(word)}) -> ${id(word)}; export f${index}x: func(x: ${id(word)}) -> ${id(word)};`)}
       import ${GLOBALS} export ${GLOBALS}`,
    ),
    root(
      'uses',
      `${each((word, index) => `use types.{t${index % 8} as ${id(word)}};`)} import again; export again;
       ${each((word, index) => `import i${index}x: func(x: ${id(word)});`)}`,
      `interface types { ${Array.from({ length: 8 }, (_, index) => declaration(`t${index}`, index)).join('\n')} }
       interface again { ${each((word, index) => `use types.{t${index % 8} as ${id(word)}};`)}
         ${each((word, index) => `fn${index}x: func(x: ${id(word)}) -> ${id(word)};`)} ${GLOBALS} }`,
    ),
    root(
      'renamed',
      each((word) => `import ${id(word)}: api; export ${id(word)}: api;`),
      'interface api { resource r { constructor(); m: func(x: u32) -> u32; } f: func(x: u32) -> u32; }',
    ),
  ];
}

/** A world for each word that is called so. */
export function namedWorlds(unique: string, words: readonly string[] = WORDS): readonly WordWorld[] {
  return words.map((word, index) => ({
    title: `world-${word}`,
    text: `package demo:${unique}-world-${word}; world ${id(word)} { import n${index}x: func(x: u8); export f: func(x: u8); }`,
  }));
}
