/** The release of WASI that this host implements, where names say it. */
import type { WasiImports } from './wasi.ts';

/**
 * The same implementations by names with a version (`wasi:io/poll@0.2.12`). Under names without one they serve whatever
 * release a component asks for; with it only those that are compatible, and others are missing and said to be.
 */
export function versionedImports(imports: WasiImports): object {
  return Object.fromEntries(Object.entries(imports).map(([name, host]) => [`${name}@0.2.12`, host]));
}
