/** Compares types of the model by structure; names of types do not count. */
import type { Type, TypeDefinition, TypeShape, WitFunction } from '@wittle/parser';

/** Whether two shapes are of equal types. */
export function isSameShape(a: TypeShape, b: TypeShape): boolean {
  if (a.kind === 'resource' && b.kind === 'resource') return true;
  return new Comparison().shapes(a, b);
}

/** Whether two functions have equal types. */
export function isSameFunction(a: WitFunction, b: WitFunction): boolean {
  const comparison = new Comparison();
  const [params, others] = [a.params, b.params];
  return (
    a.async === b.async &&
    params.length === others.length &&
    params.every(({ name }, i) => name === others[i]!.name) &&
    params.every(({ type }, i) => comparison.types(type, others[i]!.type)) &&
    comparison.types(a.result, b.result)
  );
}

type Part = Type | undefined;

/** Remembers what was compared: parts of types may be shared many times over. */
class Comparison {
  readonly #seen = new Map<Part, Set<Part>>();

  types(first: Part, second: Part): boolean {
    const [a, b] = [behind(first), behind(second)];
    if (a === b) return true;
    if (a?.kind !== 'type-definition' || b?.kind !== 'type-definition') return a?.kind === b?.kind;
    const seen = this.#seen.get(a) ?? new Set();
    this.#seen.set(a, seen);
    if (seen.has(b)) return true;
    seen.add(b);
    return this.shapes(a.shape, b.shape);
  }

  shapes(a: TypeShape, b: TypeShape): boolean {
    if (a.kind === 'alias' || b.kind === 'alias') return this.types(typeOfShape(a), typeOfShape(b));
    const [{ key, parts }, other] = [partsOf(a), partsOf(b)];
    // Resources are the same only when they are one.
    if (a.kind === 'resource' || key !== other.key || parts.length !== other.parts.length) return false;
    return parts.every((part, i) => this.types(part, other.parts[i]));
  }
}

function behind(type: Part): Part {
  let at = type;
  while (at?.kind === 'type-definition' && at.shape.kind === 'alias') at = at.shape.target;
  return at;
}

function typeOfShape(shape: TypeShape): Type {
  if (shape.kind === 'alias') return shape.target;
  const nothing = { name: undefined, owner: undefined, stability: undefined, externalId: undefined };
  const definition: TypeDefinition = {
    kind: 'type-definition',
    ...nothing,
    docs: '',
    span: undefined,
    shape,
  };
  return definition;
}

function partsOf(shape: TypeShape): { readonly key: string; readonly parts: readonly Part[] } {
  const keyed = (
    members: readonly { readonly name: string; readonly type?: Part }[],
  ): ReturnType<typeof partsOf> => ({
    key: [shape.kind, ...members.map(({ name, type }) => (type === undefined ? name : `${name}:`))].join(),
    parts: members.map(({ type }) => type),
  });
  const { kind: key } = shape;
  switch (shape.kind) {
    case 'record':
      return keyed(shape.fields);
    case 'variant':
    case 'enum':
      return keyed(shape.cases);
    case 'flags':
      return keyed(shape.flags);
    case 'tuple':
      return { key, parts: shape.types };
    case 'option':
      return { key, parts: [shape.type] };
    case 'result':
      return { key, parts: [shape.ok, shape.err] };
    case 'list':
    case 'stream':
    case 'future':
      return { key, parts: [shape.element] };
    case 'fixed-length-list':
      return { key: `${key} ${shape.length}`, parts: [shape.element] };
    case 'map':
      return { key, parts: [shape.key, shape.value] };
    case 'own':
    case 'borrow':
      return { key, parts: [shape.resource] };
    case 'alias':
      return { key, parts: [shape.target] };
    case 'resource':
      return { key, parts: [] };
  }
}
