/** Pass 9: what `include` brings into a world. WIT.md: "Union of Worlds with `include`". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type {
  FunctionRole,
  Interface,
  Package,
  Type,
  TypeDefinition,
  WitFunction,
  World,
  WorldInterface,
  WorldItem,
} from '../model/index.ts';
import type { IncludeNode } from '../syntax/ast.ts';
import type { Context, Draft, IncludeDraft, WorldDraft, WorldItems } from './context.ts';
import { isActive, sameStability } from './gates.ts';
import { definitionsIn, mapShape } from './map-shape.ts';

/** Adds the imports and exports of the included worlds, which are complete already. */
export function includeWorlds(world: WorldDraft): void {
  const { context } = world.file.package;
  for (const include of world.includes) {
    if (!isActive(context, include.stability)) continue;
    if (include.world.excluded) {
      const { name, stability } = include.world.definition;
      const hint =
        stability?.kind === 'unstable'
          ? `put \`@unstable(feature = ${stability.feature})\` before this too, or activate that feature`
          : undefined;
      const { span } = include.node.path.name;
      context.reportLink(diagnostic('excluded-reference', { what: 'world', name }, span, { hint }));
      continue;
    }
    includeWorld(context, world, include);
  }
}

function includeWorld(context: Context, world: WorldDraft, include: IncludeDraft): void {
  const from = include.world;
  checkRenames(context, include);
  const isForeign = from.definition.package !== world.definition.package;
  const renames = renamesOf(include.node);
  const cloner = newCloner(context, from.definition, world.definition, world.definition.package);
  for (const direction of ['imports', 'exports'] as const) {
    for (const [key, item] of from[direction]) {
      if (typeof key === 'string')
        includeNamed(context, world, direction, include, renames, cloner, key, item);
      else includeInterface(context, world, direction, include, isForeign, key, item as WorldInterface);
    }
  }
}

// A name in the `with` list must be the plain name of something.
function checkRenames(context: Context, { node, world }: IncludeDraft): void {
  const keys = [...world.imports.keys(), ...world.exports.keys()];
  const names = keys.filter((key) => typeof key === 'string');
  const bases = new Set(names.map(baseOf));
  for (const rename of node.names) {
    if (bases.has(rename.name.name)) continue;
    const { name } = rename.name;
    const plain = names.filter((each) => !each.includes(']'));
    const hint =
      plain.length > 0
        ? context.hint(name, () => plain)
        : 'only plain names can be renamed; an interface is known by its own id';
    const args = { name, world: world.definition.name };
    const related = [{ message: 'to be renamed here', span: rename.span }];
    context.reportLink(diagnostic('unknown-include-name', args, node.path.name.span, { hint, related }));
  }
}

function includeNamed(
  context: Context,
  world: WorldDraft,
  direction: 'imports' | 'exports',
  { node, world: from }: IncludeDraft,
  renames: ReadonlyMap<string, string>,
  cloner: Cloner,
  key: string,
  item: WorldItem,
): void {
  const rename = renames.get(baseOf(key));
  const name = rename === undefined ? key : renamed(key, rename);
  const items: WorldItems = world[direction];
  const copy = cloneItem(cloner, name, item);
  if (items.has(name)) {
    const args = { direction: direction.slice(0, -1), name, world: from.definition.name };
    const hint = `give one of them another name: \`include ${from.definition.name} with { ${name} as … }\``;
    context.reportLink(diagnostic('include-conflict', args, node.path.name.span, { hint }));
  } else {
    items.set(name, copy);
  }
}

function includeInterface(
  context: Context,
  world: WorldDraft,
  direction: 'imports' | 'exports',
  include: IncludeDraft,
  isForeign: boolean,
  key: Interface,
  item: WorldInterface,
): void {
  const items = world[direction];
  const existing = (items.get(key) as WorldInterface | undefined) ?? item;
  let { stability } = existing;
  // Another package's versions say nothing in this one.
  if (isForeign && item.stability?.kind === 'stable') stability = undefined;
  else if (stability === undefined) ({ stability } = item);
  else if (item.stability !== undefined && !sameStability(item.stability, stability)) {
    const included = include.node.path.name.span;
    const related = [{ message: 'included here', span: included }];
    // Where an import comes from is not kept, as it may stand for many.
    const [span, more] =
      direction === 'exports' && item.span !== undefined ? [item.span, { related }] : [included, {}];
    context.reportLink(diagnostic('stability-mismatch', { name: key.name ?? '' }, span, more));
  }
  items.set(key, { ...existing, stability });
}

/** The name that a plain name is renamed by: `r` for `r` itself and for its functions, `[method]r.f`. */
function baseOf(name: string): string {
  return functionOfResource.exec(name)?.[2] ?? name;
}

/** `name` with its base replaced: `[method]r.f` becomes `[method]s.f`. */
function renamed(name: string, as: string): string {
  const [, annotation, , suffix = ''] = functionOfResource.exec(name) ?? [];
  return annotation === undefined ? as : `${annotation}${as}${suffix}`;
}

const functionOfResource = /^(\[[^\]]*\])([^.]*)(\..*)?$/;

/** The renames of an `include` by the name that they rename; the first one counts. */
function renamesOf({ names }: IncludeNode): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const { name, as } of names) if (!renames.has(name.name)) renames.set(name.name, as.name);
  return renames;
}

/** Copies what a world owns, so that the copy belongs to another world. */
interface Cloner {
  readonly context: Context;
  readonly from: World | Interface;
  readonly to: World | Interface;
  readonly package: Package;
  readonly copies: Map<TypeDefinition, Draft<TypeDefinition>>;
}

function newCloner(context: Context, from: World, to: World, of: Package): Cloner {
  return { context, from, to, package: of, copies: new Map() };
}

function cloneItem(cloner: Cloner, name: string, item: WorldItem): WorldItem {
  switch (item.kind) {
    case 'world-type': {
      const type = cloneType(cloner, item.type);
      type.name = name;
      return { kind: 'world-type', name, type };
    }
    case 'world-function':
      return { kind: 'world-function', name, function: { ...cloneFunction(cloner, item.function), name } };
    case 'world-interface':
      // An interface with a name stays what it is.
      if (item.interface.name !== undefined) return { ...item, name };
      return { ...item, name, interface: cloneInterface(cloner, item.interface) };
  }
}

function cloneFunction(cloner: Cloner, original: WitFunction): WitFunction {
  const role: FunctionRole =
    original.role.kind === 'freestanding'
      ? original.role
      : { kind: original.role.kind, resource: cloneType(cloner, original.role.resource) };
  const params = original.params.map((param) => ({ ...param, type: cloneUse(cloner, param.type) }));
  return { ...original, role, params, result: original.result && cloneUse(cloner, original.result) };
}

function cloneInterface(outer: Cloner, original: Interface): Interface {
  const copy: Draft<Interface> = { ...original, package: outer.package, cloneOf: original };
  const cloner: Cloner = { ...outer, from: original, to: copy };
  copy.types = new Map([...original.types].map(([name, type]) => [name, cloneType(cloner, type)]));
  copy.functions = new Map(
    [...original.functions].map(([name, each]) => [name, cloneFunction(cloner, each)]),
  );
  outer.context.interfaces.push(copy);
  return copy;
}

function cloneUse(cloner: Cloner, type: Type): Type {
  return type.kind === 'type-definition' ? cloneType(cloner, type) : type;
}

// Parts before the whole, without recursion: the chain of definitions may be long.
function cloneType(cloner: Cloner, original: TypeDefinition): Draft<TypeDefinition> {
  const { context, copies, from, to } = cloner;
  const stack: { readonly type: TypeDefinition; readonly parts: readonly TypeDefinition[]; next: number }[] =
    [];
  const enter = (type: TypeDefinition): void => {
    // What an alias takes from another interface stays where it is.
    const parts = definitionsIn(type.shape).filter(
      (part) => type.shape.kind !== 'alias' || part.owner === from,
    );
    stack.push({ type, parts, next: 0 });
  };
  if (!copies.has(original)) enter(original);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const part = top.parts[top.next++];
    if (part !== undefined) {
      if (!copies.has(part)) enter(part);
      continue;
    }
    stack.pop();
    const { type } = top;
    if (copies.has(type)) continue;
    const copyOf = (each: TypeDefinition): TypeDefinition => copies.get(each) ?? each;
    const copy: Draft<TypeDefinition> = {
      ...type,
      owner: type.owner === undefined ? undefined : to,
      shape: mapShape(type.shape, {
        type: (each) => (each.kind === 'type-definition' ? copyOf(each) : each),
        name: copyOf,
      }),
    };
    copies.set(type, copy);
    context.types.push(copy);
  }
  return copies.get(original)!;
}
