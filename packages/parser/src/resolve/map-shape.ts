/** Rebuilds a type's structure with other parts. */
import type { Span } from '../source.ts';
import type { Type, TypeDefinition, TypeShape } from '../model/index.ts';

/** How the parts of a structure are replaced. `span` is the place of a field, when there is one. */
export interface ShapeMapping {
  /** A part that is a value type. */
  readonly type: (type: Type, span: Span | undefined) => Type;
  /** What an alias or a handle names. */
  readonly name: (definition: TypeDefinition) => TypeDefinition;
}

/** The same structure with its parts replaced, from first to last. */
export function mapShape(shape: TypeShape, mapping: ShapeMapping): TypeShape {
  const type = (part: Type): Type => mapping.type(part, undefined);
  switch (shape.kind) {
    case 'record':
      return {
        kind: 'record',
        fields: shape.fields.map((field) => ({ ...field, type: mapping.type(field.type, field.span) })),
      };
    case 'variant':
      return {
        kind: 'variant',
        cases: shape.cases.map((each) => ({
          ...each,
          type: each.type && type(each.type),
        })),
      };
    case 'tuple':
      return { kind: 'tuple', types: shape.types.map(type) };
    case 'option':
      return { kind: 'option', type: type(shape.type) };
    case 'result':
      return { kind: 'result', ok: shape.ok && type(shape.ok), err: shape.err && type(shape.err) };
    case 'list':
      return { kind: 'list', element: type(shape.element) };
    case 'fixed-length-list':
      return { kind: 'fixed-length-list', element: type(shape.element), length: shape.length };
    case 'map':
      return { kind: 'map', key: type(shape.key), value: type(shape.value) };
    case 'future':
    case 'stream':
      return { kind: shape.kind, element: shape.element && type(shape.element) };
    case 'own':
    case 'borrow':
      return { kind: shape.kind, resource: mapping.name(shape.resource) };
    case 'alias':
      if (shape.target.kind !== 'type-definition') return shape;
      return { kind: 'alias', target: mapping.name(shape.target) };
    case 'enum':
    case 'flags':
    case 'resource':
      return shape;
  }
}

/** The definitions that a structure refers to, from first to last. */
export function definitionsIn(shape: TypeShape): readonly TypeDefinition[] {
  const found: TypeDefinition[] = [];
  mapShape(shape, {
    type: (type) => {
      if (type.kind === 'type-definition') found.push(type);
      return type;
    },
    name: (definition) => {
      found.push(definition);
      return definition;
    },
  });
  return found;
}
