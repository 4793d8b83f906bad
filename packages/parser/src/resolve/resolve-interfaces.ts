/** Pass 6: an interface's types, then its functions. WIT.md: "Item: `interface`". */
import type { InterfaceItems } from './context.ts';
import type { InterfaceDraft } from './context.ts';
import { isActive, readGate } from './gates.ts';
import { resolveFunction, resolveResourceFunctions } from './resolve-functions.ts';
import { define, resolveTypes, type TypeScope } from './resolve-types.ts';

/** Resolves the items into the draft and enters the draft into its package. */
export function resolveInterface(draft: InterfaceDraft, { items }: InterfaceItems): void {
  const { file, scope, definition, functions, node } = draft;
  const { context } = file.package;
  if (node !== undefined) {
    definition.stability = readGate(file.package, node.attributes, node.name.span).stability;
    draft.excluded = !isActive(context, definition.stability);
  }
  if (draft.excluded) context.excludedInterfaces.add(definition);
  file.package.interfaces.push(draft);
  const at: TypeScope = { package: file.package, file, scope, owner: definition };
  resolveTypes(
    at,
    items.filter((item) => item.kind !== 'function'),
  );
  for (const item of items) {
    if (item.kind === 'resource') for (const each of resolveResourceFunctions(at, item)) functions.push(each);
    if (item.kind !== 'function') continue;
    const isNew = define(at, 'name', item.name, { kind: 'function', span: item.name.span });
    const resolved = resolveFunction(at, item);
    if (isNew) functions.push(resolved);
  }
}
