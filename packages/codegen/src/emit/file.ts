/** A generated file: prints its pieces, and the imports that their names ask for. */
import { quote, type Code, type Form, type Name, type Part } from './code.ts';
import type { Mark } from './marks.ts';

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

/** Prints one file of TypeScript. `path` has no extension; names from it are its own, all others are imported. */
export function printFile(path: string, sections: readonly Code[], options: PrintOptions): GeneratedFile {
  return { path: `${path}.ts`, contents: printForm(path, sections, 'ts', options).text };
}

/** Text, and what in it is declared in the WIT. */
export interface Printed {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** Prints the pieces that a form has, with the imports that these ask for. */
export function printForm(path: string, all: readonly Code[], form: Form, options: PrintOptions): Printed {
  const sections = all.filter((section) => isIn(section, form));
  const used = new Set<string>();
  for (const section of sections) walk(section, form, (name) => used.add(keyOf(name)));
  // Names are the same in every form.
  const names = new Map<Name, string>();
  const taken = new Set<string>();
  const imported: Name[] = [];
  const seen = new Set<string>();
  for (const section of all) {
    walk(section, undefined, (name) => {
      if (name.from === path) taken.add(name.name);
      else if (!seen.has(keyOf(name))) {
        seen.add(keyOf(name));
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
    local.set(keyOf(name), alias);
  }
  const nameOf = (name: Name): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const text = name.from === path ? name.name : local.get(keyOf(name))!;
    names.set(name, text);
    return text;
  };
  const needed = imported.filter((name) => used.has(keyOf(name)));
  const imports = printImports(path, needed, nameOf, form === 'd.ts', options.importSuffix);
  const output: Output = { form, nameOf, text: `${options.header}${imports}\n`, marks: [] };
  for (const section of sections) {
    print(section, output);
    output.text += '\n';
  }
  return output;
}

interface Output {
  readonly form: Form;
  readonly nameOf: (name: Name) => string;
  text: string;
  readonly marks: Mark[];
}

function printImports(
  path: string,
  imported: readonly Name[],
  nameOf: (name: Name) => string,
  typesOnly: boolean,
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
    const allTypes = typesOnly || of.every((name) => name.isType);
    const items = of.map((name) => {
      const alias = nameOf(name);
      const item = alias === name.name ? alias : `${name.name} as ${alias}`;
      return name.isType && !allTypes ? `type ${item}` : item;
    });
    text += `import ${allTypes ? 'type ' : ''}{ ${items.join(', ')} } from ${quote(from)};\n`;
  }
  return text;
}

function print(piece: Part, output: Output): void {
  if (typeof piece === 'string') output.text += piece;
  else if (piece.kind === 'name') output.text += output.nameOf(piece);
  else if (isIn(piece, output.form)) {
    const start = output.text.length;
    for (const part of piece.parts) print(part, output);
    const end = output.text.length;
    if (piece.names !== undefined) output.marks.push({ kind: 'name', start, end, span: piece.names });
    if (piece.ends !== undefined) output.marks.push({ kind: 'end', end, span: piece.ends });
  }
}

/** What is imported under one name. */
function keyOf({ from, name }: Name): string {
  return `${from}\0${name}`;
}

/** Visits the names in a form, or in all of them. */
function walk(piece: Part, form: Form | undefined, visit: (name: Name) => void): void {
  if (typeof piece === 'string') return;
  if (piece.kind === 'name') visit(piece);
  else if (form === undefined || isIn(piece, form)) for (const part of piece.parts) walk(part, form, visit);
}

function isIn({ forms }: Code, form: Form): boolean {
  return forms === undefined || forms.includes(form);
}

/** From one generated file to another, both without extension. */
export function relativePath(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  const up = here.slice(common).map(() => '..');
  const path = [...up, ...there.slice(common)].join('/');
  return path.startsWith('../') ? path : `./${path}`;
}
