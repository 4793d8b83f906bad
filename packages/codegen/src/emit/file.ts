/** A generated file: prints its pieces, and the imports that their names ask for. */
import { quote, type Code, type Name, type Part } from './code.ts';

/** One file of output: a path relative to the output directory, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly contents: string;
  /** A beginning that people go on with: once it was changed, or is no longer what was generated, it stays as it is. */
  readonly isTemplate?: true;
}

export interface PrintOptions {
  /** What stands above the imports. */
  readonly header: string;
  /** How relative imports end: `.js`, `.ts` or nothing. */
  readonly importSuffix: '.js' | '.ts' | '';
}

/** Prints one file. `path` has no extension; names from it are its own, all others are imported. */
export function printFile(path: string, sections: readonly Code[], options: PrintOptions): GeneratedFile {
  const names = new Map<Name, string>();
  const taken = new Set<string>();
  const imported: Name[] = [];
  const seen = new Set<string>();
  for (const section of sections) {
    walk(section, (name) => {
      if (name.from === path) taken.add(name.name);
      else if (!seen.has(`${name.from}\0${name.name}`)) {
        seen.add(`${name.from}\0${name.name}`);
        imported.push(name);
      }
    });
  }
  const local = new Map<string, string>();
  for (const name of imported) {
    const wanted = name.alias ?? name.name;
    let alias = wanted;
    for (let n = 2; taken.has(alias); n++) alias = `${wanted}_${n}`;
    taken.add(alias);
    local.set(`${name.from}\0${name.name}`, alias);
  }
  const nameOf = (name: Name): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const text = name.from === path ? name.name : local.get(`${name.from}\0${name.name}`)!;
    names.set(name, text);
    return text;
  };
  const body = sections.map((section) => print(section, nameOf)).join('\n');
  const imports = printImports(path, imported, nameOf, options.importSuffix);
  return { path: `${path}.ts`, contents: `${options.header}${imports}\n${body}\n` };
}

function printImports(
  path: string,
  imported: readonly Name[],
  nameOf: (name: Name) => string,
  suffix: string,
): string {
  const groups = new Map<string, Name[]>();
  for (const name of imported) {
    const from = name.fromPackage ? name.from : `${relativePath(path, name.from)}${suffix}`;
    groups.set(from, [...(groups.get(from) ?? []), name]);
  }
  const packages = [...groups.keys()].filter((from) => !from.startsWith('.')).toSorted();
  const relative = [...groups.keys()].filter((from) => from.startsWith('.')).toSorted();
  let text = '';
  for (const from of [...packages, ...relative]) {
    const of = groups.get(from)!.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const allTypes = of.every((name) => name.isType);
    const items = of.map((name) => {
      const alias = nameOf(name);
      const item = alias === name.name ? alias : `${name.name} as ${alias}`;
      return name.isType && !allTypes ? `type ${item}` : item;
    });
    text += `import ${allTypes ? 'type ' : ''}{ ${items.join(', ')} } from ${quote(from)};\n`;
  }
  return text;
}

function print(piece: Part, nameOf: (name: Name) => string): string {
  if (typeof piece === 'string') return piece;
  if (piece.kind === 'name') return nameOf(piece);
  let text = '';
  for (const part of piece.parts) text += print(part, nameOf);
  return text;
}

function walk(piece: Part, visit: (name: Name) => void): void {
  if (typeof piece === 'string') return;
  if (piece.kind === 'name') visit(piece);
  else for (const part of piece.parts) walk(part, visit);
}

/** From one generated file to another, both without extension. */
function relativePath(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  const up = here.slice(common).map(() => '..');
  const path = [...up, ...there.slice(common)].join('/');
  return path.startsWith('../') ? path : `./${path}`;
}
