/** Which of several shapes WIT has in TypeScript: the choice is an option of every target that names types. */

/**
 * The shapes of a plan. They are chosen when code is generated and hold for all of it; code of different shapes can run
 * side by side, but its values do not fit each other.
 */
export interface Shapes {
  /**
   * How a function gives its result when that is a `result<T, E>`, on both sides: what programs call and what they
   * implement. Default `throw`.
   *
   * - `throw`: it returns `T`. The error is thrown as `ComponentError<E>` (a promise is rejected with it), whose `payload`
   *   it is; an implementation may throw the payload itself.
   * - `return`: it returns what a `result` is as a value, `{ tag: 'ok', val } | { tag: 'err', val }`, and throws
   *   nothing for it: an implementation that throws has failed, whatever it throws, and ends the instance. A
   *   constructor, which can only give its object, throws `ComponentError<E>` all the same.
   *
   * What is no error of the function's is thrown either way: traps, wrong arguments, an instance that is lost.
   */
  readonly results: 'throw' | 'return';
  /**
   * What variants are, results as values, and options of options. Default `tag`.
   *
   * - `tag`: `{ tag: 'not-found', val }`, the ecosystem's shape; results are `ok` and `err`, options `some` and `none`.
   * - `kind`: `{ kind: 'NotFound', value }`, as `ToJSValueVariant` has it in the draft of a JavaScript API for components
   *   (github.com/WebAssembly/component-model/pull/686, JS-Reference.md, as of September 2026). There a case's name has
   *   capitals instead of hyphens; results and options of options are the variants that they are defined as, so that
   *   these are `Ok` and `Error`, `Some` and `None`; enums are their labels as they stand. It is a draft: should it
   *   change, so will this.
   *
   * Both leave out the payload of a case that has none, and an `option` that holds no other is its value or `undefined`.
   */
  readonly variants: 'tag' | 'kind';
  /** Fields, lists, tuples and maps are `readonly` in the types; typed arrays stay what they are. Default false. */
  readonly readonly: boolean;
  /** Types of resources are nominal: one is not taken for another that has the same methods. Default false. */
  readonly brands: boolean;
}

/** The choice for a world: part of the options of a target that names types. */
export interface ShapeOptions extends Shapes {
  /**
   * What is imported and keeps the default shapes all the same, types that it declares included: interfaces
   * (`wasi:io/streams`), packages (`wasi:io`), namespaces (`wasi:*`). For implementations that are there already: those of
   * `@wittle/wasi`, or of preview2-shim. Brands are not in their way, and stay.
   */
  readonly defaultShapes: readonly string[];
}

/** What holds where nothing is chosen. */
export const shapeDefaults: ShapeOptions = {
  results: 'throw',
  variants: 'tag',
  readonly: false,
  brands: false,
  defaultShapes: [],
};

/** The JSON schemas of the properties of {@link ShapeOptions}, for the options of a target. */
export const shapeSchemas: Readonly<Record<keyof ShapeOptions, object>> = {
  results: {
    enum: ['throw', 'return'],
    default: shapeDefaults.results,
    description:
      'how functions give a result<T, E>: throw ComponentError<E>, or return ok and err as a value',
  },
  variants: {
    enum: ['tag', 'kind'],
    default: shapeDefaults.variants,
    description: "what variants are: { tag, val }, or { kind, value } as in the JavaScript API's draft",
  },
  readonly: {
    type: 'boolean',
    default: shapeDefaults.readonly,
    description: 'fields, lists, tuples and maps are readonly in the types',
  },
  brands: {
    type: 'boolean',
    default: shapeDefaults.brands,
    description: 'types of resources are nominal: none is taken for another with the same methods',
  },
  defaultShapes: {
    type: 'array',
    items: { type: 'string' },
    default: shapeDefaults.defaultShapes,
    description:
      'imports that keep the default shapes, as @wittle/wasi has them: `wasi:*`, `wasi:io`, `wasi:io/streams`',
  },
};

/** The shapes of an import, by its interface's name: those of the options, unless it is one that keeps the defaults. */
export function importShapes(options: ShapeOptions, name: string): Shapes {
  const keeps = namesOf(name).some((each) => options.defaultShapes.includes(each));
  return keeps ? { ...shapeDefaults, brands: options.brands } : options;
}

/** What `defaultShapes` may call an import: of `wasi:io/streams` also `wasi:io` and `wasi:*`. */
export function namesOf(name: string): readonly string[] {
  const [packageName = '', inside] = name.split('/');
  if (inside === undefined) return [name];
  return [name, packageName, `${packageName.split(':')[0]}:*`];
}
