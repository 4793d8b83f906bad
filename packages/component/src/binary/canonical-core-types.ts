/**
 * Core types without indices: what a type refers to is a text, and equal types have equal texts. Core specification:
 * "Recursive Types".
 */
import type { CoreExternType } from '../validate/component-type.ts';
import type {
  CoreCompositeType,
  CoreExternDeclaration,
  CoreRecursiveTypes,
  CoreReferenceType,
  CoreSubtype,
  CoreValueType,
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
 * that only. Long texts become a hash of 64 bits: that two types are held for one is then possible but not likely, and
 * an engine compares them once more when a module is instantiated.
 */
export function canonicalTypes(
  group: CoreRecursiveTypes,
  start: number,
  at: CoreTypeLookup,
): readonly CanonicalCoreType[] {
  const { types } = group;
  let isUnrolled = true;
  const textAt = (within: (index: number) => string) => (index: number) => {
    isUnrolled = false;
    return index >= start && index < start + types.length ? within(index - start) : at(index).text;
  };
  const text = shortened(
    textOf(
      types,
      textAt((index) => `${index}`),
    ),
  );
  const nameOf = (index: number): string => `${text}.${index}`;
  const members = isUnrolled ? types : (JSON.parse(textOf(types, textAt(nameOf))) as readonly CoreSubtype[]);
  return members.map(({ type, final }, index) => ({ type, text: nameOf(index), final }));
}

/** What is imported or exported, without indices. Throws what `at` throws, and gives nothing for a type of the wrong kind. */
export function canonicalExtern(
  declaration: CoreExternDeclaration,
  at: CoreTypeLookup,
): CoreExternType | undefined {
  switch (declaration.kind) {
    case 'function':
    case 'tag': {
      const { type } = at(declaration.type);
      return type.kind === 'function' ? { kind: declaration.kind, type } : undefined;
    }
    case 'table': {
      const element = canonicalReference(declaration.type.element, at);
      return { kind: 'table', type: { ...declaration.type, element } };
    }
    case 'memory':
      return declaration;
    case 'global': {
      const type = canonicalValue(declaration.type.type, at);
      return { kind: 'global', type: { ...declaration.type, type } };
    }
  }
}

/** A value type whose reference is a text. */
export function canonicalValue(type: CoreValueType, at: CoreTypeLookup): CoreValueType {
  return typeof type === 'string' ? type : canonicalReference(type, at);
}

function canonicalReference(type: CoreReferenceType, at: CoreTypeLookup): CoreReferenceType {
  return typeof type.heap === 'string' ? type : { ...type, heap: at(type.heap).text };
}

function textOf(types: readonly CoreSubtype[], textAt: (index: number) => string): string {
  return JSON.stringify(types, (key, value: unknown) => {
    if (key === 'heap' && typeof value === 'number') return textAt(value);
    return key === 'supertypes' ? (value as number[]).map(textAt) : value;
  });
}

function shortened(text: string): string {
  if (text.length <= 200) return text;
  let [a, b] = [0x811c9dc5, 0x9e3779b1];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (b >>> 15) ^ code, 0x85ebca6b);
  }
  return `${text.length}:${a >>> 0}:${b >>> 0}`;
}
