/** The declarations of an imported file: those of all generated files, in one. */
import type { Placed } from './declaration-map.ts';
import type { Glue } from './glue-store.ts';

/** The declarations of a file. */
export interface Declarations {
  readonly text: string;
  /** What of it is from where. */
  readonly placed: readonly Placed[];
}

/**
 * What is in `app.d.wit.ts` or `app.d.wasm.ts`. Every generated file but the index becomes a namespace that is not exported
 * under its own name, so that their names do not meet.
 */
export function declarationsOf({ files, kind }: Glue): Declarations {
  const paths = [...files.keys()].filter((path) => path.endsWith('.d.ts'));
  const namespaces = namespaceNames(paths);
  const packages = new Map<string, Set<string>>();
  const sections = paths
    .filter((path) => path !== indexPath)
    .map((path) => ({ path, ...section(path, files.get(path)!, namespaces, packages) }));
  const index = section(indexPath, files.get(indexPath)!, namespaces, packages);
  // How it came to be is no matter to the reader.
  const head = index.head.replace(/ emit="js"/, '').replace(/ Options:\.$/m, '');
  const world = kind === 'wit' ? index.body : guestDeclarations(index.body);
  const all = [...sections.map(({ body }) => body), world].join('\n');
  let text = `${head}\n${[...packages].map(([name, items]) => importOf(name, items, all)).join('')}\n`;
  const placed: Placed[] = [];
  for (const { path, body, first, last } of sections) {
    const inner = indented(body.replaceAll(/^(export )?declare /gm, '$1'));
    text += `declare namespace ${namespaces.get(path)} {\n${inner}\n`;
    placed.push({ path, first, last, at: lineCount(text) - 1, isInner: true });
    text += '}\n\n';
  }
  text += `${world}\n`;
  if (kind === 'wit') {
    const { first, last } = index;
    placed.push({ path: indexPath, first, last, at: lineCount(text) - 1, isInner: false });
  }
  // Without an export of this form, everything in a file of declarations would be exported.
  return { text: `${text}\nexport {};\n`, placed };
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}

const indexPath = 'index.d.ts';

function namespaceNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    paths.map((path) => {
      const words = path.replace(/\.d\.ts$/, '').replaceAll('/', '$');
      const wanted = `$${words.replaceAll(/[^\w$]/g, '_')}`;
      let name = wanted;
      for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
      taken.add(name);
      return [path, name];
    }),
  );
}

/**
 * A file as a section of another: `head` is its comments and references, `body` has aliases in place of what it imports
 * from its like. What it imports from packages it finds at the top: an alias cannot stand for what is exported as a type.
 */
function section(
  path: string,
  text: string,
  namespaces: ReadonlyMap<string, string>,
  packages: Map<string, Set<string>>,
): Section {
  const [, head = '', rest = ''] =
    /^((?:\/\/.*\n)*)\n?([^]*?)(?:\/\/# sourceMappingURL=.*\n)?$/.exec(text) ?? [];
  const nameOf = (specifier: string): string => {
    const { pathname } = new URL(specifier, `file:///${path}`);
    return namespaces.get(decodeURI(pathname.slice(1)).replace(/\.js$/, '.d.ts'))!;
  };
  const body = rest
    .replaceAll(importStatement, (_, list: string, specifier: string) => {
      const items = itemsIn(list);
      if (specifier.startsWith('.')) {
        return items.map(([name, local]) => `import ${local} = ${nameOf(specifier)}.${name};\n`).join('');
      }
      // What comes from a package has the same name in every section that asks for it.
      const known = packages.get(specifier) ?? new Set();
      packages.set(specifier, known);
      for (const [name, local] of items) known.add(name === local ? name : `${name} as ${local}`);
      return '';
    })
    .replaceAll(
      namespaceExport,
      (_, name: string, specifier: string) => `export type { ${nameOf(specifier)} as ${name} };\n`,
    );
  // Imports come first; from there on, lines stay lines.
  const end = head.length + text.slice(head.length).lastIndexOf(rest.trimEnd()) + rest.trimEnd().length;
  const last = lineCount(text.slice(0, end));
  const kept = rest.replaceAll(importStatement, '').trim();
  return { head, body: body.trim(), first: last - lineCount(kept), last };
}

interface Section {
  readonly head: string;
  readonly body: string;
  /** The first line behind the imports, and the last one. */
  readonly first: number;
  readonly last: number;
}

const importStatement = /^import type \{([^}]*)\} from '([^'\n]+)';\n/gm;
const namespaceExport = /^export type \* as (\S+) from '([^'\n]+)';\n?/gm;

function itemsIn(list: string): readonly (readonly [name: string, local: string])[] {
  const items = list.split(',').flatMap((item) => item.trim() || []);
  return items.map((item) => {
    const [name, local] = item.split(' as ') as [string, string?];
    return [name, local ?? name] as const;
  });
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** What is used of a package. */
function importOf(from: string, items: ReadonlySet<string>, text: string): string {
  const used = [...items].filter((item) => text.includes(item.split(' as ').at(-1)!)).toSorted();
  return used.length === 0 ? '' : `import type { ${used.join(', ')} } from '${from}';\n`;
}

/** The guest is there: `instantiate` takes only what it imports. */
function guestDeclarations(index: string): string {
  const [label] = / of world `[^`]+`/.exec(index) ?? [''];
  return `${index.replaceAll(instantiation, '').trimEnd()}

/** Where the guest is, for whoever runs it another way. */
export declare const url: URL;

/**
 * Instantiates the guest${label}. It is fetched and compiled once, when it is first needed.
 * @param imports - the implementations; keys may leave out versions.
 * @throws {LinkError} naming everything that the guest and the world do not have in common.
 */
export declare function instantiate(
  imports: Imports | VersionedImports,
  options?: InstantiateOptions,
): Promise<Exports>;`;
}

const instantiation =
  /\/\*\*(?:(?!\*\/)[^])*\*\/\nexport declare function instantiate(?:Sync)?\([^]*?\n?\): (?:Promise<Exports>|Exports);\n*/g;
