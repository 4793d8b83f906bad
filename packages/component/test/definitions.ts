/** Definitions of components, written as data: what a test needs of them, with all the rest filled in. */
import type {
  AsyncCanon,
  AsyncCanonKind,
  Canon,
  CoreExternDeclaration,
  CoreModuleDeclaration,
  CoreValueType,
  Declaration,
  ExternName,
  ExternTypeDefinition,
  Index,
  Item,
  Sort,
  TypeDefinition,
  TypeItem,
  ValueTypeReference,
} from '../src/binary/definition.ts';
import type { BinaryProblem } from '../src/binary/reader.ts';
import type { ItemFacts, ValidComponent } from '../src/validate/component-type.ts';
import { validateComponent } from '../src/validate/validate.ts';

/** What is wrong with a component of these items; nothing is the empty text. */
export function problemOf(...items: readonly Item[]): string {
  return problemsOf(items)
    .map((problem) => problem.message)
    .join('\n');
}

/** What is wrong with a component of these items, and where. */
export function problemsOf(items: readonly Item[]): readonly BinaryProblem[] {
  return validateComponent({ offset: 0, items }).problems;
}

/** A component of these items, which must be valid. */
export function validComponent(...items: readonly Item[]): ValidComponent {
  const { component, problems } = validateComponent({ offset: 0, items });
  if (component === undefined) throw new Error(problems[0]!.message);
  return component;
}

/** What was found out about the last of these items. */
export function lastFacts(...items: readonly Item[]): ItemFacts {
  return validComponent(...items).facts.at(-1)!;
}

export const index = (value: number): Index => ({ index: value, offset: 0 });

export const name = (text: string, attributes: Partial<ExternName> = {}): ExternName => ({
  name: text,
  offset: 0,
  implements: undefined,
  versionSuffix: undefined,
  externalId: undefined,
  ...attributes,
});

export const type = (definition: TypeDefinition): TypeItem => ({ kind: 'type', offset: 0, definition });

export const label = (text: string, as: ValueTypeReference = 'u8') => ({ name: text, offset: 0, type: as });

export const record = (...labels: readonly string[]): TypeItem =>
  type({ kind: 'record', fields: labels.map((each) => label(each)) });

export const resource: TypeItem = type({ kind: 'resource', rep: 'i32', destructor: undefined });

export const own = (of: number): TypeItem => type({ kind: 'own', resource: index(of) });

export const func = (
  params: readonly ValueTypeReference[] = [],
  result?: ValueTypeReference,
  isAsync: boolean = false,
): TypeItem =>
  type({ kind: 'function', async: isAsync, params: params.map((each, i) => label(`p${i}`, each)), result });

export const scopeType = (
  kind: 'component' | 'instance',
  ...declarations: readonly Declaration[]
): TypeItem => type({ kind, declarations });

type Typed = { [K in ExternTypeDefinition['kind']]?: number };

/** `(type (sub resource))` */
export const subResource: ExternTypeDefinition = { kind: 'type', equals: undefined };

/** Of a kind, with the index of the type; `{ type: 0 }` is a bound that equals it. */
export function of(typed: Typed): ExternTypeDefinition {
  const [kind, at] = Object.entries(typed)[0] as [keyof Typed, number];
  if (kind === 'type') return { kind, equals: index(at) };
  if (kind === 'value') throw new Error('not here');
  return { kind, type: index(at) };
}

type Named = string | ExternName;
const named = (text: Named): ExternName => (typeof text === 'string' ? name(text) : text);

export const imported = (text: Named, as: ExternTypeDefinition) =>
  ({ kind: 'import', offset: 0, name: named(text), type: as }) as const;

export const declared = (text: Named, as: ExternTypeDefinition) =>
  ({ kind: 'export', offset: 0, name: named(text), type: as }) as const;

export const exported = (text: Named, sort: Sort, at: number, as?: ExternTypeDefinition): Item => ({
  kind: 'export',
  offset: 0,
  name: named(text),
  item: { sort, ...index(at) },
  type: as,
});

export const aliased = (sort: Sort, instance: number, text: string): Item & Declaration => ({
  kind: 'alias',
  offset: 0,
  alias: { kind: sort.startsWith('core ') ? 'core export' : 'export', sort, instance, name: text },
});

export const outer = (sort: Sort, scopes: number, at: number): Item & Declaration => ({
  kind: 'alias',
  offset: 0,
  alias: { kind: 'outer', sort, scopes, index: at },
});

export const nested = (...items: readonly Item[]): Item => ({
  kind: 'component',
  offset: 0,
  definition: { offset: 0, items },
});

type Args = Readonly<Record<string, readonly [Sort, number]>>;

export const instantiated = (component: number, args: Args = {}): Item => ({
  kind: 'instance',
  offset: 0,
  expression: {
    kind: 'instantiate',
    component: index(component),
    args: Object.entries(args).map(([text, [sort, at]]) => ({ name: text, sort, ...index(at) })),
  },
});

export const bag = (exports: Args): Item => ({
  kind: 'instance',
  offset: 0,
  expression: {
    kind: 'exports',
    exports: Object.entries(exports).map(([text, [sort, at]]) => ({
      name: name(text),
      item: { sort, ...index(at) },
    })),
  },
});

export const canon = (definition: Canon): Item => ({ kind: 'canon', offset: 0, canon: definition });

export const builtin = (kind: AsyncCanonKind, parts: Partial<AsyncCanon> = {}): Item =>
  canon({
    kind,
    type: undefined,
    result: undefined,
    options: [],
    flag: false,
    context: undefined,
    memory: undefined,
    table: undefined,
    ...parts,
  });

/** A core function's type, as `[params, results]`. */
export type Signature = readonly [readonly CoreValueType[], readonly CoreValueType[]];
/** What a core module has under a name: a function, or another definition. */
export type CoreExtern = Signature | CoreExternDeclaration;
type CoreExterns = Readonly<Record<string, CoreExtern>>;

/** The type of a core module; imports are `module.name`. */
export function moduleType(exports: CoreExterns, imports: CoreExterns = {}): Item & Declaration {
  const declarations: CoreModuleDeclaration[] = [];
  let types = 0;
  const extern = (each: CoreExtern): CoreExternDeclaration => {
    if ('kind' in each) return each;
    const [params, results] = each;
    const definition = {
      kind: 'recursive types',
      types: [{ final: true, supertypes: [], type: { kind: 'function', params, results } }],
    } as const;
    declarations.push({ kind: 'type', offset: 0, definition });
    return { kind: 'function', type: types++ };
  };
  for (const [text, each] of Object.entries(imports)) {
    const [module, field] = text.split('.') as [string, string];
    declarations.push({ kind: 'import', offset: 0, module, name: field, type: extern(each) });
  }
  for (const [text, each] of Object.entries(exports)) {
    declarations.push({ kind: 'export', offset: 0, name: text, type: extern(each) });
  }
  return { kind: 'core type', offset: 0, definition: { kind: 'module', declarations } };
}

/** A memory of a page or more. */
export const memory = (parts: object = {}): CoreExternDeclaration => ({
  kind: 'memory',
  type: { minimum: 1n, maximum: undefined, shared: false, address: 'i32', pageSize: 16, ...parts },
});

/** Core functions and memories from nowhere: an instance of an imported module, and aliases of all its exports. */
export function core(exports: CoreExterns): readonly Item[] {
  const args = [] as const;
  return [
    moduleType(exports),
    imported('m', of({ 'core module': 0 })),
    {
      kind: 'core instance',
      offset: 0,
      expression: { kind: 'instantiate', module: index(0), args },
    },
    ...Object.entries(exports).map(([text, each]) =>
      aliased('kind' in each ? `core ${each.kind}` : 'core function', 0, text),
    ),
  ];
}
