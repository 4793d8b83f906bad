/** The declarations of an imported file: those of all generated files, in one. */
import type { Glue } from './glue-store.ts';

/**
 * The text of `app.d.wit.ts` or `app.d.wasm.ts`. Every generated file but the index becomes a namespace that is not
 * exported under its own name, so that their names do not meet.
 */
export function declarationsOf({ files, kind }: Glue): string {
  const paths = [...files.keys()].filter((path) => path.endsWith('.d.ts'));
  const namespaces = namespaceNames(paths);
  const packages: string[] = [];
  const sections = paths
    .filter((path) => path !== indexPath)
    .map((path) => {
      const { body, outside } = section(path, files.get(path)!, namespaces, packages);
      const inner = qualified(body, outside).replaceAll(/^(export )?declare /gm, '$1');
      return `declare namespace ${namespaces.get(path)} {\n${indented(inner)}\n}\n`;
    });
  const index = section(indexPath, files.get(indexPath)!, namespaces, packages);
  const own = kind === 'wit' ? index.body : guestDeclarations(index.body);
  const world = withoutUnused(qualified(own, index.outside));
  // How it came to be is no matter to the reader.
  const head = index.head.replace(/ emit="js"/, '').replace(/ Options:\.$/m, '');
  const imports = packages.map((name, at) => `import type * as ${packageName(at)} from '${name}';\n`);
  // Without an export of this form, everything in a file of declarations would be exported.
  return `${head}\n${imports.join('')}\n${sections.join('\n')}\n${world}\n\nexport {};\n`;
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
 * from its like, and `outside` is how that is called which it imports from packages: an alias cannot stand for a type that
 * is exported as one.
 */
function section(
  path: string,
  text: string,
  namespaces: ReadonlyMap<string, string>,
  packages: string[],
): { readonly head: string; readonly body: string; readonly outside: ReadonlyMap<string, string> } {
  const [, head = '', rest = ''] =
    /^((?:\/\/.*\n)*)\n?([^]*?)(?:\/\/# sourceMappingURL=.*\n)?$/.exec(text) ?? [];
  const nameOf = (specifier: string): string => {
    if (specifier.startsWith('.')) {
      const { pathname } = new URL(specifier, `file:///${path}`);
      return namespaces.get(decodeURI(pathname.slice(1)).replace(/\.js$/, '.d.ts'))!;
    }
    if (!packages.includes(specifier)) packages.push(specifier);
    return packageName(packages.indexOf(specifier));
  };
  const outside = new Map<string, string>();
  const body = rest
    .replaceAll(importStatement, (_, names: string, specifier: string) => {
      const from = nameOf(specifier);
      if (specifier.startsWith('.')) {
        return namesIn(names)
          .map(([name, local]) => `import ${local} = ${from}.${name};\n`)
          .join('');
      }
      for (const [name, local] of namesIn(names)) outside.set(local, `${from}.${name}`);
      return '';
    })
    .replaceAll(
      namespaceExport,
      (_, name: string, specifier: string) => `export type { ${nameOf(specifier)} as ${name} };\n`,
    );
  return { head, body: body.trim(), outside };
}

/** The text with the whole names of what is from packages; comments, literals and names of properties stay. */
function qualified(body: string, outside: ReadonlyMap<string, string>): string {
  return body.replaceAll(nameOrOther, (token) => outside.get(token) ?? token);
}

const nameOrOther = /\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|(?<![\w$.])[A-Za-z_$][\w$]*(?!\??:|[\w$])/g;

const importStatement = /^import type \{([^}]*)\} from '([^'\n]+)';\n/gm;
const namespaceExport = /^export type \* as (\S+) from '([^'\n]+)';\n?/gm;

function namesIn(list: string): readonly (readonly [name: string, local: string])[] {
  const items = list.split(',').flatMap((item) => item.trim() || []);
  return items.map((item) => {
    const [name, local] = item.split(' as ') as [string, string?];
    return [name, local ?? name] as const;
  });
}

function packageName(at: number): string {
  return `$package${at}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function withoutUnused(body: string): string {
  return body.replaceAll(/^import (\S+) = .*\n/gm, (line, name: string) =>
    body.split(name).length > line.split(name).length ? line : '',
  );
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
