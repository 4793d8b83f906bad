/** Types and functions as WIT writes them in place, for messages. */
import type { AnyType, FunctionType, ValueType } from '../validate/component-type.ts';

/** The name that a type has somewhere, or `undefined`; types are told apart by identity. */
export type NameOf = (type: AnyType) => string | undefined;

/** A type in place: `list<tuple<string, u32>>`. Records and their like are spelled out where they have no name. */
export function typeText(type: ValueType, nameOf: NameOf = nameless): string {
  return clipped(typeParts(type, nameOf));
}

/** A function: `add: func(a: u32, b: u32) -> u32`. */
export function functionText(name: string, type: FunctionType, nameOf: NameOf = nameless): string {
  return clipped(functionParts(name, type, nameOf));
}

function nameless(): undefined {
  return undefined;
}

const MAX_LENGTH = 400;

/** A small binary can hold a type whose text would have no end: it is put together only as far as it is shown. */
function clipped(parts: Iterable<string>): string {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length > MAX_LENGTH) return `${text.slice(0, MAX_LENGTH)}…`;
  }
  return text;
}

type Parts = Generator<string, void, undefined>;

function* functionParts(name: string, type: FunctionType, nameOf: NameOf): Parts {
  yield `${name}: ${type.async ? 'async ' : ''}func(`;
  yield* separated(type.params, (param) => labelled(param.name, param.type, nameOf));
  yield ')';
  if (type.result !== undefined) {
    yield ' -> ';
    yield* typeParts(type.result, nameOf);
  }
}

function* typeParts(type: ValueType, nameOf: NameOf): Parts {
  const name = nameOf(type);
  if (name !== undefined) return yield name;
  switch (type.kind) {
    case 'record':
      yield 'record { ';
      yield* separated(type.fields, (field) => labelled(field.name, field.type, nameOf));
      return yield ' }';
    case 'variant':
      yield 'variant { ';
      yield* separated(type.cases, (each) => caseParts(each.name, each.type, nameOf));
      return yield ' }';
    case 'enum':
    case 'flags':
      yield `${type.kind} { `;
      yield* separated(type.labels, (label) => [label]);
      return yield ' }';
    case 'list':
      return yield* applied('list', [type.element], nameOf);
    case 'fixed-length-list':
      yield 'list<';
      yield* typeParts(type.element, nameOf);
      return yield `, ${type.length}>`;
    case 'tuple':
      return yield* applied('tuple', type.types, nameOf);
    case 'option':
      return yield* applied('option', [type.type], nameOf);
    case 'result':
      return yield* applied('result', type.err === undefined ? [type.ok] : [type.ok, type.err], nameOf);
    case 'map':
      return yield* applied('map', [type.key, type.value], nameOf);
    case 'stream':
    case 'future':
      return yield* applied(type.kind, [type.element], nameOf);
    case 'own':
    case 'borrow': {
      const resource = nameOf(type.resource) ?? type.resource.identity.name ?? 'resource';
      return yield type.kind === 'own' ? resource : `borrow<${resource}>`;
    }
    default:
      return yield type.kind;
  }
}

/** `list<u8>`; `_` stands for what is not there, and alone for nothing. */
function* applied(name: string, types: readonly (ValueType | undefined)[], nameOf: NameOf): Parts {
  yield name;
  if (types.length === 1 && types[0] === undefined) return;
  yield '<';
  yield* separated(types, (type) => (type === undefined ? ['_'] : typeParts(type, nameOf)));
  yield '>';
}

function* labelled(label: string, type: ValueType, nameOf: NameOf): Parts {
  yield `${label}: `;
  yield* typeParts(type, nameOf);
}

function* caseParts(label: string, type: ValueType | undefined, nameOf: NameOf): Parts {
  yield label;
  if (type === undefined) return;
  yield '(';
  yield* typeParts(type, nameOf);
  yield ')';
}

function* separated<T>(items: readonly T[], partsOf: (item: T) => Iterable<string>): Parts {
  for (const [index, item] of items.entries()) {
    if (index > 0) yield ', ';
    yield* partsOf(item);
  }
}
