/** Which types need external names, and have them. Explainer.md: "External Visibility of Types". */
import type { AnyType, ExternType, FunctionType, ValueType } from './component-type.ts';
import { count } from './invalid.ts';
import { needsName, partsOf } from './structure.ts';

/** Types with external names; those made of such types are added. */
export type Named = Set<AnyType>;

/**
 * Whether the type of an import or export uses only types that have external names; the types that it exports itself
 * have one from there on and are given to `name`.
 */
export function isVisible(
  type: ExternType,
  named: Named,
  offset: number,
  name: (type: AnyType) => void,
): boolean {
  count(1, offset);
  switch (type.kind) {
    case 'type': {
      const isSo = isTypeVisible(type.type, named, offset);
      if (isSo) name(type.type);
      return isSo;
    }
    case 'value':
      return isNamed(type.type, named, offset);
    case 'function':
      return isFunctionVisible(type, named, offset);
    case 'instance':
      for (const extern of type.exports.values()) {
        if (!isVisible(extern.type, named, offset, name)) return false;
      }
      return true;
    // These are checked where they are made, on their own.
    case 'component':
    case 'core module':
      return true;
  }
}

/** Whether what a type is made of has external names, as far as it needs them. */
function isTypeVisible(type: AnyType, named: Named, offset: number): boolean {
  count(1, offset);
  switch (type.kind) {
    case 'resource':
    case 'component':
      return true;
    case 'function':
      return isFunctionVisible(type, named, offset);
    case 'instance':
      for (const { type: extern } of type.exports.values()) {
        if (extern.kind === 'core module') continue;
        const inner = extern.kind === 'type' || extern.kind === 'value' ? extern.type : extern;
        if (!isTypeVisible(inner, named, offset)) return false;
      }
      return true;
    default:
      return arePartsNamed(type, named, offset);
  }
}

function isFunctionVisible({ params, result }: FunctionType, named: Named, offset: number): boolean {
  return (
    params.every((param) => isNamed(param.type, named, offset)) &&
    (result === undefined || isNamed(result, named, offset))
  );
}

function isNamed(type: ValueType, named: Named, offset: number): boolean {
  if (named.has(type)) return true;
  count(1, offset);
  const isSo = !needsName(type) && arePartsNamed(type, named, offset);
  if (isSo) named.add(type);
  return isSo;
}

function arePartsNamed(type: ValueType, named: Named, offset: number): boolean {
  if (type.kind === 'own' || type.kind === 'borrow') return named.has(type.resource);
  return partsOf(type).every((part) => part === undefined || isNamed(part, named, offset));
}
