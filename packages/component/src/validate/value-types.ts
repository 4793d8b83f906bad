/** Definitions of value, function and resource types. Binary.md: "Type Definitions". */
import type {
  FunctionTypeDefinition,
  Index,
  Label,
  LabelledType,
  ResourceTypeDefinition,
  ValueTypeDefinition,
  ValueTypeReference,
} from '../binary/definition.ts';
import type { FunctionType, ResourceType, ValueType } from './component-type.ts';
import { sameCoreTypes } from './core-subtype.ts';
import { checkLabel } from './extern-name.ts';
import { check, fail, locate } from './invalid.ts';
import { layoutOf } from './layout.ts';
import type { Scope } from './scope.ts';
import { isValueType, primitive } from './structure.ts';
import { factsOf } from './type-facts.ts';

/** A type in use. Spec: `valtype`. */
export function valueType(scope: Scope, reference: ValueTypeReference): ValueType {
  if (typeof reference === 'string') return primitive(reference);
  const type = scope.at('type', reference);
  if (!isValueType(type)) fail(`type index ${reference.index} is not a value type`, reference.offset);
  return type;
}

/** The resource type at an index. */
export function resourceType(scope: Scope, index: Index): ResourceType {
  const type = scope.at('type', index);
  if (type.kind !== 'resource') fail(`type index ${index.index} is not a resource type`, index.offset);
  return type;
}

/** Spec: `defvaltype`. */
export function defineValueType(scope: Scope, definition: ValueTypeDefinition): ValueType {
  const type = build(scope, definition);
  factsOf(type);
  check(layoutOf(type, 'i64').size < 2 ** 28, 'the type exceeds maximum byte size');
  return type;
}

function build(scope: Scope, definition: ValueTypeDefinition): ValueType {
  const use = (reference: ValueTypeReference): ValueType => valueType(scope, reference);
  const optional = (reference: ValueTypeReference | undefined): ValueType | undefined =>
    reference && use(reference);
  const { kind } = definition;
  switch (kind) {
    case 'primitive':
      return primitive(definition.primitive);
    case 'record':
      return { kind, fields: labelled(scope, definition.fields, 'record field', 1) };
    case 'variant':
      checkLabels(definition.cases, 'variant case');
      return { kind, cases: definition.cases.map(({ name, type }) => ({ name, type: optional(type) })) };
    case 'tuple':
      checkLength(definition.types, 'tuple type');
      return { kind, types: definition.types.map(use) };
    case 'flags':
      return { kind, labels: checkLabels(definition.labels, 'flag', 1, 32) };
    case 'enum':
      return { kind, labels: checkLabels(definition.labels, 'enum tag') };
    case 'list':
      return { kind, element: use(definition.element) };
    case 'fixed-length-list':
      check(definition.length > 0, 'a fixed-length list must have more than zero elements');
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
      check(kind === 'future' || element?.kind !== 'char', '`stream<char>` is not valid');
      return { kind, element: withoutBorrow(element, kind) };
    }
    case 'map': {
      const key = use(definition.key);
      check(/^(?:bool|[su]\d+|char|string)$/.test(key.kind), `\`${key.kind}\` cannot be the type of a key`);
      return { kind, key, value: use(definition.value) };
    }
  }
}

/** Spec: `functype`. */
export function defineFunctionType(scope: Scope, definition: FunctionTypeDefinition): FunctionType {
  const params = labelled(scope, definition.params, 'function parameter', 0);
  const result = withoutBorrow(definition.result && valueType(scope, definition.result), 'function result');
  const type: FunctionType = { kind: 'function', async: definition.async, params, result };
  factsOf(type);
  return type;
}

function withoutBorrow(type: ValueType | undefined, what: string): ValueType | undefined {
  check(type === undefined || !factsOf(type).borrow, `${what} cannot contain a \`borrow\` type`);
  return type;
}

/** Spec: `resourcetype`. */
export function defineResourceType(scope: Scope, { rep, destructor }: ResourceTypeDefinition): ResourceType {
  check(scope.kind === 'component', 'resources can only be defined within a concrete component');
  if (rep !== 'i32' && rep !== 'i64') return fail('resources can only be represented by `i32` or `i64`');
  if (destructor !== undefined) {
    const { params, results } = scope.at('core function', destructor);
    const fits = sameCoreTypes(params, [rep]) && results.length === 0;
    check(fits, 'wrong signature for a destructor', destructor.offset);
  }
  const identity = { name: undefined, defined: { hasDestructor: destructor !== undefined, rep } };
  scope.defined.add(identity);
  return { kind: 'resource', identity };
}

function labelled(
  scope: Scope,
  items: readonly LabelledType[],
  what: string,
  least: number,
): { readonly name: string; readonly type: ValueType }[] {
  checkLabels(items, what, least);
  return items.map(({ name, type }) => ({ name, type: valueType(scope, type) }));
}

/** Fails unless labels are well-formed and strongly unique. */
function checkLabels(
  items: readonly Label[],
  what: string,
  least: number = 1,
  most: number = 10_000,
): readonly string[] {
  checkLength(items, what, least, most);
  const seen = new Map<string, string>();
  return items.map(({ name, offset }) => {
    locate(offset);
    checkLabel(name, `${what} name `);
    const previous = seen.get(name.toLowerCase());
    if (previous !== undefined) fail(`${what} name \`${name}\` conflicts with previous name \`${previous}\``);
    seen.set(name.toLowerCase(), name);
    return name;
  });
}

function checkLength(
  items: readonly unknown[],
  what: string,
  least: number = 1,
  most: number = 10_000,
): void {
  const { length } = items;
  check(length >= least && length <= most, `there must be ${least} to ${most} of a ${what}, not ${length}`);
}
