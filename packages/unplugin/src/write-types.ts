/** Declarations without a build: for a check of types that comes before it, or alone. */
import { resolve } from 'node:path';
import type { Diagnostic } from '@wittle/parser';
import { GlueStore } from './glue-store.ts';
import { checkOptions, type Options } from './options.ts';

/** Where the files are, and what the plug-in is given. */
export interface WriteTypesOptions extends Options {
  /** What paths are relative to. Default: the working directory of the process. */
  readonly root?: string;
}

/**
 * Writes the declarations that the plug-in would write for these `.wit` and `.wasm` files. Whatever is wrong is among the
 * diagnostics, warnings as well; nothing is written for a file with an error. Throws for options that are wrong, and for a
 * file that cannot be read.
 *
 * ```ts
 * const diagnostics = await writeTypes(['src/shop.wasm'], { options: { results: 'return' } });
 * ```
 */
export async function writeTypes(
  files: readonly string[],
  { root = process.cwd(), ...options }: WriteTypesOptions = {},
): Promise<readonly Diagnostic[]> {
  const store = new GlueStore(checkOptions(options));
  store.root = resolve(root);
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const path = resolve(store.root, file);
    const glue = await store.glueOf({ path, world: undefined, part: undefined });
    if (glue === undefined) {
      throw new Error(
        `${file} does not say its world: it is neither WIT, nor a component, nor a core module made for a world`,
      );
    }
    diagnostics.push(...glue.diagnostics);
  }
  return diagnostics;
}
