/** A file of TypeScript from templates, for targets that write nothing else. */
import type { Code } from './code.ts';
import { printFile, type GeneratedFile, type PrintOptions } from './file.ts';
import { layOut } from './format.ts';

/**
 * A file of TypeScript, laid out: the header, the imports that the names in the sections ask for, and the sections.
 * `path` has no extension; names whose `from` is this path are the file's own, all others are imported, and renamed where
 * two are called the same. Throws at brackets, literals or comments that do not end: what was emitted is wrong then.
 *
 * ```ts
 * const item: Name = { kind: 'name', name: 'Item', from: 'types/shop', fromPackage: false, isType: true };
 * typescriptFile('lists/shop', [code`export type Items = readonly ${item}[];`], { header: '', importSuffix: '.js' });
 * ```
 */
export function typescriptFile(
  path: string,
  sections: readonly Code[],
  options: PrintOptions,
): GeneratedFile {
  const made = printFile(path, sections, options);
  return { ...made, contents: layOut(made.contents) };
}
