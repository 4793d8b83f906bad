/** Definitions of value, function and resource types. Binary.md: "Type Definitions". */
import type {
  FunctionTypeDefinition,
  Index,
  LabelledType,
  ResourceTypeDefinition,
  ValueTypeDefinition,
  ValueTypeReference,
} from '../binary/definition.ts';
import type { FunctionType, ResourceType, ValueType } from './component-type.ts';
import { checkNamed } from './extern-name.ts';
import { check, fail } from './invalid.ts';
import { layoutOf } from './layout.ts';
import type { Scope } from './scope.ts';
import { isValueType, primitive } from './structure.ts';
import { factsOf } from './type-facts.ts';

/** A type in use. Spec: `valtype`. */
export function valueType(scope: Scope, reference: ValueTypeReference): ValueType {
  if (typeof reference === 'string') return primitive(reference);
  const type = scope.at('type', reference);
  if (!isValueType(type)) fail(`type index ${reference.index} is not a defined type`, reference.offset);
  return type;
}

/** The resource type at an index. */
export function resourceType(scope: Scope, index: Index): ResourceType {
  const type = scope.at('type', index);
  if (type.kind !== 'resource') fail(`type index ${index.index} is not a resource type`, index.offset);
  return type;
}

/** Spec: `defvaltype`. */
export function defineValueType(scope: Scope, definition: ValueTypeDefinition, offset: number): ValueType {
  const type = build(scope, definition, offset);
  factsOf(type, offset);
  check(layoutOf(type, 'i64').size < 2 ** 28, 'the type exceeds maximum byte size', offset);
  return type;
}

function build(scope: Scope, definition: ValueTypeDefinition, offset: number): ValueType {
  const use = (reference: ValueTypeReference): ValueType => valueType(scope, reference);
  const optional = (reference: ValueTypeReference | undefined): ValueType | undefined =>
    reference && use(reference);
  const { kind } = definition;
  switch (kind) {
    case 'primitive':
      return primitive(definition.primitive);
    case 'record':
      check(definition.fields.length > 0, 'record type must have at least one field', offset);
      return { kind, fields: labelled(scope, definition.fields, 'record field', 'field') };
    case 'variant': {
      const { cases } = definition;
      check(cases.length > 0, 'variant type must have at least one case', offset);
      checkUnique(cases, 'variant case', 'case');
      return { kind, cases: cases.map(({ name, type }) => ({ name, type: optional(type) })) };
    }
    case 'tuple':
      check(definition.types.length > 0, 'tuple type must have at least one type', offset);
      checkLength(definition.types, offset);
      return { kind, types: definition.types.map(use) };
    case 'flags':
      check(definition.labels.length > 0, 'flags must have at least one entry', offset);
      check(definition.labels.length <= 32, 'cannot have more than 32 flags', offset);
      return { kind, labels: checkUnique(definition.labels, 'flag', 'flag') };
    case 'enum':
      check(definition.labels.length > 0, 'enum type must have at least one variant', offset);
      return { kind, labels: checkUnique(definition.labels, 'enum tag', 'tag') };
    case 'list':
      return { kind, element: use(definition.element) };
    case 'fixed-length-list':
      check(definition.length > 0, 'fixed-length lists must have more than zero elements', offset);
      return { kind, element: use(definition.element), length: definition.length };
    case 'option':
      return { kind, type: use(definition.type) };
    case 'result':
      return { kind, ok: optional(definition.ok), err: optional(definition.err) };
    case 'own':
    case 'borrow':
      return { kind, resource: resourceType(scope, definition.resource) };
    case 'stream':
    case 'future': {
      const element = optional(definition.element);
      check(
        kind === 'future' || element?.kind !== 'char',
        '`stream<char>` is not valid at this time',
        offset,
      );
      const hasBorrow = element !== undefined && factsOf(element, offset).borrow;
      check(!hasBorrow, `a ${kind} cannot contain a \`borrow\` type`, offset);
      return { kind, element };
    }
    case 'map': {
      const key = use(definition.key);
      const isKey = /^(?:bool|[su]\d+|char|string)$/.test(key.kind);
      check(isKey, `\`${key.kind}\` cannot be the type of a key`, offset);
      return { kind, key, value: use(definition.value) };
    }
  }
}

/** Spec: `functype`. */
export function defineFunctionType(
  scope: Scope,
  definition: FunctionTypeDefinition,
  offset: number,
): FunctionType {
  const params = labelled(scope, definition.params, 'function parameter', 'parameter');
  const result = definition.result && valueType(scope, definition.result);
  const hasBorrow = result !== undefined && factsOf(result, offset).borrow;
  check(!hasBorrow, 'function result cannot contain a `borrow` type', offset);
  const type: FunctionType = { kind: 'function', async: definition.async, params, result };
  factsOf(type, offset);
  return type;
}

/** Spec: `resourcetype`. */
export function defineResourceType(
  scope: Scope,
  { rep, destructor }: ResourceTypeDefinition,
  offset: number,
): ResourceType {
  check(scope.kind === 'component', 'resources can only be defined within a concrete component', offset);
  if (rep !== 'i32' && rep !== 'i64') fail('resources can only be represented by `i32` or `i64`', offset);
  if (destructor !== undefined) {
    const { params, results } = scope.at('core function', destructor);
    const fits = params.length === 1 && params[0] === rep && results.length === 0;
    check(fits, `core function ${destructor.index} has wrong signature for a destructor`, destructor.offset);
  }
  const identity = { name: undefined, defined: { hasDestructor: destructor !== undefined, rep } };
  scope.defined.add(identity);
  return { kind: 'resource', identity };
}

function labelled(
  scope: Scope,
  items: readonly LabelledType[],
  what: string,
  word: string,
): { readonly name: string; readonly type: ValueType }[] {
  checkUnique(items, what, word);
  return items.map(({ name, type }) => ({ name, type: valueType(scope, type) }));
}

/** Throws unless labels are well-formed and strongly unique. */
function checkUnique(
  items: readonly { readonly name: string; readonly offset: number }[],
  what: string,
  word: string,
): readonly string[] {
  const seen = new Map<string, string>();
  if (items.length > 0) checkLength(items, items[0]!.offset);
  return items.map(({ name, offset }) => {
    checkNamed(what, name, offset);
    const lower = name.toLowerCase();
    const previous = seen.get(lower);
    if (previous !== undefined) {
      fail(`${what} name \`${name}\` conflicts with previous ${word} name \`${previous}\``, offset);
    }
    seen.set(lower, name);
    return name;
  });
}

function checkLength(items: readonly unknown[], offset: number): void {
  check(items.length <= 10_000, 'a type cannot have more than 10000 members', offset);
}
