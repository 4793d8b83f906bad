/** A module of the output: a file of TypeScript, or JavaScript with its declarations and the map of those. */
import type { Diagnostic } from '@wittle/parser';
import { problem } from '../world/problems.ts';
import { code, type Code, type Form } from './code.ts';
import { declarationMap } from './declaration-map.ts';
import { printForm, type GeneratedFile, type PrintOptions } from './file.ts';
import { layOut } from './format.ts';
import { moveMarks, type Mark } from './marks.ts';
import type { WitSources } from './sources.ts';

/** What modules are written as, and how they import each other. */
export interface EmitOptions {
  /**
   * `ts`: TypeScript. `js`: JavaScript (`.js`), declarations (`.d.ts`) and their maps (`.d.ts.map`), by which editors go
   * from what is declared to its line in the WIT. Default `ts`.
   */
  readonly emit: 'ts' | 'js';
  /** How relative imports end; with `emit: 'js'` they cannot end in `.ts`. Default `.js`. */
  readonly importSuffix: PrintOptions['importSuffix'];
}

/** What holds where nothing is chosen. */
export const emitDefaults: EmitOptions = { emit: 'ts', importSuffix: '.js' };

/** The JSON schemas of the properties of {@link EmitOptions}, for the options of a target. */
export const emitSchemas: Readonly<Record<keyof EmitOptions, object>> = {
  emit: {
    description: 'TypeScript, or JavaScript with declarations that lead editors to the WIT',
    enum: ['ts', 'js'],
    default: emitDefaults.emit,
  },
  importSuffix: {
    description: 'how relative imports end',
    enum: ['.js', '.ts', ''],
    default: emitDefaults.importSuffix,
  },
};

/** JavaScript imports no TypeScript. */
export function emitProblems({ emit, importSuffix }: EmitOptions): readonly Diagnostic[] {
  if (emit === 'ts' || importSuffix !== '.ts') return [];
  const message = 'option importSuffix is `.ts`, but with option emit=js there are no such files';
  return [problem('invalid-option', message, undefined, 'leave it out, or let imports have no suffix')];
}

/** A reference to the types of `Symbol.dispose`, which resources have. */
export const DISPOSABLE = 'lib="esnext.disposable" preserve="true"';

export interface ModuleOptions extends EmitOptions {
  /** Comments at the top of every file. */
  readonly header: string;
  /** What types refer to besides imports, such as {@link DISPOSABLE}. */
  readonly references: readonly string[];
  /** Imports of more than names. */
  readonly imports?: string;
  /** What maps lead to. */
  readonly sources: WitSources;
}

/** The files of a module. `path` has no extension; names from it are its own, all others are imported. */
export function moduleFiles(
  path: string,
  sections: readonly Code[],
  options: ModuleOptions,
): readonly GeneratedFile[] {
  if (options.emit === 'ts')
    return [{ path: `${path}.ts`, contents: laidOut(path, sections, 'ts', options).text }];
  const declarations = laidOut(path, sections, 'd.ts', options);
  return [
    { path: `${path}.js`, contents: laidOut(path, sections, 'js', options).text },
    ...declarationFiles(`${path}.d.ts`, declarations.text, declarations.marks, options),
  ];
}

/** A file of declarations, and its map. */
export function declarationFiles(
  path: string,
  text: string,
  marks: readonly Mark[],
  { sources }: Pick<ModuleOptions, 'sources'>,
): readonly GeneratedFile[] {
  const map = `${path}.map`;
  return [
    { path, contents: `${text}//# sourceMappingURL=${map.split('/').at(-1)}\n` },
    { path: map, contents: declarationMap(path, text, marks, sources) },
  ];
}

function laidOut(
  path: string,
  sections: readonly Code[],
  form: Form,
  options: ModuleOptions,
): { readonly text: string; readonly marks: readonly Mark[] } {
  const references = form === 'js' ? [] : options.references.map((each) => `/// <reference ${each} />\n`);
  const { header, importSuffix, imports = '' } = options;
  const isEmpty = sections.every(({ forms }) => forms?.includes(form) === false);
  // What exports nothing would be no module.
  const printed = printForm(path, isEmpty ? [code`export {};`] : sections, form, {
    header: `${header}${references.join('')}${imports}`,
    importSuffix,
  });
  const text = layOut(printed.text);
  return { text, marks: form === 'd.ts' ? moveMarks(printed.text, text, printed.marks) : [] };
}
