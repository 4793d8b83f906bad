/** A generated file: prints its pieces, and the imports that their names ask for. */
import { unusedName } from '../typescript/names.ts';
import { quote, type Code, type Form, type Name } from './code.ts';
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
  const flat: Flat = { form, pieces: [], marks: [], used: new Set(), names: new Set() };
  for (const section of all) {
    const isThere = isIn(section, form);
    flatten(section, isThere, flat);
    if (isThere) flat.pieces.push('\n');
  }
  // Names are the same in every form.
  const taken = new Set<string>();
  const imported = new Map<string, Name>();
  for (const name of flat.names) {
    if (name.from === path) taken.add(name.name);
    else if (!imported.has(keyOf(name))) imported.set(keyOf(name), name);
  }
  const local = new Map<string, string>();
  for (const [key, name] of imported) {
    local.set(key, unusedName(name.alias ?? name.name, taken));
  }
  const names = new Map<Name, string>();
  const nameOf = (name: Name): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const text = name.from === path ? name.name : local.get(keyOf(name))!;
    names.set(name, text);
    return text;
  };
  const used = new Set(Array.from(flat.used, keyOf));
  const needed = [...imported].filter(([key]) => used.has(key)).map(([, name]) => name);
  const imports = printImports(path, needed, nameOf, form === 'd.ts', options.importSuffix);
  return withMarks(`${options.header}${imports}\n`, flat, nameOf);
}

/** Code as a list of its parts; the places of marks are positions in it. */
interface Flat {
  readonly form: Form;
  readonly pieces: (string | Name)[];
  readonly marks: Mark[];
  /** The names in the form, and those in all of them. */
  readonly used: Set<Name>;
  readonly names: Set<Name>;
}

function flatten(code: Code, isThere: boolean, flat: Flat): void {
  const { pieces, used, names } = flat;
  const start = pieces.length;
  const { parts } = code;
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (typeof part === 'string') {
      if (isThere && part !== '') pieces.push(part);
    } else if (part.kind === 'code') {
      flatten(part, isThere && isIn(part, flat.form), flat);
    } else {
      names.add(part);
      if (!isThere) continue;
      used.add(part);
      pieces.push(part);
    }
  }
  if (!isThere) return;
  const end = pieces.length;
  if (code.names !== undefined) flat.marks.push({ kind: 'name', start, end, span: code.names });
  if (code.ends !== undefined) flat.marks.push({ kind: 'end', end, span: code.ends });
}

/** The text behind a beginning, and the marks at their places in it. */
function withMarks(beginning: string, { pieces, marks }: Flat, nameOf: (name: Name) => string): Printed {
  let text = beginning;
  const offsets: number[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    offsets.push(text.length);
    text += typeof piece === 'string' ? piece : nameOf(piece);
  }
  offsets.push(text.length);
  const placed = marks.map((mark): Mark => {
    const end = offsets[mark.end]!;
    return mark.kind === 'name' ? { ...mark, start: offsets[mark.start]!, end } : { ...mark, end };
  });
  return { text, marks: placed };
}

function printImports(
  path: string,
  imported: readonly Name[],
  nameOf: (name: Name) => string,
  typesOnly: boolean,
  suffix: string,
): string {
  const modules = new Map<string, Name[]>();
  for (const name of imported) {
    const names = modules.get(name.from);
    if (names === undefined) modules.set(name.from, [name]);
    else names.push(name);
  }
  const groups = new Map(
    Array.from(modules, ([from, names]) => [
      names[0]!.fromPackage ? from : `${relativePath(path, from)}${suffix}`,
      names,
    ]),
  );
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

/** What is imported under one name. */
function keyOf({ from, name }: Name): string {
  return `${from}\0${name}`;
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
