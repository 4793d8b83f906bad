/** Nominal types of resources: those of shapes with brands. */
import type { TypeDefinition } from '@wittle/parser';
import { code, named, quote, type Code, type Name } from '../emit/code.ts';
import type { TypeContext } from './context.ts';

/** A member of a resource's type that no other resource's has; nothing where there are no brands. */
export function brandMember({ side }: TypeContext, resource: TypeDefinition): Code | undefined {
  if (!side.shapes.brands) return undefined;
  const owner = side.interface === undefined ? '' : `${side.key}.`;
  return code`readonly ${named(resource, code`[${brand}]`)}?: ${quote(`${side.direction} ${owner}${resource.name}`)} | undefined;\n`;
}

const brand: Name = {
  kind: 'name',
  name: 'brand',
  from: '@wittle/runtime/abi',
  fromPackage: true,
  isType: true,
};
