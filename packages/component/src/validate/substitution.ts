/** Puts resources in the place of others throughout types. Explainer.md: "Type Checking". */
import type {
  AnyType,
  Externs,
  ExternType,
  FunctionType,
  ResourceIdentity,
  ResourcePath,
  ResourceType,
  ValueType,
} from './component-type.ts';
import { count } from './invalid.ts';
import { partsOf, withParts } from './structure.ts';
import { isClosed } from './type-facts.ts';

/** Gives the same object where nothing changes, and the same object for the same object. */
export class Substitution {
  readonly #resources = new Map<ResourceIdentity, ResourceIdentity>();
  readonly #types = new Map<AnyType, AnyType>();
  readonly #offset: number;
  #renames = false;

  /** `offset` is where the work is charged to. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** From now on `identity` becomes `other`. */
  replace(identity: ResourceIdentity, other: ResourceIdentity): void {
    this.#resources.set(identity, other);
  }

  /** Makes new resources in the place of `resources`. */
  freshen(resources: readonly ResourcePath[]): ResourcePath[] {
    return resources.map(({ path, identity: old }) => {
      const identity: ResourceIdentity = { name: old.name ?? path.at(-1), defined: undefined };
      this.replace(old, identity);
      return { path, identity };
    });
  }

  /** From now on the object `type`, which has a name, becomes `other`, which is equal to it and has a name too. */
  rename(type: AnyType, other: AnyType): void {
    if (type === other) return;
    this.#types.set(type, other);
    this.#renames = true;
  }

  identity(identity: ResourceIdentity): ResourceIdentity {
    return this.#resources.get(identity) ?? identity;
  }

  extern(type: ExternType): ExternType {
    switch (type.kind) {
      case 'core module':
        return type;
      case 'type': {
        const inner = this.type(type.type);
        return inner === type.type ? type : { kind: type.kind, type: inner };
      }
      case 'value': {
        const inner = this.type(type.type);
        return inner === type.type ? type : { kind: type.kind, type: inner };
      }
      default:
        return this.type(type);
    }
  }

  externs(externs: Externs): Externs {
    let isNew = false;
    const next = new Map(externs);
    for (const [name, extern] of externs) {
      const type = this.extern(extern.type);
      if (type === extern.type) continue;
      isNew = true;
      next.set(name, { name: extern.name, type });
    }
    return isNew ? next : externs;
  }

  type<T extends AnyType>(type: T): T;
  type(type: AnyType): AnyType {
    if (!this.#renames && (this.#resources.size === 0 || isClosed(type, this.#offset))) return type;
    // Chains of aliases may be long, so they are not followed by recursion.
    const chain: AnyType[] = [];
    let next: AnyType | undefined = type;
    while (next !== undefined && !this.#types.has(next)) {
      chain.push(next);
      next = (next as ValueType).aliasOf;
    }
    let result: AnyType | undefined = next && this.#types.get(next)!;
    for (const link of chain.toReversed()) {
      count(1, this.#offset);
      const aliased = (link as ValueType).aliasOf;
      const isSame = aliased === result;
      const plain = this.#inside(link);
      if (plain === link && isSame) result = link;
      else result = result === undefined ? plain : ({ ...plain, aliasOf: result } as AnyType);
      this.#types.set(link, result);
    }
    return result!;
  }

  #inside(type: AnyType): AnyType {
    switch (type.kind) {
      case 'resource': {
        const identity = this.identity(type.identity);
        return identity === type.identity ? type : { kind: type.kind, identity };
      }
      case 'own':
      case 'borrow': {
        const resource: ResourceType = this.type(type.resource);
        return resource === type.resource ? type : { kind: type.kind, resource };
      }
      case 'function':
        return this.#function(type);
      case 'instance': {
        const exports = this.externs(type.exports);
        return exports === type.exports ? type : { ...type, exports };
      }
      case 'component': {
        const imports = this.externs(type.imports);
        const exports = this.externs(type.exports);
        if (imports === type.imports && exports === type.exports) return type;
        return { ...type, imports, exports };
      }
      default: {
        const parts = partsOf(type);
        const next = parts.map((part) => part && this.type(part));
        return next.every((part, i) => part === parts[i]) ? type : withParts(type, next);
      }
    }
  }

  #function(type: FunctionType): FunctionType {
    const params = type.params.map(({ name, type: param }) => ({ name, type: this.type(param) }));
    const result = type.result && this.type(type.result);
    if (result === type.result && params.every((param, i) => param.type === type.params[i]!.type))
      return type;
    return { ...type, params, result };
  }
}
