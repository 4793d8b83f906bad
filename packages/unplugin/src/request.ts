/** Which modules are ours: a file, and in the query which world of it and which of its generated files. */

/** A module of ours. */
export interface Request {
  /** The `.wit` or `.wasm` file. */
  readonly path: string;
  readonly world: string | undefined;
  /** A generated file, with slashes; the file's own module when there is none. */
  readonly part: string | undefined;
}

/** What ids of ours look like, others among them. */
export const ids: RegExp = /\.(?:wit|wasm)(?:\?|$)/;

/** What specifiers look like that a bundler may not resolve itself. */
export const queries: RegExp = /\.(?:wit|wasm)\?/;

/**
 * Reads an id. Any other query (`?url`, `?init`) asks for something else; what begins with a null character is a module
 * that another plug-in has made up.
 */
export function parseRequest(id: string): Request | undefined {
  const at = id.indexOf('?');
  const path = at === -1 ? id : id.slice(0, at);
  if (path.startsWith('\0') || !/\.(?:wit|wasm)$/.test(path)) return undefined;
  const query = new URLSearchParams(at === -1 ? '' : id.slice(at));
  if ([...query.keys()].some((key) => key !== 'world' && key !== part)) return undefined;
  return {
    path,
    world: query.get('world') ?? undefined,
    part: query.get(part)?.replaceAll(':', '/'),
  };
}

/** The specifier of a generated file, for another of the same file and world. */
export function partSpecifier({ path, world }: Request, file: string): string {
  // Bundlers look for packages in the directory of an id, query or not: a slash there would lead them astray.
  const chosen = world === undefined ? '' : `&world=${encodeURIComponent(world)}`;
  return `${nearby(path)}?${part}=${file.replaceAll('/', ':')}${chosen}`;
}

/** The specifier of a file from its own modules. */
export function nearby(path: string): string {
  return `./${path.split(/[/\\]/).at(-1)}`;
}

const part = 'wittle';
