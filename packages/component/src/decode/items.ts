/** Imports and exports as what interfaces and worlds of the model hold. */
import type { FunctionRole, TypeDefinition, TypeShape, WitFunction, WorldInterface } from '@wittle/parser';
import type {
  AnyType,
  ComponentType,
  Extern,
  FunctionType,
  InstanceType,
} from '../validate/component-type.ts';
import {
  define,
  failAt,
  interfaceAt,
  newInterface,
  step,
  type Decoder,
  type NamedType,
  type Owner,
  type Place,
  type WorldOwner,
} from './decoder.ts';
import { checkLabel, parsePath } from './names.ts';
import { partAt, stabilityIn, stabilityOf, textAt, type DocsPart } from './package-docs.ts';
import { isSameFunction, isSameShape } from './same.ts';
import { shapeOf, typeOf } from './value-types.ts';

/** Enters imports and exports into a world. Throws `NotInWit`. */
export function decodeExterns(
  decoder: Decoder,
  world: WorldOwner,
  { imports, exports }: ComponentType,
): void {
  for (const name of [...imports.keys(), ...exports.keys()]) world.taken.add(name);
  for (const each of imports.values()) {
    decoder.isUsable = each.name.implements === undefined;
    decodeExtern(decoder, world, 'import', each);
  }
  decoder.isUsable = false;
  for (const each of exports.values()) decodeExtern(decoder, world, 'export', each);
  decoder.isUsable = true;
}

function decodeExtern(
  decoder: Decoder,
  world: WorldOwner,
  direction: 'import' | 'export',
  extern: Extern,
): void {
  const { name, externalId, offset } = extern.name;
  const { type } = extern;
  const place: Place = { decoder, owner: world, name, offset };
  const items = direction === 'import' ? world.imports : world.exports;
  switch (type.kind) {
    case 'type': {
      if (direction === 'export')
        failAt(place, 'is a type that is exported, which WIT cannot say of a world');
      items.push({ kind: 'world-type', name, type: decodeType(place, extern) });
      return;
    }
    case 'function': {
      const docs = docsOfFunction(docsAmong(world, direction, name, 'func_exports', 'funcs'), name);
      items.push({ kind: 'world-function', name, function: functionOf(place, type, externalId, docs) });
      return;
    }
    case 'instance': {
      const path = parsePath(extern.name.implements ?? name, extern.name);
      if (path === undefined) {
        const part = docsAmong(world, direction, name, 'interface_exports', 'interfaces');
        items.push(inlineInterface(place, type, externalId, partAt(part, name)));
        return;
      }
      const target = interfaceAt(decoder, path);
      decodeInstance(decoder, target, type);
      items.push({
        kind: 'world-interface',
        name: extern.name.implements === undefined ? undefined : checkLabel(name, offset),
        interface: target.of,
        docs: textAt(partAt(world.docs, `interface_${direction}_docs`), name) ?? '',
        stability: stabilityIn(partAt(world.docs, `interface_${direction}_stability`, name)),
        externalId,
        span: undefined,
      });
      return;
    }
    default:
      failAt(place, `is a ${type.kind}, which WIT cannot say of a world`);
  }
}

function inlineInterface(
  { decoder, owner, name, offset }: Place,
  type: InstanceType,
  externalId: string | undefined,
  docs: DocsPart,
): WorldInterface {
  const label = checkLabel(name, offset);
  const target = newInterface(owner.of.package, undefined, docs);
  decodeInstance(decoder, target, type);
  return {
    kind: 'world-interface',
    name: label,
    interface: target.of,
    docs: '',
    stability: target.of.stability,
    externalId,
    span: undefined,
  };
}

/**
 * Enters what an instance exports into an interface. It may be there already, with other parts or the same: different
 * users of an interface show different parts of it. Throws `NotInWit`.
 */
export function decodeInstance(decoder: Decoder, owner: Owner, { exports }: InstanceType): void {
  for (const name of exports.keys()) owner.taken.add(name);
  for (const extern of exports.values()) {
    const { name, externalId, offset } = extern.name;
    const { type } = extern;
    const place: Place = { decoder, owner, name, offset };
    if (type.kind === 'type') decodeType(place, extern);
    else if (type.kind === 'function') {
      const docs = docsOfFunction(partAt(owner.docs, 'funcs'), name);
      const made = functionOf(place, type, externalId, docs);
      const known = owner.functions.get(name);
      if (known === undefined) owner.functions.set(name, made);
      else if (!isSameFunction(known, made)) failAt(place, notTheSame);
    } else
      failAt(
        place,
        `is no type or function, but ${type.kind === 'instance' ? 'an' : 'a'} ${type.kind}, which WIT cannot say of an interface`,
      );
  }
}

// In a component, one interface may be imported and exported with different types; in WIT it may not.
const notTheSame = 'is not the same everywhere in the component, which WIT cannot say';

function decodeType(place: Place, { name: { externalId }, type: extern }: Extern): TypeDefinition {
  const { decoder, owner, offset } = place;
  step(place);
  const name = checkLabel(place.name, offset);
  const type = extern.kind === 'type' ? extern.type : undefined;
  if (type === undefined || !isNamed(type)) return failAt(place, 'is a type that no value has');
  const docs = partAt(owner.docs, 'types', name);
  const known = owner.types.get(name);
  const shape = namedShapeOf(place, type, docs);
  if (known !== undefined) {
    define(decoder, type, known);
    const isSame = shape.kind === 'alias' && shape.target === known;
    if (!isSame && !isSameShape(known.shape, shape)) failAt(place, notTheSame);
    return known;
  }
  const definition: TypeDefinition = {
    kind: 'type-definition',
    name,
    owner: owner.of,
    shape,
    docs: textAt(docs, 'docs') ?? '',
    stability: stabilityOf(docs),
    externalId,
    span: undefined,
  };
  owner.types.set(name, definition);
  define(decoder, type, definition);
  return definition;
}

function isNamed(type: AnyType): type is NamedType {
  return type.kind !== 'function' && type.kind !== 'instance' && type.kind !== 'component';
}

function namedShapeOf(place: Place, type: NamedType, docs: DocsPart): TypeShape {
  const target = originOf(place, type);
  if (target !== undefined) return { kind: 'alias', target };
  return type.kind === 'resource' ? { kind: 'resource' } : shapeOf(place, type, docs);
}

/** The type that a named one stands for, if that has a name here or in an interface that others can use. */
function originOf(place: Place, type: NamedType): TypeDefinition | undefined {
  const {
    decoder,
    owner: { of },
  } = place;
  const canBeUsed = ({ owner }: TypeDefinition): boolean =>
    owner === of || (owner?.kind === 'interface' && owner.name !== undefined);
  for (let at: NamedType | undefined = type.aliasOf; at !== undefined; at = at.aliasOf) {
    step(place);
    const found = decoder.definitions.get(at);
    if (found !== undefined && canBeUsed(found)) return found;
  }
  if (type.kind !== 'resource') return undefined;
  for (const found of decoder.resources.get(type.identity)?.values() ?? []) {
    step(place);
    if (canBeUsed(found)) return found;
  }
  return undefined;
}

function functionOf(
  place: Place,
  type: FunctionType,
  externalId: string | undefined,
  docs: DocsPart,
): WitFunction {
  const { name, offset } = place;
  const role = roleOf(place, type);
  const params = type.params.map((each) => ({
    name: checkLabel(each.name, offset),
    type: typeOf(place, each.type),
    span: undefined,
  }));
  return {
    kind: 'function',
    name,
    role,
    async: type.async,
    params,
    result: type.result && typeOf(place, type.result),
    docs: textAt(docs, 'docs') ?? '',
    stability: stabilityOf(docs),
    externalId,
    span: undefined,
  };
}

function roleOf(place: Place, type: FunctionType): FunctionRole {
  const { name, offset, owner } = place;
  const [, annotation, label = '', method = ''] =
    /^\[(constructor|method|static)\]([^.]*)(?:\.(.*))?$/.exec(name) ?? [];
  if (annotation === undefined) {
    checkLabel(name, offset);
    return { kind: 'freestanding' };
  }
  const resource = owner.types.get(label);
  if (resource?.shape.kind !== 'resource') return failAt(place, 'belongs to no resource');
  if (annotation === 'constructor') {
    if (type.result === undefined) failAt(place, 'does not give its resource');
    return { kind: 'constructor', resource };
  }
  checkLabel(method, offset);
  if (annotation === 'static') return { kind: 'static', resource };
  if (type.params[0]?.name !== 'self') failAt(place, 'has no parameter `self`');
  return { kind: 'method', resource };
}

// In the first version of the section a function's docs stand alone.
function docsOfFunction(functions: DocsPart, name: string): DocsPart {
  const docs = textAt(functions, name);
  return docs === undefined ? partAt(functions, name) : { docs };
}

// What is exported only may stand among the imports: once no name could be both.
function docsAmong(
  { docs, imports }: WorldOwner,
  direction: 'import' | 'export',
  name: string,
  exports: string,
  others: string,
): DocsPart {
  const own = partAt(docs, exports);
  const isOwn =
    direction === 'export' && (Object.hasOwn(own, name) || imports.some((each) => each.name === name));
  return isOwn ? own : partAt(docs, others);
}
