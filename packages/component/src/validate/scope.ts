/** The index spaces of a component or of a component or instance type, and what its imports and exports name. */
import type { CanonicalCoreType } from '../binary/canonical-core-types.ts';
import type {
  CoreFunctionType,
  CoreGlobalType,
  CoreMemoryType,
  CoreTableType,
  Index,
  Sort,
} from '../binary/definition.ts';
import type {
  AnyType,
  ComponentType,
  CoreExternType,
  CoreModuleType,
  Extern,
  ExternType,
  FunctionType,
  InstanceType,
  ResourceIdentity,
  ResourcePath,
  ResourceType,
  StreamType,
  ValueType,
} from './component-type.ts';
import { check, fail, locate } from './invalid.ts';
import type { Typed } from './structure.ts';
import { checkSize, factsOf, freeResources } from './type-facts.ts';

/** What is in the index space of each sort: types of things, and types themselves. */
interface Spaces extends Record<Sort, unknown> {
  readonly 'core function': CoreFunctionType;
  readonly 'core table': CoreTableType;
  readonly 'core memory': CoreMemoryType;
  readonly 'core global': CoreGlobalType;
  readonly 'core tag': CoreFunctionType;
  readonly 'core type': CoreModuleType | CanonicalCoreType;
  readonly 'core module': CoreModuleType;
  readonly 'core instance': ReadonlyMap<string, CoreExternType>;
  readonly function: FunctionType;
  readonly value: Value;
  readonly type: AnyType;
  readonly component: ComponentType;
  readonly instance: InstanceType;
}

type TypeOfKind =
  | ResourceType
  | FunctionType
  | InstanceType
  | ComponentType
  | CoreModuleType
  | (StreamType & { readonly kind: 'stream' })
  | (StreamType & { readonly kind: 'future' });

/** A value must be used once. */
interface Value {
  readonly type: ValueType;
  isUsed: boolean;
}

/** Imports or exports, and what they name. */
export class Names {
  /** By name, in order. */
  readonly externs: Map<string, Extern> = new Map();
  /** What two names may not have in common, with the name that has it. */
  readonly canonical: Map<string, string> = new Map();
  /** Types with an external name, and others that are made of such types. */
  readonly types: Set<Typed> = new Set();
  /** The names of resource types, also by themselves. */
  readonly resources: Map<ResourceType | string, string> = new Map();
}

/** Where definitions are looked up, from inside outwards. */
export class Scope {
  readonly kind: 'component' | 'component type' | 'instance type';
  readonly outer: Scope | undefined;
  readonly import: Names = new Names();
  readonly export: Names = new Names();
  /** The resources that imports bring. */
  readonly importedResources: ResourcePath[] = [];
  /** The resources that begin here otherwise. */
  readonly defined: Set<ResourceIdentity> = new Set();
  /** Where resources are exported. */
  readonly exportedAt: Map<ResourceIdentity, readonly string[]> = new Map();
  /** The type of all `context.get` and `context.set`. */
  contextType: string | undefined;
  hasStart = false;
  readonly #spaces: { [S in Sort]?: Spaces[S][] } = {};
  #size = 1;

  constructor(kind: Scope['kind'], outer: Scope | undefined) {
    this.kind = kind;
    this.outer = outer;
  }

  /** What an index stands for. */
  at<S extends Sort>(sort: S, { index, offset }: Omit<Index, 'offset'> & Partial<Index>): Spaces[S] {
    const found = this.#spaces[sort]?.[index];
    if (found === undefined) fail(`${sort} index out of bounds: ${index}`, offset);
    return found as Spaces[S];
  }

  /** The type at an index, which must be of a kind. */
  typeAt<Kind extends TypeOfKind['kind']>(
    kind: Kind,
    index: Index,
  ): Extract<TypeOfKind, { readonly kind: Kind }> {
    const type = this.at(kind === 'core module' ? 'core type' : 'type', index);
    if (!('kind' in type) || type.kind !== kind)
      fail(`type index ${index.index} is not of kind ${kind}`, index.offset);
    return type as never;
  }

  add<S extends Sort>(sort: S, item: Spaces[S]): void {
    const space = (this.#spaces[sort] ??= []) as Spaces[S][];
    const limit = /module|component|instance|value/.test(sort) ? 1000 : 1_000_000;
    check(space.length < limit, `there are too many ${sort}s`);
    space.push(item);
  }

  /** Adds something of a type. */
  addTyped(type: ExternType, isUsed: boolean = false): void {
    if (type.kind === 'type') this.add(type.kind, type.type);
    else if (type.kind === 'value') this.add(type.kind, { type: type.type, isUsed });
    else this.add(type.kind, type as never);
  }

  /** The number of definitions of a sort so far. */
  count(sort: Sort): number {
    return this.#spaces[sort]?.length ?? 0;
  }

  /** Counts the type of an import or export. */
  addSize(type: ExternType): void {
    checkSize((this.#size += factsOf(type).size));
  }

  /** The value at an index, which is used by that. */
  useValue(index: Index): ValueType {
    const value = this.at('value', index);
    check(!value.isUsed, 'a value cannot be used more than once', index.offset);
    value.isUsed = true;
    return value.type;
  }

  /** The type of all that was declared. */
  finishInstance(): InstanceType {
    const resources = Array.from(this.defined, (identity) => ({
      path: this.exportedAt.get(identity)!,
      identity,
    }));
    return { kind: 'instance', exports: this.export.externs, resources };
  }

  /** The type of all that was declared or defined; resources that are not in its exports are left out. */
  finishComponent(offset: number): ComponentType {
    locate(offset);
    for (const { isUsed } of this.#spaces.value ?? []) {
      check(isUsed || this.kind !== 'component', 'every value must be used');
    }
    const exportedResources: ResourcePath[] = [];
    const [imported, exported] = [this.import, this.export].map(({ externs }) =>
      freeResources(this.defined.size === 0 ? [] : Array.from(externs.values(), (extern) => extern.type)),
    );
    for (const identity of this.defined) {
      check(!imported!.has(identity), 'a local resource is in imports');
      if (!exported!.has(identity)) continue;
      const path = this.exportedAt.get(identity);
      if (path === undefined) fail('a local resource is in exports but not exported itself');
      exportedResources.push({ path, identity });
    }
    return {
      kind: 'component',
      imports: this.import.externs,
      exports: this.export.externs,
      importedResources: this.importedResources,
      exportedResources,
    };
  }
}
