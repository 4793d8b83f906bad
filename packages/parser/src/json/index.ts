/** The model as `wasm-tools component wit --json` prints it. Entry "./json". */
import type {
  Case,
  Field,
  FunctionRole,
  Interface,
  Label,
  Model,
  Package,
  Stability,
  Type,
  TypeDefinition,
  TypeShape,
  WitFunction,
  World,
  WorldItem,
} from '../model/index.ts';
import { packageId } from '../model/index.ts';

/** Anything that JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The four arenas of a model. Things refer to each other by their index; what is absent is left out, except where the
 * format has `null`. The keys of every object come in the format's order.
 */
export interface ModelJson extends JsonObject {
  readonly worlds: readonly JsonObject[];
  readonly interfaces: readonly JsonObject[];
  readonly types: readonly JsonObject[];
  readonly packages: readonly JsonObject[];
}

export interface JsonOptions {
  /** Whether doc comments are in it; they are by default. */
  readonly docs?: boolean;
}

/**
 * Puts a model into that format.
 *
 * ```ts
 * writeFileSync('model.json', JSON.stringify(toJson(model), null, 2));
 * ```
 */
export function toJson(model: Model, options: JsonOptions = {}): ModelJson {
  const ids: Ids = {
    withDocs: options.docs ?? true,
    types: indexOf(model.types),
    interfaces: indexOf(model.interfaces),
    worlds: indexOf(model.worlds),
    packages: indexOf(model.packages),
  };
  return {
    worlds: model.worlds.map((world) => worldJson(ids, world)),
    interfaces: model.interfaces.map((each) => interfaceJson(ids, each)),
    types: model.types.map((type) => typeDefinitionJson(ids, type)),
    packages: model.packages.map((each) => packageJson(ids, each)),
  };
}

interface Ids {
  readonly withDocs: boolean;
  readonly types: ReadonlyMap<TypeDefinition, number>;
  readonly interfaces: ReadonlyMap<Interface, number>;
  readonly worlds: ReadonlyMap<World, number>;
  readonly packages: ReadonlyMap<Package, number>;
}

function indexOf<Item>(items: readonly Item[]): ReadonlyMap<Item, number> {
  return new Map(items.map((item, index) => [item, index]));
}

function worldJson(ids: Ids, world: World): JsonObject {
  return {
    name: world.name,
    imports: itemsJson(ids, world.imports),
    exports: itemsJson(ids, world.exports),
    package: ids.packages.get(world.package)!,
    ...docsJson(ids, world.docs),
    ...stabilityJson(world.stability),
  };
}

function itemsJson(ids: Ids, items: readonly WorldItem[]): JsonObject {
  return fromEntries(items.map((item) => [itemKey(ids, item), itemJson(ids, item)]));
}

function itemKey(ids: Ids, item: WorldItem): string {
  if (item.kind !== 'world-interface') return item.name;
  return item.name ?? `interface-${ids.interfaces.get(item.interface)!}`;
}

function itemJson(ids: Ids, item: WorldItem): JsonObject {
  switch (item.kind) {
    case 'world-interface': {
      const id = ids.interfaces.get(item.interface)!;
      const gates = { ...stabilityJson(item.stability), ...externalIdJson(item.externalId) };
      return { interface: { id, ...gates, ...docsJson(ids, item.docs) } };
    }
    case 'world-function':
      return { function: functionJson(ids, item.function) };
    case 'world-type':
      return { type: ids.types.get(item.type)! };
  }
}

function interfaceJson(ids: Ids, each: Interface): JsonObject {
  return {
    name: each.name ?? null,
    types: fromEntries([...each.types].map(([name, type]) => [name, ids.types.get(type)!])),
    functions: fromEntries([...each.functions].map(([name, func]) => [name, functionJson(ids, func)])),
    ...docsJson(ids, each.docs),
    ...stabilityJson(each.stability),
    package: ids.packages.get(each.package)!,
    ...(each.cloneOf && { clone_of: ids.interfaces.get(each.cloneOf)! }),
  };
}

function functionJson(ids: Ids, func: WitFunction): JsonObject {
  return {
    name: func.name,
    kind: functionKind(ids, func.role, func.async),
    params: func.params.map(({ name, type }) => ({ name, type: typeJson(ids, type) })),
    ...(func.result && { result: typeJson(ids, func.result) }),
    ...docsJson(ids, func.docs),
    ...stabilityJson(func.stability),
    ...externalIdJson(func.externalId),
  };
}

function functionKind(ids: Ids, role: FunctionRole, isAsync: boolean): JsonValue {
  const name = isAsync ? `async-${role.kind}` : role.kind;
  return role.kind === 'freestanding' ? name : { [name]: ids.types.get(role.resource)! };
}

function typeDefinitionJson(ids: Ids, type: TypeDefinition): JsonObject {
  return {
    name: type.name ?? null,
    kind: shapeJson(ids, type.shape),
    owner: ownerJson(ids, type.owner),
    ...docsJson(ids, type.docs),
    ...stabilityJson(type.stability),
    ...externalIdJson(type.externalId),
  };
}

function ownerJson(ids: Ids, owner: Interface | World | undefined): JsonValue {
  if (owner === undefined) return null;
  if (owner.kind === 'interface') return { interface: ids.interfaces.get(owner)! };
  return { world: ids.worlds.get(owner)! };
}

function shapeJson(ids: Ids, shape: TypeShape): JsonValue {
  const type = (each: Type | undefined): JsonValue => (each === undefined ? null : typeJson(ids, each));
  const label = ({ name, docs }: Label): JsonObject => ({ name, ...docsJson(ids, docs) });
  const member = ({ name, type: of, docs }: Field | Case): JsonObject => ({
    name,
    type: type(of),
    ...docsJson(ids, docs),
  });
  switch (shape.kind) {
    case 'record':
      return { record: { fields: shape.fields.map(member) } };
    case 'variant':
      return { variant: { cases: shape.cases.map(member) } };
    case 'enum':
      return { enum: { cases: shape.cases.map(label) } };
    case 'flags':
      return { flags: { flags: shape.flags.map(label) } };
    case 'tuple':
      return { tuple: { types: shape.types.map(type) } };
    case 'option':
      return { option: type(shape.type) };
    case 'result':
      return { result: { ok: type(shape.ok), err: type(shape.err) } };
    case 'list':
      return { list: type(shape.element) };
    case 'fixed-length-list':
      return { 'fixed-length-list': [type(shape.element), shape.length] };
    case 'map':
      return { map: [type(shape.key), type(shape.value)] };
    case 'stream':
      return { stream: type(shape.element) };
    case 'future':
      return { future: type(shape.element) };
    case 'alias':
      return { type: type(shape.target) };
    case 'resource':
      return 'resource';
    case 'own':
    case 'borrow':
      return { handle: { [shape.kind]: type(shape.resource) } };
  }
}

function typeJson(ids: Ids, type: Type): JsonValue {
  return type.kind === 'type-definition' ? ids.types.get(type)! : type.kind;
}

function packageJson(ids: Ids, each: Package): JsonObject {
  return {
    name: packageId(each.name),
    ...docsJson(ids, each.docs),
    interfaces: fromEntries([...each.interfaces].map(([name, of]) => [name, ids.interfaces.get(of)!])),
    worlds: fromEntries([...each.worlds].map(([name, of]) => [name, ids.worlds.get(of)!])),
  };
}

function stabilityJson(stability: Stability | undefined): JsonObject {
  if (stability === undefined) return {};
  const deprecated = stability.deprecated === undefined ? {} : { deprecated: stability.deprecated };
  return stability.kind === 'stable'
    ? { stability: { stable: { since: stability.since, ...deprecated } } }
    : { stability: { unstable: { feature: stability.feature, ...deprecated } } };
}

function docsJson({ withDocs }: Ids, docs: string): JsonObject {
  return withDocs && docs !== '' ? { docs: { contents: docs } } : {};
}

function externalIdJson(externalId: string | undefined): JsonObject {
  return externalId === undefined ? {} : { external_id: externalId };
}

// Names come from users: none of them may reach a prototype.
function fromEntries(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(entries);
}
