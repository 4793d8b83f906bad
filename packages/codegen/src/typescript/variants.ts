/** What is stored as a variant, as programs see it: the properties of its objects, and the tags of its cases. */
import type { TypeShape } from '@wittle/parser';
import { draftCases } from './names.ts';
import type { Shapes } from './shapes.ts';

/** The properties of the object that a case is. */
export interface VariantKeys {
  /** Which case it is. */
  readonly tag: 'tag' | 'kind';
  /** Its payload, if it has one. */
  readonly payload: 'val' | 'value';
}

export function variantKeys({ variants }: Shapes): VariantKeys {
  return variants === 'tag' ? TAG : KIND;
}

const TAG: VariantKeys = { tag: 'tag', payload: 'val' };
const KIND: VariantKeys = { tag: 'kind', payload: 'value' };

/** The tags of a type that is stored as a variant, or the labels of an enum, in order; none for any other. */
export function caseTags(shape: TypeShape, { variants }: Shapes): readonly string[] {
  const isDraft = variants === 'kind';
  switch (shape.kind) {
    case 'enum':
      return shape.cases.map((each) => each.name);
    case 'variant': {
      const names = shape.cases.map((each) => each.name);
      return isDraft ? draftCases(names) : names;
    }
    case 'option':
      return isDraft ? ['None', 'Some'] : ['none', 'some'];
    case 'result':
      return isDraft ? ['Ok', 'Error'] : ['ok', 'err'];
    case 'record':
    case 'tuple':
    case 'list':
    case 'fixed-length-list':
    case 'map':
    case 'flags':
    case 'resource':
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'alias':
      return [];
  }
}
