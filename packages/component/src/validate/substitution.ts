/** Puts resources in the place of others throughout types. Explainer.md: "Type Checking". */
import type { AnyType, ResourceIdentity, ResourcePath, ValueType } from './component-type.ts';
import { count } from './invalid.ts';
import { insideOf, withInside, type Typed } from './structure.ts';
import { isClosed } from './type-facts.ts';

/** Gives the same object where nothing changes, and the same object for the same object. */
export class Substitution {
  readonly #resources = new Map<ResourceIdentity, ResourceIdentity>();
  readonly #types = new Map<Typed, Typed>();
  #renames = false;

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
    this.#types.set(type, other);
    this.#renames ||= type !== other;
  }

  identity(identity: ResourceIdentity): ResourceIdentity {
    return this.#resources.get(identity) ?? identity;
  }

  type<T extends Typed>(type: T): T {
    return this.#any(type) as T;
  }

  #any(type: Typed): Typed {
    if (!this.#renames && (this.#resources.size === 0 || isClosed(type))) return type;
    // Chains of aliases may be long, so they are not followed by recursion.
    const chain: Typed[] = [];
    let next: Typed | undefined = type;
    for (; next !== undefined && !this.#types.has(next); next = aliasOf(next)) chain.push(next);
    let result = next && this.#types.get(next);
    for (const link of chain.toReversed()) {
      count();
      const plain = this.#inside(link);
      if (plain === link && aliasOf(link) === result) result = link;
      else result = result === undefined ? plain : ({ ...plain, aliasOf: result } as AnyType);
      this.#types.set(link, result);
    }
    return result!;
  }

  #inside(type: Typed): Typed {
    if (type.kind === 'resource') {
      const identity = this.identity(type.identity);
      return identity === type.identity ? type : { kind: type.kind, identity };
    }
    const inside = insideOf(type);
    const next = inside.map((each) => each && this.#any(each));
    return next.every((each, i) => each === inside[i]) ? type : withInside(type, next);
  }
}

function aliasOf(type: Typed): ValueType | undefined {
  return (type as ValueType).aliasOf;
}
