/** What declarations map to which places in the WIT; language servers are asked in `definitions.test.ts`. */
import { posix } from 'node:path';
import { decode } from '@jridgewell/sourcemap-codec';
import { describe, expect, test } from '@jest/globals';
import { generate, hostTarget, type GeneratedFile } from '../src/index.ts';
import { fileOf, GENERATOR, worldOf } from './generate.ts';
import { samples } from './samples.ts';

interface Declarations {
  readonly path: string;
  readonly lines: readonly string[];
  /** The WIT behind a segment at a line and column, from there on. */
  readonly witAt: (line: number, column: number) => string | undefined;
  /** The columns of a line's segments that lead to WIT. */
  readonly columnsOf: (line: number) => readonly number[];
}

interface SourceMap {
  readonly version: number;
  readonly file: string;
  readonly sources: readonly string[];
  readonly mappings: string;
}

function declarationsIn(files: readonly GeneratedFile[]): readonly Declarations[] {
  return files
    .filter(({ path }) => path.endsWith('.d.ts'))
    .map(({ path, contents }) => {
      const map = JSON.parse(fileOf(files, `${path}.map`)) as SourceMap;
      expect(contents.split('\n').at(-2)).toBe(`//# sourceMappingURL=${posix.basename(path)}.map`);
      expect([map.version, map.file]).toEqual([3, posix.basename(path)]);
      const sources = map.sources.map((source) =>
        fileOf(files, posix.join(posix.dirname(path), source)).split('\n'),
      );
      const segments = decode(map.mappings);
      return {
        path,
        lines: contents.split('\n'),
        witAt: (line, column) => {
          const found = segments[line]?.find((each) => each[0] === column);
          return found === undefined || found.length === 1
            ? undefined
            : sources[found[1]]![found[2]]!.slice(found[3]);
        },
        columnsOf: (line) => (segments[line] ?? []).flatMap((each) => (each.length === 1 ? [] : [each[0]])),
      };
    });
}

/** Names of what has no name in the WIT, or another one. */
const OTHERS =
  /^(?:Root|ExportedRoot|Host|Exports|Imports|VersionedImports|instantiate|instantiateSync|tag|val|kind|value|new|\[Symbol\.dispose\]|\[brand\]|GuestImports|GuestExports|KeyedGuestExports|Guest|instantiateGuest|guestModule|mockHost|world|Resources|[a-z]\w*(?:Arguments|Result)(?:_\d)?)$/;

const plain = (name: string): string => name.replaceAll(/[^a-zA-Z0-9]/g, '').toLowerCase();

/** Members and declarations that a line begins with. */
const DECLARED =
  /^(?:\s*(?:readonly )?('[^']*'|\[[\w.']+\]|[\w$]+)\??[:(]|export (?:declare )?(?:interface|type|const|function|default function|type \* as) ([\w$]+))/;

/** What stands beside what is declared in the WIT and is not, or is made of types without a name. */
const UNMAPPED =
  /^(?:tag|val|kind|value|payload|limits|ComponentError|Guest|GuestOptions|guest|imports|options|resources|abstract)$/;

describe.each(samples)('the declarations of $name', ({ name: sample, files }) => {
  const all = declarationsIn(files('js'));

  test('lead from every name to the same name in the WIT', () => {
    let count = 0;
    for (const { path, lines, witAt, columnsOf } of all) {
      for (const [line, text] of lines.entries()) {
        for (const column of columnsOf(line)) {
          const wit = witAt(line, column)!;
          const name = /^(?:'[^']*'|\[[\w.']+\]|[\w$]+)/.exec(text.slice(column))?.[0];
          // Others are where names end.
          if (name === undefined || /[\w$']$/.test(text.slice(0, column))) continue;
          const [, word = '', alias = word] = /^%?([\w-]+)(?: as %?([\w-]+))?/.exec(wit) ?? [];
          count++;
          const inside = plain(name.replaceAll(/^'.*\/|@.*$/g, ''));
          // A key may be a name that the world gives to the interface.
          const isGiven = /renam/.test(sample) && path === 'index.d.ts';
          const fits =
            isGiven || OTHERS.test(name) || [word, alias].some((each) => inside.includes(plain(each)));
          expect([path, name, word, fits]).toEqual([path, name, word, true]);
          expect([path, text, column, word === '']).toEqual([path, text, column, false]);
        }
      }
    }
    expect(count).toBeGreaterThan(0);
  });

  test('lead from everything that they declare', () => {
    for (const { path, lines, witAt } of all) {
      for (const [line, text] of lines.entries()) {
        const found = DECLARED.exec(text);
        const name = found?.[1] ?? found?.[2];
        if (name === undefined || UNMAPPED.test(name) || text.includes(': Resources[')) continue;
        const column = text.lastIndexOf(name, found![0].length);
        expect([path, text, witAt(line, column) !== undefined]).toEqual([path, text, true]);
      }
    }
  });
});

describe('WIT', () => {
  const text = 'package a:b; interface i { f: func(); } world w { import i; }';

  test('is copied into a folder for its package where it has no path', () => {
    const { files } = generate(worldOf(text), hostTarget, { emit: 'js' }, GENERATOR);
    expect(fileOf(files, 'wit/a/b/test.wit')).toBe(text);
  });

  test('is where the generator says', () => {
    const asked: string[] = [];
    const sourcePath = (name: string): string => {
      asked.push(name);
      return '../../my wit/%20.wit';
    };
    const { files } = generate(worldOf(text), hostTarget, { emit: 'js' }, { ...GENERATOR, sourcePath });
    expect(asked).toEqual(['test.wit']);
    const sources = (path: string): unknown => (JSON.parse(fileOf(files, path)) as SourceMap).sources;
    expect(sources('index.d.ts.map')).toEqual(['../../my wit/%20.wit']);
    expect(sources('imports/a/b/i.d.ts.map')).toEqual(['../../../../../my wit/%20.wit']);
    expect(files.filter(({ path }) => path.startsWith('wit/'))).toEqual([]);
  });

  test('JavaScript imports no TypeScript', () => {
    const { files, diagnostics } = generate(
      worldOf(text),
      hostTarget,
      { emit: 'js', importSuffix: '.ts' },
      GENERATOR,
    );
    expect([files, diagnostics.map(({ code }) => code)]).toEqual([[], ['invalid-option']]);
    const { files: bare } = generate(worldOf(text), hostTarget, { emit: 'js', importSuffix: '' }, GENERATOR);
    expect(fileOf(bare, 'index.js')).toContain("from './imports/a/b/i';");
    expect(fileOf(bare, 'index.d.ts')).toContain("from './imports/a/b/i';");
  });
});
