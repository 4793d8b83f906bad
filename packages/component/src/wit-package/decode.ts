/** A WIT package in binary form to WIT text: a component that exports a component type for each interface and world. */
import type { PackageName } from '@wittle/parser';
import type {
  ExportItem,
  ExternName,
  FunctionTypeDefinition,
  LabelledType,
  ValueTypeReference,
} from '../binary/definition.ts';
import { MalformedBinary, type BinaryProblem } from '../binary/reader.ts';
import { readComponent } from '../binary/sections.ts';
import type { Contents, FunctionItem, TypeBody, World, WorldExtern } from './contents.ts';
import { noDocs, readPackageDocs, type DocsPart } from './package-docs.ts';
import { idText, printPackage } from './print.ts';
import {
  defineType,
  newScope,
  openScope,
  typeAt,
  type Entity,
  type Extern,
  type FunctionEntity,
  type NamedEntity,
  type Scope,
} from './scopes.ts';

/** A package as WIT text. */
export interface DecodedPackage {
  readonly name: PackageName;
  readonly text: string;
}

export interface DecodedWit {
  readonly package: DecodedPackage;
  /** The interfaces of other packages, as far as this one needs them; a package in full is better where there is one. */
  readonly needs: readonly NeededInterface[];
}

/** An interface of another package as a WIT file of its own, with its `package` header. */
export interface NeededInterface {
  readonly package: PackageName;
  readonly name: string;
  readonly text: string;
}

/** `wit` is there when `problem` is not. */
export type WitDecoding =
  | { readonly wit: DecodedWit; readonly problem: undefined }
  | { readonly wit: undefined; readonly problem: BinaryProblem };

/** A decoded text does not become longer than this: shared parts of types are written out. */
export const maxTextLength: number = 64 * 1024 * 1024;

/**
 * Decodes a WIT package. Never throws: what is wrong with the binary is the `problem`, with its byte offset. Takes time
 * and memory in proportion to the binary, within limits on nesting, declarations and the length of the text.
 *
 * ```ts
 * const { wit, problem } = decodeWitPackage(bytes);
 * if (wit !== undefined) resolve({ sources: [{ name: 'shop.wasm', text: wit.package.text }] });
 * ```
 */
export function decodeWitPackage(bytes: Uint8Array): WitDecoding {
  try {
    return { wit: decode(bytes), problem: undefined };
  } catch (thrown) {
    if (!(thrown instanceof MalformedBinary)) throw thrown;
    return { wit: undefined, problem: { message: thrown.message, offset: thrown.offset } };
  }
}

interface Decoder {
  readonly interfaces: Map<string, Contents>;
  readonly own: Set<Contents>;
  readonly worlds: Map<string, World>;
  readonly names: Map<NamedEntity, { readonly owner: Contents; readonly name: string }>;
  textLeft: number;
}

function decode(bytes: Uint8Array): DecodedWit {
  const { scope, exports, docs } = readRoot(bytes);
  const decoder: Decoder = {
    interfaces: new Map(),
    own: new Set(),
    worlds: new Map(),
    names: new Map(),
    textLeft: maxTextLength,
  };
  let name: PackageName | undefined;
  for (const each of exports) {
    const id = decodeItem(decoder, scope, each);
    if (name !== undefined && !isSame(id, name)) fail('not all items are of the same package', each.offset);
    name = id;
  }
  if (name === undefined) return fail('this component exports no WIT package', 0);
  const own = [...decoder.own];
  const worlds = [...decoder.worlds.values()];
  const text = printPackage(name, own, worlds, docs);
  return { package: { name, text }, needs: neededInterfaces(decoder) };
}

function readRoot(bytes: Uint8Array): {
  readonly scope: Scope;
  readonly exports: readonly ExportItem[];
  readonly docs: DocsPart;
} {
  const scope = newScope(undefined);
  const exports: ExportItem[] = [];
  let docs = noDocs;
  for (const item of readComponent(bytes).items) {
    switch (item.kind) {
      case 'custom':
        if (item.name === 'package-docs') docs = readPackageDocs(item);
        break;
      case 'type':
        defineType(scope, item);
        break;
      case 'export':
        exports.push(item);
        if (item.item.sort === 'type') scope.types.push(typeAt(scope, item.item));
        break;
      default:
        return fail('this is a component with contents of its own, not a WIT package', item.offset);
    }
  }
  return { scope, exports, docs };
}

// The component type has one export, named in full: an instance for an interface, a component for a world.
function decodeItem(decoder: Decoder, root: Scope, { name, item: target, offset }: ExportItem): PackageName {
  const entity = target.sort === 'type' ? typeAt(root, target) : undefined;
  if (entity?.kind !== 'component') return fail(`\`${name.name}\` is not the type of a component`, offset);
  const scope = openScope(entity);
  const [item, ...more] = scope.exports;
  if (item === undefined || more.length > 0) return fail(`\`${name.name}\` must export one item`, offset);
  const path = parsePath(item.name.name, item.name);
  if (path === undefined)
    return fail(`\`${item.name.name}\` is not the name of an interface or world`, offset);
  for (const each of scope.imports) {
    if (each.kind !== 'instance') return fail(`\`${each.name.name}\` is not an interface`, each.name.offset);
    decodeInstance(decoder, each.scope, interfaceAt(decoder, each.name.name, each.name));
  }
  if (item.kind === 'instance') {
    const contents = interfaceAt(decoder, item.name.name, item.name);
    // What was seen of it before was only what somebody needed.
    contents.types.clear();
    contents.functions.clear();
    decoder.own.add(contents);
    decodeInstance(decoder, item.scope, contents);
  } else if (item.kind === 'component') {
    decoder.worlds.set(path.name, decodeWorld(decoder, item.scope, path));
  } else {
    fail(`\`${item.name.name}\` is neither an interface nor a world`, offset);
  }
  return path.package;
}

function decodeWorld(decoder: Decoder, scope: Scope, path: Path): World {
  const contents = newContents(path, false);
  const externs: WorldExtern[] = [];
  for (const item of scope.imports) decodeExtern(decoder, contents, externs, 'import', item);
  for (const item of scope.exports) decodeExtern(decoder, contents, externs, 'export', item);
  return { contents, externs };
}

function decodeExtern(
  decoder: Decoder,
  world: Contents,
  externs: WorldExtern[],
  direction: 'import' | 'export',
  item: Extern,
): void {
  const { name, externalId, offset } = item.name;
  switch (item.kind) {
    case 'type':
      if (direction === 'export') return fail(`a world cannot export type \`${name}\``, offset);
      decodeType(decoder, world, item.name, item.entity);
      return;
    case 'function': {
      const decoded = decodeFunction(decoder, world, item.name, item.entity);
      if (decoded.resource !== undefined) world.functions.set(name, decoded);
      else externs.push({ kind: 'function', direction, externalId, item: decoded });
      return;
    }
    case 'instance': {
      const path = item.name.implements ?? name;
      if (parsePath(path, item.name) === undefined) {
        const target = newContents({ package: world.package, name: checkLabel(name, offset) }, false);
        decodeInstance(decoder, item.scope, target);
        externs.push({ kind: 'inline', direction, externalId, label: name, target });
        return;
      }
      const target = interfaceAt(decoder, path, item.name);
      decodeInstance(decoder, item.scope, target);
      const label = item.name.implements === undefined ? undefined : checkLabel(name, offset);
      externs.push({ kind: 'path', direction, externalId, label, target });
      return;
    }
    case 'component':
      fail(`a world has no components: \`${name}\``, offset);
  }
}

// Of an interface that is only used, different users may show different parts.
function decodeInstance(decoder: Decoder, scope: Scope, contents: Contents): void {
  for (const item of scope.exports) {
    if (item.kind === 'type') decodeType(decoder, contents, item.name, item.entity);
    else if (item.kind === 'function') {
      const decoded = decodeFunction(decoder, contents, item.name, item.entity);
      if (!contents.functions.has(decoded.name)) contents.functions.set(decoded.name, decoded);
    } else fail(`an interface has types and functions only, not \`${item.name.name}\``, item.name.offset);
  }
}

function decodeType(
  decoder: Decoder,
  owner: Contents,
  { name, offset, externalId }: ExternName,
  entity: NamedEntity,
): void {
  checkLabel(name, offset);
  const body = bodyOf(decoder, owner, name, entity, offset);
  decoder.names.set(entity, { owner, name });
  if (body !== undefined && !owner.types.has(name)) owner.types.set(name, { name, externalId, body });
}

function bodyOf(
  decoder: Decoder,
  owner: Contents,
  name: string,
  entity: NamedEntity,
  offset: number,
): TypeBody | undefined {
  for (let at = entity.aliasOf; at !== undefined; at = at.aliasOf) {
    const known = decoder.names.get(at);
    if (known === undefined) continue;
    if (known.owner === owner)
      return known.name === name ? undefined : { kind: 'alias', type: idText(known.name) };
    if (!known.owner.isNamed)
      return fail(`type \`${name}\` comes from where nothing can be used from`, offset);
    return { kind: 'use', from: known.owner, type: known.name };
  }
  if (entity.kind === 'resource') return { kind: 'resource' };
  const { definition, scope } = entity;
  const text = (type: ValueTypeReference): string => valueText(decoder, owner, scope, type, offset);
  const label = (each: string): string => checkLabel(each, offset);
  switch (definition.kind) {
    case 'record':
      return {
        kind: 'record',
        members: definition.fields.map(({ name: of, type }) => ({
          name: label(of),
          rest: `: ${text(type)}`,
        })),
      };
    case 'variant':
      return {
        kind: 'variant',
        members: definition.cases.map(({ name: of, type }) => ({
          name: label(of),
          rest: type === undefined ? '' : `(${text(type)})`,
        })),
      };
    case 'enum':
    case 'flags':
      return {
        kind: definition.kind,
        members: definition.labels.map(({ name: of }) => ({ name: label(of), rest: '' })),
      };
    case 'own':
      return {
        kind: 'alias',
        type: `own<${resourceText(decoder, owner, typeAt(scope, definition.resource), offset)}>`,
      };
    default:
      return { kind: 'alias', type: definitionText(decoder, owner, entity, offset, 0) };
  }
}

function decodeFunction(
  decoder: Decoder,
  owner: Contents,
  { name, offset, externalId }: ExternName,
  { definition, scope }: FunctionEntity,
): FunctionItem {
  const [, annotation, resource, method = ''] =
    /^\[(constructor|method|static)\]([^.]*)(?:\.(.*))?$/.exec(name) ?? [];
  if (annotation === undefined) {
    const text = `${idText(checkLabel(name, offset))}: ${signature(decoder, owner, scope, definition, offset)};`;
    return { name, resource: undefined, externalId, text };
  }
  if (owner.types.get(resource!)?.body.kind !== 'resource') {
    return fail(`\`${name}\` belongs to no resource`, offset);
  }
  if (annotation === 'constructor') {
    const text = constructorText(decoder, owner, scope, definition, resource!, offset);
    return { name, resource, externalId, text };
  }
  const isStatic = annotation === 'static';
  const [self, ...rest] = definition.params;
  if (!isStatic && self?.name !== 'self') return fail(`\`${name}\` has no parameter \`self\``, offset);
  const written = isStatic ? definition : { ...definition, params: rest };
  const type = signature(decoder, owner, scope, written, offset);
  const text = `${idText(checkLabel(method, offset))}: ${isStatic ? 'static ' : ''}${type};`;
  return { name, resource, externalId, text };
}

// One that cannot fail gives its resource, which goes without saying.
function constructorText(
  decoder: Decoder,
  owner: Contents,
  scope: Scope,
  { params, result }: FunctionTypeDefinition,
  resource: string,
  offset: number,
): string {
  const list = paramsText(decoder, owner, scope, params, offset);
  if (result === undefined) return fail('a constructor gives its resource', offset);
  const text = valueText(decoder, owner, scope, result, offset);
  return text === idText(resource) ? `constructor(${list});` : `constructor(${list}) -> ${text};`;
}

function signature(
  decoder: Decoder,
  owner: Contents,
  scope: Scope,
  { params, result, async: isAsync }: FunctionTypeDefinition,
  offset: number,
): string {
  const list = paramsText(decoder, owner, scope, params, offset);
  const given = result === undefined ? '' : ` -> ${valueText(decoder, owner, scope, result, offset)}`;
  return `${isAsync ? 'async ' : ''}func(${list})${given}`;
}

function paramsText(
  decoder: Decoder,
  owner: Contents,
  scope: Scope,
  params: readonly LabelledType[],
  offset: number,
): string {
  const texts = params.map(
    ({ name, type }) =>
      `${idText(checkLabel(name, offset))}: ${valueText(decoder, owner, scope, type, offset)}`,
  );
  return texts.join(', ');
}

/** A type in use: a primitive, a name, or what an anonymous type is made of. */
function valueText(
  decoder: Decoder,
  owner: Contents,
  scope: Scope,
  type: ValueTypeReference,
  offset: number,
  depth: number = 0,
): string {
  if (typeof type === 'string') return charged(decoder, type, offset);
  const entity = typeAt(scope, type);
  const name = nameIn(decoder, owner, entity, type.offset);
  if (name !== undefined) return charged(decoder, idText(name), offset);
  if (entity.kind !== 'value') return fail(`type ${type.index} is not a value type`, type.offset);
  return definitionText(decoder, owner, entity, type.offset, depth + 1);
}

function definitionText(
  decoder: Decoder,
  owner: Contents,
  { definition, scope }: Extract<NamedEntity, { kind: 'value' }>,
  offset: number,
  depth: number,
): string {
  if (depth > maxDepth) return fail(`types are nested more than ${maxDepth} levels deep`, offset);
  const text = (type: ValueTypeReference): string => valueText(decoder, owner, scope, type, offset, depth);
  const optional = (of: string, type: ValueTypeReference | undefined): string =>
    charged(decoder, type === undefined ? of : `${of}<${text(type)}>`, offset);
  switch (definition.kind) {
    case 'primitive':
      return charged(decoder, definition.primitive, offset);
    case 'list':
    case 'stream':
    case 'future':
      return optional(definition.kind, definition.element);
    case 'fixed-length-list':
      return charged(decoder, `list<${text(definition.element)}, ${definition.length}>`, offset);
    case 'tuple':
      return charged(decoder, `tuple<${definition.types.map(text).join(', ')}>`, offset);
    case 'option':
      return optional('option', definition.type);
    case 'result':
      if (definition.err === undefined) return optional('result', definition.ok);
      return charged(
        decoder,
        `result<${definition.ok === undefined ? '_' : text(definition.ok)}, ${text(definition.err)}>`,
        offset,
      );
    case 'map':
      return charged(decoder, `map<${text(definition.key)}, ${text(definition.value)}>`, offset);
    case 'own':
      return resourceText(decoder, owner, typeAt(scope, definition.resource), offset);
    case 'borrow':
      return `borrow<${resourceText(decoder, owner, typeAt(scope, definition.resource), offset)}>`;
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return fail(`a ${definition.kind} must have a name`, offset);
  }
}

function resourceText(decoder: Decoder, owner: Contents, entity: Entity, offset: number): string {
  const name = entity.kind === 'resource' ? nameIn(decoder, owner, entity, offset) : undefined;
  return name === undefined ? fail('a handle is of something that is not a resource', offset) : idText(name);
}

// The name that the type, or what it stands for, has in the interface or world.
function nameIn(decoder: Decoder, owner: Contents, entity: Entity, offset: number): string | undefined {
  if (entity.kind !== 'value' && entity.kind !== 'resource') return undefined;
  let isKnown = false;
  for (let at: NamedEntity | undefined = entity; at !== undefined; at = at.aliasOf) {
    const known = decoder.names.get(at);
    if (known?.owner === owner) return known.name;
    isKnown ||= known !== undefined;
  }
  return isKnown ? fail('a type of another interface is used without a name here', offset) : undefined;
}

// Names

interface Path {
  readonly package: PackageName;
  readonly name: string;
}

function interfaceAt(decoder: Decoder, id: string, name: ExternName): Contents {
  const path = parsePath(id, name);
  if (path === undefined) return fail(`\`${id}\` is not the name of an interface`, name.offset);
  const key = `${packageKey(path.package)}/${path.name}`;
  const known = decoder.interfaces.get(key);
  if (known !== undefined) return known;
  const contents = newContents(path, true);
  decoder.interfaces.set(key, contents);
  return contents;
}

function newContents({ package: of, name }: Path, isNamed: boolean): Contents {
  return { package: of, name, isNamed, types: new Map(), functions: new Map() };
}

/** `a:b/c@1.0.0`. What is cut off the version stands beside the name. */
function parsePath(text: string, { versionSuffix = '' }: ExternName): Path | undefined {
  const match = /^([^:/@]+):([^:/@]+)\/([^:/@]+)(?:@(.+))?$/.exec(text);
  if (match === null) return undefined;
  const [, namespace = '', name = '', item = '', version] = match;
  if (![namespace, name, item].every((each) => label.test(each))) return undefined;
  const whole = version === undefined ? undefined : version + versionSuffix;
  if (whole !== undefined && !/^[0-9]+(?:\.[0-9]+){2}(?:[-+][0-9A-Za-z.+-]+)?$/.test(whole)) return undefined;
  return { package: { namespace, name, version: whole }, name: item };
}

function neededInterfaces({ interfaces, own }: Decoder): readonly NeededInterface[] {
  const others = [...interfaces.values()].filter((each) => !own.has(each));
  return others.map((contents) => {
    const { package: of, name } = contents;
    return { package: of, name, text: printPackage(of, [contents], []) };
  });
}

function packageKey({ namespace, name, version }: PackageName): string {
  return `${namespace}:${name}@${version ?? ''}`;
}

function isSame(a: PackageName, b: PackageName): boolean {
  return packageKey(a) === packageKey(b);
}

const label = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*$/;

const maxDepth = 100;

// Every name goes into a text, so it must be one.
function checkLabel(name: string, offset: number): string {
  return label.test(name) ? name : fail(`\`${name.slice(0, 100)}\` is not a name`, offset);
}

function charged(decoder: Decoder, text: string, offset: number): string {
  decoder.textLeft -= text.length;
  return decoder.textLeft < 0 ? fail('its WIT text would be too long', offset) : text;
}

function fail(message: string, offset: number): never {
  throw new MalformedBinary(message, offset);
}
