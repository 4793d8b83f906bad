/** The map of an imported file's declarations, by which editors go from them to the WIT. */
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { Glue } from './glue-store.ts';

/** Lines of a generated file, as they stand in the declarations of all. Lines count from 0. */
export interface Placed {
  /** The generated file. */
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Where the last of them is. */
  readonly at: number;
  /** They are in a namespace: indented, and without `declare`. */
  readonly isInner: boolean;
}

/** The text of the map of `to`; `undefined` where there is no WIT file to go to. */
export function mapOf(glue: Glue, placed: readonly Placed[], to: string): string | undefined {
  const sources: string[] = [];
  const lines: SourceMapSegment[][] = [];
  for (const { path, first, last, at, isInner } of placed) {
    const map = JSON.parse(glue.files.get(`${path}.map`) ?? '{}') as {
      sources?: string[];
      mappings?: string;
    };
    const texts = glue.files.get(path)!.split('\n');
    const own = (map.sources ?? []).map((source) => {
      const { pathname } = new URL(source, `file:///${path}`);
      return witFile(glue, decodeURI(pathname.slice(1)));
    });
    const decoded = decode(map.mappings ?? '');
    for (let line = first; line <= last; line++) {
      const text = texts[line]!;
      const cut = isInner && /^(?:export )?declare /.test(text) ? 8 : 0;
      const shift = isInner && text !== '' ? 2 : 0;
      lines[at - (last - line)] = (decoded[line] ?? []).flatMap((segment): SourceMapSegment[] => {
        const column = Math.max(0, segment[0] - cut) + shift;
        if (segment.length === 1) return [[column]];
        const file = own[segment[1]];
        // What comes with wittle is nowhere in the program.
        if (file === undefined) return [[column]];
        const shown = relative(dirname(to), file).replaceAll('\\', '/');
        if (!sources.includes(shown)) sources.push(shown);
        return [[column, sources.indexOf(shown), segment[2], segment[3]]];
      });
    }
  }
  if (sources.length === 0) return undefined;
  const mappings = encode(Array.from(lines, (line) => line ?? []));
  return `${JSON.stringify({ version: 3, file: to.split(/[/\\]/).at(-1), sources, names: [], mappings })}\n`;
}

/** The file that a copy among the generated ones is of. */
function witFile({ files, dependencies }: Glue, copy: string): string | undefined {
  const text = files.get(copy);
  return dependencies.find((path) => {
    try {
      return path.endsWith('.wit') && readFileSync(path, 'utf8') === text;
    } catch {
      return false;
    }
  });
}
