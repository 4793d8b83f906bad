/** A resolved world. WIT.md: "Item: `world`". */
import type { Span } from '../source.ts';
import type { WitFunction } from './function.ts';
import type { Interface } from './interface.ts';
import type { Package } from './package.ts';
import type { Stability } from './stability.ts';
import type { TypeDefinition } from './type.ts';

/** What a component imports and exports. */
export interface World {
  readonly kind: 'world';
  readonly name: string;
  readonly package: Package;
  /** Imports with everything they need, elaborated as the specification says, in order. */
  readonly imports: readonly WorldItem[];
  readonly exports: readonly WorldItem[];
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly span: Span | undefined;
}

/** One import or export of a world. */
export type WorldItem = WorldInterface | WorldFunction | WorldType;

/** An imported or exported interface. */
export interface WorldInterface {
  readonly kind: 'world-interface';
  /** `undefined`: known by the interface's own id. Else the kebab-name it is imported or exported as. */
  readonly name: string | undefined;
  readonly interface: Interface;
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly externalId: string | undefined;
  readonly span: Span | undefined;
}

/** A function imported or exported by the world itself. */
export interface WorldFunction {
  readonly kind: 'world-function';
  readonly name: string;
  readonly function: WitFunction;
}

/** A type that the world declares or uses; only ever among the imports. */
export interface WorldType {
  readonly kind: 'world-type';
  readonly name: string;
  readonly type: TypeDefinition;
}
