/** What an interface or world holds, by name, ready to be printed. */
import type { PackageName } from '@wittle/parser';

/** An interface or world; only interfaces of a package have a path that others can name them by. */
export interface Contents {
  readonly package: PackageName;
  readonly name: string;
  readonly isNamed: boolean;
  readonly types: Map<string, TypeItem>;
  readonly functions: Map<string, FunctionItem>;
}

export interface TypeItem {
  readonly name: string;
  readonly externalId: string | undefined;
  readonly body: TypeBody;
}

export type TypeBody =
  | { readonly kind: 'use'; readonly from: Contents; readonly type: string }
  | { readonly kind: 'alias'; readonly type: string }
  | { readonly kind: 'resource' }
  | {
      readonly kind: 'record' | 'variant' | 'enum' | 'flags';
      /** Each with the text after its name: `: u32`, `(u32)` or nothing. */
      readonly members: readonly { readonly name: string; readonly rest: string }[];
    };

export interface FunctionItem {
  /** With its annotation: `[method]r.f`. */
  readonly name: string;
  readonly resource: string | undefined;
  readonly externalId: string | undefined;
  /** From the name on, with the semicolon: `f: static func();`. */
  readonly text: string;
}

export interface World {
  readonly contents: Contents;
  readonly externs: readonly WorldExtern[];
}

export type WorldExtern = {
  readonly direction: 'import' | 'export';
  readonly externalId: string | undefined;
} & (
  | { readonly kind: 'path'; readonly label: string | undefined; readonly target: Contents }
  | { readonly kind: 'inline'; readonly label: string; readonly target: Contents }
  | { readonly kind: 'function'; readonly item: FunctionItem }
);
