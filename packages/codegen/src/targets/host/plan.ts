/** What a world comes to for its host: which interface on which side goes into which file, and which resources there are. */
import {
  interfaceId,
  packageId,
  resolveAlias,
  type Interface,
  type Type,
  type TypeDefinition,
  type WitFunction,
  type World,
  type WorldItem,
} from '@wittle/parser';
import type { Name } from '../../emit/code.ts';
import { camelCase, fileName, typeName } from '../../typescript/names.ts';

export type Direction = 'import' | 'export';

/** One imported or exported interface, or the world's own functions and types on one side. */
export interface Side {
  readonly direction: Direction;
  /** `undefined`: the world's own items. */
  readonly interface: Interface | undefined;
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
  readonly docs: string;
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
  readonly options: PlanOptions;
}

export interface PlanOptions {
  readonly mayBlock: (side: Side, of: WitFunction) => boolean;
  /** Exports that stay synchronous although the world's imports may block: names as in `demo:shop/cart#add`. */
  readonly syncExports: ReadonlySet<string>;
}

/** Makes the plan of a world. */
export function planWorld(world: World, options: PlanOptions): Plan {
  const label = `${packageId({ ...world.package.name, version: undefined })}/${world.name}`;
  const imports = sides('import', world.imports);
  const exports = sides('export', world.exports);
  const resources: Resource[] = [];
  for (const side of [...imports, ...exports]) {
    for (const type of side.types) {
      if (type.shape.kind === 'resource') resources.push({ side, type, index: resources.length });
    }
  }
  return { world, label, imports, exports, resources, options };
}

/** The side that declares a type, seen from another: exports see exports first, imports only imports. */
export function sideOf(plan: Plan, from: Direction, type: TypeDefinition): Side {
  const { owner } = type;
  const find = (of: readonly Side[]): Side | undefined =>
    of.find((side) => (owner?.kind === 'world' ? side.interface === undefined : side.interface === owner));
  const side =
    (from === 'export' ? find(plan.exports) : undefined) ?? find(plan.imports) ?? find(plan.exports);
  if (side === undefined) throw new Error(`type ${type.name} belongs to nothing in world ${plan.label}`);
  return side;
}

/** The resource behind a handle. */
export function resourceOf(plan: Plan, from: Direction, handle: TypeDefinition): Resource {
  const behind = resolveAlias(handle) as TypeDefinition;
  const side = sideOf(plan, aliasDirection(plan, from, handle), behind);
  const found = plan.resources.find((each) => each.type === behind && each.side === side);
  if (found === undefined)
    throw new Error(`resource ${behind.name} belongs to nothing in world ${plan.label}`);
  return found;
}

/** On which side the declaration behind an alias is looked for: an export's `use` of an import stays there. */
function aliasDirection(plan: Plan, from: Direction, type: TypeDefinition): Direction {
  let direction = from;
  let at: Type = type;
  while (at.kind === 'type-definition') {
    if (at.owner !== undefined) direction = sideOf(plan, direction, at).direction;
    if (at.shape.kind !== 'alias') return direction;
    at = at.shape.target;
  }
  return direction;
}

/** The declaration to name a type by: a plain `use` is the type itself, a renaming one has a name of its own. */
export function declared(plan: Plan, from: Side, type: TypeDefinition): { side: Side; type: TypeDefinition } {
  let at = type;
  let side = sideOf(plan, from.direction, at);
  while (at.shape.kind === 'alias') {
    const { target } = at.shape;
    if (target.kind !== 'type-definition' || target.name !== at.name) break;
    at = target;
    side = sideOf(plan, side.direction, at);
  }
  return { side, type: at };
}

/** The last declaration behind every alias, and its side. */
export function behindAlias(plan: Plan, from: Side, type: TypeDefinition): { side: Side; type: Type } {
  let at: Type = type;
  let side = from;
  while (at.kind === 'type-definition') {
    if (at.owner !== undefined) side = sideOf(plan, side.direction, at);
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
  return { kind: 'name', name: typeName(type.name!), from: side.file, fromPackage: false, isType: true };
}

function sides(direction: Direction, items: readonly WorldItem[]): Side[] {
  const result: Side[] = [];
  const rootTypes: TypeDefinition[] = [];
  const rootFunctions: WitFunction[] = [];
  const ids = items.flatMap((item) =>
    item.kind === 'world-interface' ? [unversionedId(item.interface)] : [],
  );
  for (const item of items) {
    if (item.kind === 'world-type') rootTypes.push(item.type);
    else if (item.kind === 'world-function') rootFunctions.push(item.function);
    else {
      const { interface: of, name } = item;
      const id = name === undefined ? unversionedId(of) : name;
      const twice = name === undefined && ids.filter((each) => each === id).length > 1;
      const full = name === undefined ? interfaceId(of)! : name;
      const { namespace, name: packageName, version } = of.package.name;
      const folder = direction === 'import' ? 'imports' : 'exports';
      const path =
        name === undefined
          ? `${fileName(namespace)}/${fileName(packageName)}${twice ? `@${version}` : ''}/${fileName(of.name!)}`
          : fileName(name);
      result.push({
        direction,
        interface: of,
        file: `${folder}/${path}`,
        coreModule: full,
        key: twice ? full : id,
        label: id,
        types: [...of.types.values()],
        functions: [...of.functions.values()],
        docs: of.docs,
      });
    }
  }
  if (rootTypes.length + rootFunctions.length > 0) {
    result.push({
      direction,
      interface: undefined,
      file: `${direction === 'import' ? 'imports' : 'exports'}/$root`,
      coreModule: '$root',
      key: '$root',
      label: '',
      types: rootTypes,
      functions: rootFunctions,
      docs: '',
    });
  }
  return result;
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

/** The property of `Exports` that stands for an interface: the interface's name where nothing else has it. */
export function shortKey(plan: Plan, side: Side): string | undefined {
  if (side.interface === undefined) return undefined;
  const name = side.interface.name ?? side.key;
  const others = plan.exports.filter((each) => each !== side && (each.interface?.name ?? each.key) === name);
  const clashes = plan.exports.some(
    (each) =>
      each.interface === undefined && each.functions.some((of) => camelCase(of.name) === camelCase(name)),
  );
  return others.length === 0 && !clashes ? name : undefined;
}
