/** Definitions of value, function and resource types. Binary.md: "Type Definitions". */
import type {
  FunctionTypeDefinition,
  Label,
  ResourceTypeDefinition,
  ValueTypeDefinition,
  ValueTypeReference,
} from '../binary/definition.ts';
import type { FunctionType, ResourceType, ValueType } from './component-type.ts';
import { expectSignature } from './core-subtype.ts';
import { checkLabel } from './extern-name.ts';
import { check, fail, locate } from './invalid.ts';
import { layoutOf } from './layout.ts';
import type { Scope } from './scope.ts';
import { insideOf, isValueType, primitive, withInside, type Typed } from './structure.ts';
import { factsOf } from './type-facts.ts';

/** A type in use. Spec: `valtype`. */
export function valueType(scope: Scope, reference: ValueTypeReference): ValueType {
  if (typeof reference === 'string') return primitive(reference);
  const type = scope.at('type', reference);
  if (!isValueType(type)) fail(`type index ${reference.index} is not of kind value`, reference.offset);
  return type;
}

/** Spec: `defvaltype`. */
export function defineValueType(scope: Scope, definition: ValueTypeDefinition): ValueType {
  const type = build(scope, definition);
  factsOf(type);
  check(layoutOf(type, 'i64').size < 2 ** 28, 'the type is too large');
  return type;
}

function build(scope: Scope, definition: ValueTypeDefinition): ValueType {
  const { kind } = definition;
  switch (kind) {
    case 'primitive':
      return primitive(definition.primitive);
    case 'flags':
      return { kind, labels: checkLabels(definition.labels, 'flag', 1, 32) };
    case 'enum':
      return { kind, labels: checkLabels(definition.labels, 'enum tag') };
    case 'own':
    case 'borrow':
      return { kind, resource: scope.typeAt('resource', definition.resource) };
    case 'record':
      checkLabels(definition.fields, 'record field');
      break;
    case 'variant':
      checkLabels(definition.cases, 'variant case');
      break;
    case 'tuple':
      checkLength(definition.types, 'tuple type');
      break;
    case 'fixed-length-list':
      check(definition.length > 0, 'a fixed-length list must have elements');
  }
  const type = withTypes<ValueType>(scope, definition);
  if (type.kind === 'map') {
    const { kind: key } = type.key;
    check(/^(?:bool|[su]\d+|char|string)$/.test(key), `\`${key}\` cannot be the type of a key`);
  } else if (type.kind === 'stream' || type.kind === 'future') {
    check(kind === 'future' || type.element?.kind !== 'char', '`stream<char>` is not valid');
    checkNoBorrow(type.element, kind);
  }
  return type;
}

/** A definition looks as its type does, with references in the places of types. */
function withTypes<Type extends Typed>(scope: Scope, definition: { readonly kind: string }): Type {
  const references = insideOf(definition as Typed) as readonly unknown[] as readonly (
    ValueTypeReference | undefined
  )[];
  const types = references.map((reference) => reference && valueType(scope, reference));
  return withInside(definition as Typed, types) as Type;
}

/** Spec: `functype`. */
export function defineFunctionType(scope: Scope, definition: FunctionTypeDefinition): FunctionType {
  checkLabels(definition.params, 'function parameter', 0);
  const type = withTypes<FunctionType>(scope, definition);
  checkNoBorrow(type.result, 'function result');
  factsOf(type);
  return type;
}

function checkNoBorrow(type: ValueType | undefined, what: string): void {
  check(type === undefined || !factsOf(type).borrow, `${what} cannot contain a \`borrow\` type`);
}

/** Spec: `resourcetype`. */
export function defineResourceType(scope: Scope, { rep, destructor }: ResourceTypeDefinition): ResourceType {
  check(scope.kind === 'component', 'resources can only be defined in components');
  if (rep !== 'i32' && rep !== 'i64') return fail('the representation of a resource must be `i32` or `i64`');
  if (destructor !== undefined) {
    expectSignature('destructor', scope.at('core function', destructor), `[${rep}] -> []`);
  }
  const identity = { name: undefined, defined: { hasDestructor: destructor !== undefined, rep } };
  scope.defined.add(identity);
  return { kind: 'resource', identity };
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
  check(length >= least && length <= most, `expected ${least} to ${most} of a ${what}, found ${length}`);
}
