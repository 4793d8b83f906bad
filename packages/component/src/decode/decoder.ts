/** What is known while one binary is decoded: the packages so far, and which definition each type has become. */
import type {
  Interface,
  Package,
  PackageName,
  TypeDefinition,
  WitFunction,
  World,
  WorldItem,
} from '@wittle/parser';
import type { ResourceIdentity, ResourceType, ValueType } from '../validate/component-type.ts';
import { packageKey, pathKey, type Path } from './names.ts';
import { fail } from './not-in-wit.ts';
import { noDocs, partAt, stabilityOf, textAt, type DocsPart } from './package-docs.ts';

/** What can have a name in WIT. */
export type NamedType = ValueType | ResourceType;

/** What one binary has come to so far. */
export interface Decoder {
  /** By their names: `a:b@1.0.0`. */
  readonly packages: Map<string, OpenPackage>;
  readonly definitions: Map<NamedType, TypeDefinition>;
  /** A resource may have lost the link to where it comes from; it is still the same. */
  readonly resources: Map<ResourceIdentity, Map<TypeDefinition['owner'], TypeDefinition>>;
  /** Types of interfaces that the world imports under their own names: functions may use them. */
  readonly usable: Set<NamedType>;
  /** Whether types that are defined now are such. */
  isUsable: boolean;
  /** See {@link step}. */
  stepsLeft: number;
}

/** A package that is not complete yet. */
export interface OpenPackage extends Package {
  readonly interfaces: Map<string, Interface>;
  readonly worlds: Map<string, World>;
  readonly owners: Map<string, InterfaceOwner>;
  /** What the binary has of it as docs. */
  readonly parts: DocsPart;
}

/** An interface or world that is being filled. */
export interface Owner {
  readonly of: Interface | World;
  readonly types: Map<string, TypeDefinition>;
  readonly functions: Map<string, WitFunction>;
  readonly anonymous: Map<ValueType, TypeDefinition>;
  /** By what they stand for: types that got a name because functions use them without one. */
  readonly used: Map<TypeDefinition, TypeDefinition>;
  /** Names that cannot be given. */
  readonly taken: Set<string>;
  readonly docs: DocsPart;
}

/** An interface that is being filled. */
export interface InterfaceOwner extends Owner {
  readonly of: Interface;
}

/** A world that is being filled; its types are among its imports too. */
export interface WorldOwner extends Owner {
  readonly of: World;
  readonly imports: WorldItem[];
  readonly exports: WorldItem[];
}

/** What is being decoded, for names and messages. */
export interface Place {
  readonly decoder: Decoder;
  readonly owner: Owner;
  /** The item's name, and where it stands. */
  readonly name: string;
  readonly offset: number;
}

/** Types can be used many times over: so many of them are looked at, then the binary is given up. */
const maxSteps = 10_000_000;

/** Nothing so far. */
export function newDecoder(): Decoder {
  return {
    packages: new Map(),
    definitions: new Map(),
    resources: new Map(),
    usable: new Set(),
    isUsable: true,
    stepsLeft: maxSteps,
  };
}

/** The package of that name, empty where there was none. `parts` are the docs of one that is decoded itself. */
export function packageAt({ packages }: Decoder, name: PackageName, parts: DocsPart = noDocs): OpenPackage {
  const key = packageKey(name);
  const known = packages.get(key);
  if (known !== undefined) return known;
  const made: OpenPackage = {
    kind: 'package',
    name,
    interfaces: new Map(),
    worlds: new Map(),
    owners: new Map(),
    docs: textAt(parts, 'docs') ?? '',
    span: undefined,
    parts,
  };
  packages.set(key, made);
  return made;
}

/** The interface of that name, empty where there was none. */
export function interfaceAt(decoder: Decoder, path: Path): InterfaceOwner {
  const of = packageAt(decoder, path.package);
  const known = of.owners.get(path.name);
  if (known !== undefined) return known;
  const made = newInterface(of, path.name, partAt(of.parts, 'interfaces', path.name));
  of.owners.set(path.name, made);
  of.interfaces.set(path.name, made.of);
  return made;
}

/** An interface with nothing in it; without a name it is one that a world has in place. */
export function newInterface(of: Package, name: string | undefined, docs: DocsPart): InterfaceOwner {
  const types = new Map<string, TypeDefinition>();
  const functions = new Map<string, WitFunction>();
  const made: Interface = {
    kind: 'interface',
    name,
    package: of,
    types,
    functions,
    docs: textAt(docs, 'docs') ?? '',
    stability: stabilityOf(docs),
    span: undefined,
  };
  return { of: made, types, functions, ...nothing(), docs };
}

/** A world with nothing in it, which is put into its package. */
export function newWorld(of: OpenPackage, name: string): WorldOwner {
  const docs = partAt(of.parts, 'worlds', name);
  const imports: WorldItem[] = [];
  const exports: WorldItem[] = [];
  const made: World = {
    kind: 'world',
    name,
    package: of,
    imports,
    exports,
    docs: textAt(docs, 'docs') ?? '',
    stability: stabilityOf(docs),
    span: undefined,
  };
  of.worlds.set(name, made);
  return { of: made, types: new Map(), functions: new Map(), ...nothing(), docs, imports, exports };
}

function nothing(): Pick<Owner, 'anonymous' | 'used' | 'taken'> {
  return { anonymous: new Map(), used: new Map(), taken: new Set() };
}

/** From now on `type` is what `definition` defines. */
export function define(decoder: Decoder, type: NamedType, definition: TypeDefinition): void {
  const { definitions, resources, usable } = decoder;
  definitions.set(type, definition);
  if (decoder.isUsable) usable.add(type);
  if (type.kind !== 'resource') return;
  const owners = resources.get(type.identity) ?? new Map<TypeDefinition['owner'], TypeDefinition>();
  resources.set(type.identity, owners);
  if (!owners.has(definition.owner)) owners.set(definition.owner, definition);
}

/** Counts work. Throws `NotInWit` when it is too much. */
export function step({ decoder, offset }: Place): void {
  if (decoder.stepsLeft-- <= 0) fail('there are too many types', offset);
}

/** Throws `NotInWit` about an item: `f` of `a:b/c` … */
export function failAt({ owner: { of }, name, offset }: Place, message: string): never {
  const isNamed = of.kind === 'interface' && of.name !== undefined;
  return fail(`\`${name}\`${isNamed ? ` of ${ownerText(of)}` : ''} ${message}`, offset);
}

/** An interface or world in messages. */
export function ownerText(of: Interface | World): string {
  if (of.kind === 'world') return 'the world';
  return of.name === undefined
    ? 'an interface'
    : `\`${pathKey({ package: of.package.name, name: of.name })}\``;
}
