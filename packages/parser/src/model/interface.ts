/** A resolved interface. WIT.md: "Item: `interface`". */
import type { Span } from '../source.ts';
import type { WitFunction } from './function.ts';
import { packageId, type Package } from './package.ts';
import type { Stability } from './stability.ts';
import type { TypeDefinition } from './type.ts';

/** Types and functions under one name. */
export interface Interface {
  readonly kind: 'interface';
  /** `undefined` for one written inline in a world; its name is then the world's key. */
  readonly name: string | undefined;
  readonly package: Package;
  /** By name: used types in the order of the text, then own ones, each after those that it refers to. */
  readonly types: ReadonlyMap<string, TypeDefinition>;
  /** By name; methods, statics and constructors as `[method]res.name`, `[static]res.name`, `[constructor]res`. */
  readonly functions: ReadonlyMap<string, WitFunction>;
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly span: Span | undefined;
  /** The inline interface that an `include` copied this one from. */
  readonly cloneOf?: Interface;
}

/** `wasi:sockets/tcp@0.2.12`; the name that core modules import it by. `undefined` for an inline interface. */
export function interfaceId(of: Interface): string | undefined {
  if (of.name === undefined) return undefined;
  const { namespace, name, version } = of.package.name;
  return `${packageId({ namespace, name, version: undefined })}/${of.name}${version === undefined ? '' : `@${version}`}`;
}
