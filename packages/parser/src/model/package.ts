/** A resolved package and the whole model that holds it. WIT.md: "Package declaration". */
import type { Span } from '../source.ts';
import type { Interface } from './interface.ts';
import type { TypeDefinition } from './type.ts';
import type { World } from './world.ts';

/** A semantic version, as written: `0.2.12`, `1.0.0-rc.1+build`. */
export type SemanticVersion = string;

/** `namespace:name@version`. */
export interface PackageName {
  readonly namespace: string;
  readonly name: string;
  readonly version: SemanticVersion | undefined;
}

/** The interfaces and worlds of one `package`. */
export interface Package {
  readonly kind: 'package';
  readonly name: PackageName;
  /** By name, in the order of the reference's model. */
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly worlds: ReadonlyMap<string, World>;
  /** Doc comment of the `package` declaration, without its comment marks; empty when there is none. */
  readonly docs: string;
  readonly span: Span | undefined;
}

/**
 * Everything that was resolved together. The arrays keep the order in which `wasm-tools component wit --json` numbers
 * its arenas; inside the model things refer to each other directly.
 */
export interface Model {
  readonly kind: 'model';
  readonly packages: readonly Package[];
  readonly interfaces: readonly Interface[];
  readonly worlds: readonly World[];
  readonly types: readonly TypeDefinition[];
  /** The packages that were asked for, dependencies left out; the last one is the directory's or file's own. */
  readonly main: readonly Package[];
}

/** `wasi:sockets@0.2.12`. */
export function packageId(name: PackageName): string {
  return `${name.namespace}:${name.name}${name.version === undefined ? '' : `@${name.version}`}`;
}
