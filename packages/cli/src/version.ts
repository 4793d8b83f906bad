/** Which wittle this is. */
import { readFileSync } from 'node:fs';

/** `0.1.0`, as package.json says. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

/** `wittle 0.1.0`, for the header of generated files. */
export function generatorName(): string {
  return `wittle ${version()}`;
}
