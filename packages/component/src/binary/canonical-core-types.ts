/**
 * Core types without indices: what a type refers to is a text, and equal types have equal texts. Core specification:
 * "Recursive Types".
 */
import type { CoreExternType } from '../validate/component-type.ts';
import type {
  CoreCompositeType,
  CoreExternDeclaration,
  CoreFieldType,
  CoreRecursiveTypes,
  CoreReferenceType,
  CoreSubtype,
} from './definition.ts';

/** A member of a group of types. */
export interface CanonicalCoreType {
  /** References in it are texts. */
  readonly type: CoreCompositeType;
  /** What stands for the type as a `heap`. */
  readonly text: string;
  /** Whether it cannot have subtypes. */
  readonly final: boolean;
}

/** Gives the type at an index, and throws when there is none. */
export type CoreTypeLookup = (index: number) => CanonicalCoreType;

/**
 * The members of a group in order. `start` is the index that the first of them gets; `at` is asked for indices before
 * that only. A text has a hash of 64 bits in it: that two types are held for one is possible but not likely, and an
 * engine compares them once more when a module is instantiated.
 */
export function canonicalTypes(
  { types }: CoreRecursiveTypes,
  start: number,
  at: CoreTypeLookup,
): readonly CanonicalCoreType[] {
  // The group with its own types as these texts.
  const named = (nameOfOwn: (index: number) => string): readonly [CoreSubtype, readonly string[]][] => {
    const textAt = (index: number): string =>
      index >= start && index < start + types.length ? nameOfOwn(index - start) : at(index).text;
    return types.map((type) => [withTexts(type, textAt), type.supertypes.map(textAt)]);
  };
  let hash: string | undefined;
  // Most types are never referred to.
  const nameOf = (index: number): string => {
    hash ??= hashOf(
      named(String)
        .map((each) => hashOf(JSON.stringify(each)))
        .join(),
    );
    return `${hash}.${index}`;
  };
  return named(nameOf).map(([{ type, final }], index) => ({
    type,
    final,
    get text() {
      return nameOf(index);
    },
  }));
}

/** What is imported or exported, without indices. Throws what `at` throws, and gives nothing for a type of the wrong kind. */
export function canonicalExtern(
  declaration: CoreExternDeclaration,
  at: CoreTypeLookup,
): CoreExternType | undefined {
  const textAt = (index: number): string => at(index).text;
  switch (declaration.kind) {
    case 'function':
    case 'tag': {
      const { type } = at(declaration.type);
      return type.kind === 'function' ? { kind: declaration.kind, type } : undefined;
    }
    case 'table': {
      const element = withText(declaration.type.element, textAt);
      return { kind: 'table', type: { ...declaration.type, element } };
    }
    case 'memory':
      return declaration;
    case 'global':
      return { kind: 'global', type: { ...declaration.type, type: withText(declaration.type.type, textAt) } };
  }
}

function withTexts({ final, type }: CoreSubtype, textAt: (index: number) => string): CoreSubtype {
  const value = <Type extends CoreFieldType['type']>(of: Type): Type => withText(of, textAt);
  const field = (of: CoreFieldType): CoreFieldType => ({ ...of, type: value(of.type) });
  const { kind } = type;
  const named: CoreCompositeType =
    kind === 'function'
      ? { kind, params: type.params.map(value), results: type.results.map(value) }
      : kind === 'struct'
        ? { kind, fields: type.fields.map(field) }
        : { kind, element: field(type.element) };
  return { final, supertypes: [], type: named };
}

function withText<Type extends CoreFieldType['type']>(type: Type, textAt: (index: number) => string): Type {
  if (typeof type === 'string' || typeof type.heap === 'string') return type;
  return { ...(type as CoreReferenceType), heap: textAt(type.heap) } as Type;
}

function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b1];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (b >>> 15) ^ code, 0x85ebca6b);
  }
  return `${a >>> 0}:${b >>> 0}`;
}
