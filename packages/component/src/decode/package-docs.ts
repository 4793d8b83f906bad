/** The custom section `package-docs`: a version byte, then docs and gates as JSON by the names of what they are for. */
import type { Stability } from '@wittle/parser';
import type { CustomItem } from '../binary/definition.ts';
import { MalformedBinary } from '../binary/reader.ts';

/** A part of the section, of unknown shape; read it with {@link textAt}, {@link partAt} and {@link stabilityOf}. */
export type DocsPart = Readonly<Record<string, unknown>>;

/** Of what has no docs. */
export const noDocs: DocsPart = {};

/** Reads the section. Throws `MalformedBinary`. */
export function readPackageDocs({ contents, contentsOffset: offset }: CustomItem): DocsPart {
  if (contents[0] !== 0 && contents[0] !== 1) {
    throw new MalformedBinary('this version of the section `package-docs` is not known', offset);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(contents.subarray(1)));
  } catch {
    throw new MalformedBinary('the section `package-docs` is not JSON', offset + 1);
  }
  return isPart(value) ? value : noDocs;
}

/** The part under these names, one inside the other; an empty one when there is none. */
export function partAt(part: DocsPart, ...names: readonly string[]): DocsPart {
  let at: unknown = part;
  for (const name of names) at = isPart(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return isPart(at) ? at : noDocs;
}

/** The text under a name. */
export function textAt(part: DocsPart, name: string): string | undefined {
  const text = Object.hasOwn(part, name) ? part[name] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The gates of an item. */
export function stabilityOf(part: DocsPart): Stability | undefined {
  return stabilityIn(partAt(part, 'stability'));
}

/** The gates in a part that is a stability itself. */
export function stabilityIn(part: DocsPart): Stability | undefined {
  const stable = partAt(part, 'stable');
  const unstable = partAt(part, 'unstable');
  const since = matching(textAt(stable, 'since'), version);
  const feature = matching(textAt(unstable, 'feature'), label);
  const deprecated = matching(textAt(stable, 'deprecated') ?? textAt(unstable, 'deprecated'), version);
  if (since !== undefined) return { kind: 'stable', since, deprecated };
  return feature === undefined ? undefined : { kind: 'unstable', feature, deprecated };
}

const version = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;
const label = /^[A-Za-z][0-9A-Za-z-]*$/;

// What stands in the section goes into a text, so it must be what it should be.
function matching(text: string | undefined, pattern: RegExp): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}

function isPart(value: unknown): value is DocsPart {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
