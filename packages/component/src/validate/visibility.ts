/** Which types need external names, and have them. Explainer.md: "External Visibility of Types". */
import type { AnyType, ExternType } from './component-type.ts';
import { count } from './invalid.ts';
import { insideOf, needsName, type Typed } from './structure.ts';

/**
 * Whether the type of an import or export uses only types that have external names; the types that it exports itself
 * have one from there on and are given to `name`. Types that are made of such types are added to `named`.
 */
export function isVisible(type: ExternType, named: Set<Typed>, name: (type: AnyType) => void): boolean {
  if (type.kind === 'instance') {
    for (const extern of type.exports.values()) if (!isVisible(extern.type, named, name)) return false;
    return true;
  }
  if (type.kind === 'value') return isNamed(type.type, named);
  const isSo = isInsideVisible(type.kind === 'type' ? type.type : type, named);
  if (isSo && type.kind === 'type') name(type.type);
  return isSo;
}

/** Whether what a type is made of has external names, as far as it needs them. */
function isInsideVisible(type: Typed, named: Set<Typed>): boolean {
  count();
  // Component types are checked where they are made, on their own.
  if (type.kind === 'component') return true;
  const isPart =
    type.kind === 'instance' || type.kind === 'type' || type.kind === 'value' ? isInsideVisible : isNamed;
  return insideOf(type).every((inner) => inner === undefined || isPart(inner, named));
}

function isNamed(type: Typed, named: Set<Typed>): boolean {
  if (named.has(type)) return true;
  const isSo = !needsName(type) && isInsideVisible(type, named);
  if (isSo) named.add(type);
  return isSo;
}
