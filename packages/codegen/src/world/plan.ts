/** What a world comes to: which interface on which side goes into which file, and which resources there are. */
import {
  interfaceId,
  packageId,
  type Interface,
  type Stability,
  type Type,
  type TypeDefinition,
  type WitFunction,
  type World,
  type WorldInterface,
  type WorldItem,
} from '@wittle/parser';
import type { Name } from '../emit/code.ts';
import {
  bareKey,
  camelCase,
  distinctCase,
  fileName,
  functionKey,
  methodKey,
  scopeNames,
  staticKey,
  typeName,
  type Spelling,
} from '../typescript/names.ts';
import { importShapes, shapeDefaults, type ShapeOptions, type Shapes } from '../typescript/shapes.ts';

export type Direction = 'import' | 'export';

/** One imported or exported interface, or the world's own functions and types on one side. */
export interface Side {
  readonly direction: Direction;
  /** `undefined`: the world's own items. */
  readonly interface: Interface | undefined;
  /** It has a name of its own in the world, and not the interface's. */
  readonly renamed: boolean;
  /** The generated file, without extension. */
  readonly file: string;
  /** What core modules call it: `wasi:io/poll@0.2.12`, `$root`, or an inline interface's name. */
  readonly coreModule: string;
  /** The key in `Imports` and `Exports`: `wasi:io/poll`, with the version where the world has two. */
  readonly key: string;
  /** For messages: `wasi:io/poll`. */
  readonly label: string;
  readonly types: readonly TypeDefinition[];
  readonly functions: readonly WitFunction[];
  /** What types are called in the side's file, by their WIT names. */
  readonly typeNames: ReadonlyMap<string, string>;
  /** Where functions are in the object or class that has them. */
  readonly functionKeys: ReadonlyMap<WitFunction, string>;
  readonly docs: string;
  /** What the gates of the world's item and of its interface say. */
  readonly stability: Stability | undefined;
  /** How its values and results look in TypeScript, and the values of the types that it declares. */
  readonly shapes: Shapes;
}

/** A resource type of one side, with the number that generated code knows it by. */
export interface Resource {
  readonly side: Side;
  readonly type: TypeDefinition;
  readonly index: number;
}

export interface Plan {
  readonly world: World;
  /** `demo:shop/app`. */
  readonly label: string;
  readonly imports: readonly Side[];
  readonly exports: readonly Side[];
  readonly resources: readonly Resource[];
  /** Some import may wait: exports give promises then. */
  readonly mayWait: boolean;
  readonly options: PlanOptions;
  /** What was chosen for the world; what holds is in each side. */
  readonly shapes: ShapeOptions;
}

export interface PlanOptions {
  readonly mayBlock: (side: Side, of: WitFunction) => boolean;
  /** Whether an export stays synchronous although the world's imports may block. */
  readonly staysSync: (side: Side, of: WitFunction) => boolean;
}

/** Makes the plan of a world. */
export function planWorld(world: World, options: PlanOptions, shapes: ShapeOptions = shapeDefaults): Plan {
  const label = `${packageId({ ...world.package.name, version: undefined })}/${world.name}`;
  const imports = sides('import', world.imports, shapes);
  const exports = sides('export', world.exports, shapes);
  const resources: Resource[] = [];
  for (const side of [...imports, ...exports]) {
    for (const type of side.types) {
      if (type.shape.kind === 'resource') resources.push({ side, type, index: resources.length });
    }
  }
  const mayWait = imports.some((side) => side.functions.some((of) => options.mayBlock(side, of)));
  const plan: Plan = { world, label, imports, exports, resources, mayWait, options, shapes };
  indices.set(plan, {
    imports: byOwner(imports),
    exports: byOwner(exports),
    resources: new Map(resources.map((each) => [each.side, new Map<TypeDefinition, Resource>()])),
  });
  for (const each of resources) indices.get(plan)!.resources.get(each.side)!.set(each.type, each);
  return plan;
}

/** What is looked up for every type in use. */
interface PlanIndex {
  readonly imports: ReadonlyMap<Interface | undefined, Side>;
  readonly exports: ReadonlyMap<Interface | undefined, Side>;
  readonly resources: ReadonlyMap<Side, Map<TypeDefinition, Resource>>;
}

const indices = new WeakMap<Plan, PlanIndex>();

/** The sides by their interface; of one that is there under several names, the one under its own. */
function byOwner(of: readonly Side[]): ReadonlyMap<Interface | undefined, Side> {
  const found = new Map<Interface | undefined, Side>();
  for (const side of of) {
    if (!found.has(side.interface) || !side.renamed) found.set(side.interface, side);
  }
  return found;
}

/**
 * The side that declares a type, seen from another: its own types are its own, exports see exports first, imports only
 * imports. The world's types are among its imports.
 */
export function sideOf(plan: Plan, from: Side, type: TypeDefinition): Side {
  const { owner } = type;
  const { imports, exports } = indices.get(plan)!;
  const of = owner?.kind === 'interface' ? owner : undefined;
  if (of !== undefined && from.interface === of) return from;
  const exported = of !== undefined && from.direction === 'export' ? exports.get(of) : undefined;
  const side = exported ?? imports.get(of) ?? exports.get(of);
  if (side === undefined) throw new Error(`type ${type.name} belongs to nothing in world ${plan.label}`);
  return side;
}

/** The resource behind a handle. */
export function resourceOf(plan: Plan, from: Side, handle: TypeDefinition): Resource {
  const { side, type } = behindAlias(plan, from, handle);
  const found = indices
    .get(plan)!
    .resources.get(side)
    ?.get(type as TypeDefinition);
  if (found === undefined)
    throw new Error(`resource ${handle.name} belongs to nothing in world ${plan.label}`);
  return found;
}

/** The declaration to name a type by: a plain `use` is the type itself, a renaming one has a name of its own. */
export function declared(plan: Plan, from: Side, type: TypeDefinition): { side: Side; type: TypeDefinition } {
  let at = type;
  let side = sideOf(plan, from, at);
  while (at.shape.kind === 'alias') {
    const { target } = at.shape;
    if (target.kind !== 'type-definition' || target.name !== at.name) break;
    at = target;
    side = sideOf(plan, side, at);
  }
  return { side, type: at };
}

/** The last declaration behind every alias, and its side: an export's `use` of an import stays there. */
export function behindAlias(plan: Plan, from: Side, type: Type): { side: Side; type: Type } {
  let at = type;
  let side = from;
  while (at.kind === 'type-definition') {
    if (at.owner !== undefined) side = sideOf(plan, side, at);
    if (at.shape.kind !== 'alias') break;
    at = at.shape.target;
  }
  return { side, type: at };
}

/** `wasi-sockets-tcp`: what a side is called among the others of its direction. */
export function sideWords(side: Side): string {
  const words = side.file.split('/').slice(1).join('-');
  return side.interface === undefined ? 'root' : words.replaceAll(/[^a-zA-Z0-9]+/g, '-');
}

/** The name of a declared type in the file of its side. */
export function typeSymbol(side: Side, type: TypeDefinition): Name {
  const name = side.typeNames.get(type.name!)!;
  return { kind: 'name', name, from: side.file, fromPackage: false, isType: true };
}

function sides(direction: Direction, items: readonly WorldItem[], shapes: ShapeOptions): Side[] {
  const folder = direction === 'import' ? 'imports' : 'exports';
  const versions = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== 'world-interface' || item.name !== undefined) continue;
    const id = unversionedId(item.interface);
    versions.set(id, (versions.get(id) ?? 0) + 1);
  }
  const result: Side[] = [];
  const files = new Set<string>();
  /** Names of packages may differ in upper and lower case alone, which is nothing to some file systems. */
  const unusedFile = (wanted: string): string => {
    let file = wanted;
    for (let n = 2; files.has(file.toLowerCase()); n++) file = `${wanted}_${n}`;
    files.add(file.toLowerCase());
    return file;
  };
  const rootTypes: TypeDefinition[] = [];
  const rootFunctions: WitFunction[] = [];
  for (const item of items) {
    if (item.kind === 'world-type') rootTypes.push(item.type);
    else if (item.kind === 'world-function') rootFunctions.push(item.function);
    else {
      const { interface: of, name } = item;
      const id = name ?? unversionedId(of);
      const twice = name === undefined && versions.get(id)! > 1;
      const full = name ?? interfaceId(of)!;
      const { namespace, name: packageName, version } = of.package.name;
      const parts =
        name === undefined ? [namespace, `${packageName}${twice ? `@${version}` : ''}`, of.name!] : [name];
      const types = [...of.types.values()];
      const functions = [...of.functions.values()];
      result.push({
        direction,
        interface: of,
        renamed: name !== undefined,
        file: unusedFile([folder, ...parts.map(fileName)].join('/')),
        coreModule: full,
        key: twice ? full : id,
        label: id,
        types,
        functions,
        ...namesOf(types, functions),
        docs: of.docs,
        stability: gateOf(item),
        shapes: direction === 'import' ? importShapes(shapes, id) : shapes,
      });
    }
  }
  if (rootTypes.length + rootFunctions.length > 0) {
    result.push({
      direction,
      interface: undefined,
      renamed: false,
      file: `${folder}/$root`,
      coreModule: '$root',
      key: '$root',
      label: '',
      types: rootTypes,
      functions: rootFunctions,
      // Inline interfaces are in the same object.
      ...namesOf(
        rootTypes,
        rootFunctions,
        items.flatMap(({ kind, name }) => (kind === 'world-interface' && name !== undefined ? [name] : [])),
      ),
      docs: '',
      stability: undefined,
      shapes,
    });
  }
  return result;
}

/** What is there only because something else needs it has the gate of that, and no place in the text. */
function gateOf(item: WorldInterface): Stability | undefined {
  const own = item.span === undefined ? undefined : item.stability;
  return own?.deprecated === undefined ? (item.interface.stability ?? own) : own;
}

/**
 * The names in one side: types share a scope, the functions of each object and each class another; `beside` is what else
 * is in the object that has the freestanding ones.
 */
function namesOf(
  types: readonly TypeDefinition[],
  functions: readonly WitFunction[],
  beside: readonly string[] = [],
): Pick<Side, 'typeNames' | 'functionKeys'> {
  const typeNames = scopeNames(
    types.map((type) => type.name!),
    typeName,
  );
  const scopes = new Map<string, { readonly spelling: Spelling; readonly functions: WitFunction[] }>();
  for (const of of functions) {
    const { role } = of;
    const [scope, spelling] =
      role.kind === 'freestanding'
        ? ['', functionKey]
        : role.kind === 'static'
          ? [`static ${role.resource.name}`, staticKey]
          : [role.resource.name!, methodKey];
    const known = scopes.get(scope);
    if (known === undefined) scopes.set(scope, { spelling, functions: [of] });
    else known.functions.push(of);
  }
  const functionKeys = new Map<WitFunction, string>();
  for (const [key, scope] of scopes) {
    const own = scope.functions.filter((of) => of.role.kind !== 'constructor');
    const names = scopeNames([...own.map(functionBaseName), ...(key === '' ? beside : [])], scope.spelling);
    for (const of of own) functionKeys.set(of, names.get(functionBaseName(of))!);
  }
  return { typeNames, functionKeys };
}

function unversionedId(of: Interface): string {
  const { namespace, name } = of.package.name;
  return `${namespace}:${name}/${of.name ?? ''}`;
}

/** A function's own part of its name: `[method]tcp-socket.start-bind` → `start-bind`. */
export function functionBaseName(of: WitFunction): string {
  const bare = of.name.replace(/^\[[^\]]*\](\[[^\]]*\])?/, '');
  const dot = bare.indexOf('.');
  return dot === -1 ? bare : bare.slice(dot + 1);
}

/** For messages: `wasi:sockets/tcp.tcp-socket.start-bind`. */
export function functionLabel(side: Side, of: WitFunction): string {
  const bare = of.name.replace(/^\[[^\]]*\](\[[^\]]*\])?/, '');
  const own = of.role.kind === 'constructor' ? `${bare}.constructor` : bare;
  return side.label === '' ? own : `${side.label}.${own}`;
}

/**
 * The properties of `Exports` that stand for interfaces: the interface's name, where nothing else has it. A side
 * without one is there by its key only.
 */
export function shortKeys(plan: Plan): ReadonlyMap<Side, string> {
  const count = new Map<string, number>();
  const wanted = new Map<Side, string>();
  const add = (key: string): void => void count.set(key, (count.get(key) ?? 0) + 1);
  for (const side of plan.exports) {
    if (side.interface === undefined) for (const key of side.functionKeys.values()) add(bareKey(key));
    else {
      const key = bareKey(functionKey(camelCase(side.renamed ? side.key : side.interface.name!)));
      wanted.set(side, key);
      add(key);
    }
  }
  return new Map([...wanted].filter(([, key]) => count.get(key) === 1));
}

/** A part of a local name for a function, which no other function of its side has: `TcpSocket_startBind`. */
export function localName(of: WitFunction): string {
  const own = distinctCase(functionBaseName(of));
  switch (of.role.kind) {
    case 'freestanding':
      return own;
    case 'constructor':
      return `new_${own}`;
    case 'method':
    case 'static': {
      const resource = distinctCase(of.role.resource.name!);
      return `${resource.charAt(0).toUpperCase()}${resource.slice(1)}_${own}`;
    }
  }
}
