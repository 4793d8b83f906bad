/** How deep definitions are nested in each other. Emitting goes down with them, so there is a limit. */
import type { Type, TypeDefinition } from '@wittle/parser';
import { partsOf } from './part-kinds.ts';

/** Deeper definitions are refused. */
export const MAX_DEPTH = 500;

/** Finds out whether types are deeper than {@link MAX_DEPTH}; looks at each definition once. */
export function depthCheck(): (type: Type) => boolean {
  const known = new Map<TypeDefinition, number>();
  const depthOf = (type: Type | undefined, left: number): number => {
    if (type?.kind !== 'type-definition') return 0;
    const found = known.get(type);
    if (found !== undefined) return found;
    // Whoever led here is too deep, so it does not matter how deep the rest is.
    if (left === 0) return Infinity;
    let deepest = 0;
    for (const part of partsOf(type.shape)) deepest = Math.max(deepest, depthOf(part, left - 1));
    known.set(type, deepest + 1);
    return deepest + 1;
  };
  return (type) => depthOf(type, MAX_DEPTH) > MAX_DEPTH;
}
