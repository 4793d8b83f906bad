/** Handles as a guest has them: numbers in its table, of which only the host's side knows what stands behind. */
import { bad } from '../errors.ts';
import { notLive } from '../guest-resource.ts';
import type { ComponentInstance } from '../instance.ts';
import { trap } from '../trap.ts';
import type { CoreValue } from '../function-type.ts';
import { borrow as hostBorrow } from '../types/borrow.ts';
import { own as hostOwn } from '../types/own.ts';
import { loadU32, storeU32 } from '../types/u32.ts';
import { leaf, type ValueType } from '../types/value-type.ts';
import { failure, GuestInstance } from './instance.ts';

/** A resource type in a guest: how its handles become objects, and objects handles. */
export interface HandleResource {
  readonly liftOwn: (index: number) => object;
  readonly lowerOwn: (value: unknown, at: string) => number;
  /** `core` is a handle; of the guest's own resources it is the rep. */
  readonly liftBorrow: (core: number) => object;
  readonly lowerBorrow: (value: unknown, at: string) => number;
}

/** Any class. */
export type AnyClass = abstract new (...args: never) => object;

/** Where an object keeps its handle. */
const handle: unique symbol = Symbol('wittle.handle');

/** The handle of an object; shared with the registry that sees to forgotten ones, so that neither keeps the other alive. */
export interface HandleCell {
  /** 0: dropped, given away, or lent for a call that is over. */
  index: number;
  readonly cx: GuestInstance;
  readonly of: ImportedResource;
  readonly lent: boolean;
}

interface HandleObject {
  [handle]: HandleCell;
}

const registry = new FinalizationRegistry<HandleCell>((cell) => {
  if (cell.index !== 0) cell.cx.forgotten.push(cell);
});

/** A resource that the guest imports: each of its objects holds one handle. */
export class ImportedResource implements HandleResource {
  readonly name: string;
  readonly #cx: GuestInstance;
  readonly #drop: (index: number) => void;
  /** The class of its objects. */
  implementation: AnyClass = class {};

  /** @param drop `[resource-drop]`. */
  constructor(cx: GuestInstance, name: string, drop: (index: number) => void) {
    this.name = name;
    this.#cx = cx;
    this.#drop = drop;
  }

  liftOwn(index: number): object {
    const owner = this.#object(index, false);
    registry.register(owner, owner[handle]);
    return owner;
  }

  lowerOwn(value: unknown, at: string): number {
    const cell = this.#live(value, at);
    if (cell.lent) bad(value, `an owned ${this.name} (this one is lent for a call)`, at);
    const { index } = cell;
    this.#cx.lowered?.moved.push({ cell, index });
    cell.index = 0;
    return index;
  }

  liftBorrow(index: number): object {
    const lent = this.#object(index, true);
    this.#cx.borrowed.push(lent[handle]);
    return lent;
  }

  lowerBorrow(value: unknown, at: string): number {
    return this.#live(value, at).index;
  }

  /** Gives up the handle; a second time does nothing. In an instance that is lost there is nothing to give up. */
  drop(cell: HandleCell): void {
    const { index } = cell;
    cell.index = 0;
    if (index !== 0 && this.#cx.lost === undefined) this.#drop(index);
  }

  #object(index: number, lent: boolean): HandleObject {
    const object = Object.create(this.implementation.prototype as object) as HandleObject;
    object[handle] = { index: index >>> 0, cx: this.#cx, of: this, lent };
    return object;
  }

  #live(value: unknown, at: string): HandleCell {
    const cell = (value as Partial<HandleObject> | null | undefined)?.[handle];
    if (cell === undefined || cell.of !== this) {
      const isOther = cell !== undefined && cell.of.name === this.name;
      bad(value, `a ${this.name}${isOther ? " of this instance (this one is another's)" : ''}`, at);
    }
    if (cell.index === 0) notLive(value, this.name, at);
    return cell;
  }
}

/** The handle of an object of an imported resource. */
export function cellOf(object: object): HandleCell {
  return (object as HandleObject)[handle];
}

/** The call is over: what was lent for it is nobody's here any more. Spec: `Task.return_`. */
export function endBorrowed(cells: readonly HandleCell[]): void {
  for (const cell of cells) cell.of.drop(cell);
}

/** The core functions that a guest has for a resource of its own. */
export interface ResourceBuiltIns {
  /** `[resource-new]`. */
  readonly create: (rep: number) => number;
  /** `[resource-rep]`. */
  readonly rep: (index: number) => number;
  /** `[resource-drop]`. */
  readonly drop: (index: number) => void;
}

/** A resource that the guest implements: a rep is the number of an object that is owned on the host's side. */
export class ExportedResource implements HandleResource {
  readonly name: string;
  readonly #cx: GuestInstance;
  readonly #builtIns: ResourceBuiltIns;
  readonly #objects: (object | undefined)[] = [undefined];
  readonly #free: number[] = [];
  /** The rep whose object goes on to be the guest's, so that it is not disposed of. */
  #taken = 0;
  /** The implementation's class. */
  implementation: AnyClass = class {};

  constructor(cx: GuestInstance, name: string, builtIns: ResourceBuiltIns) {
    this.name = name;
    this.#cx = cx;
    this.#builtIns = builtIns;
  }

  /** How many objects are owned on the host's side. */
  get size(): number {
    return this.#objects.length - 1 - this.#free.length;
  }

  lowerOwn(value: unknown, at: string): number {
    if (!(value instanceof this.implementation)) bad(value, `a ${this.name}`, at);
    const rep = this.#free.pop() ?? this.#objects.length;
    this.#objects[rep] = value;
    return this.#builtIns.create(rep);
  }

  liftOwn(index: number): object {
    const rep = this.#builtIns.rep(index) >>> 0;
    const object = this.#objectOf(rep);
    // Dropping is the only way to get rid of a handle; the destructor sees that this one is no end.
    this.#taken = rep;
    this.#builtIns.drop(index);
    return object;
  }

  liftBorrow(rep: number): object {
    return this.#objectOf(rep >>> 0);
  }

  lowerBorrow(value: unknown, at: string): never {
    return bad(value, `no ${this.name}: what a guest imports knows nothing of its exports`, at);
  }

  /** `[dtor]`. */
  destruct(rep: number): void {
    const object = this.#objectOf(rep >>> 0) as Partial<Disposable>;
    const isTaken = this.#taken === rep >>> 0;
    this.#taken = 0;
    this.#objects[rep >>> 0] = undefined;
    this.#free.push(rep >>> 0);
    if (isTaken) return;
    this.#cx.running++;
    try {
      object[Symbol.dispose]?.();
    } catch (error) {
      throw failure(this.#cx, `the destructor of ${this.name}`, error);
    } finally {
      this.#cx.running--;
    }
  }

  #objectOf(rep: number): object {
    return this.#objects[rep] ?? trap(`no ${this.name} has the rep ${rep}`);
  }
}

/** `own<R>`; `resource` is the type's number in its world. On the host's side it is what it is there. */
export function own(resource: number): ValueType {
  return ofSide(hostOwn(resource), 'liftOwn', 'lowerOwn');
}

/** `borrow<R>`. */
export function borrow(resource: number): ValueType {
  return ofSide(hostBorrow(resource), 'liftBorrow', 'lowerBorrow');
}

/** A handle in a guest, and in any other instance what `host` has for it. */
function ofSide(
  host: ValueType,
  lift: 'liftOwn' | 'liftBorrow',
  lower: 'lowerOwn' | 'lowerBorrow',
): ValueType {
  const { kind, count } = host;
  const lifted = (cx: ComponentInstance, core: CoreValue): unknown =>
    cx instanceof GuestInstance ? cx.types[count]![lift](core as number) : host.liftCore!(cx, core, 0);
  const lowered = (cx: ComponentInstance, value: unknown, at: string): CoreValue =>
    cx instanceof GuestInstance ? cx.types[count]![lower](value, at) : host.lowerCore!(cx, value, at);
  return leaf({
    kind,
    size: 4,
    core: 'i32',
    count,
    load: (cx, p) => lifted(cx, loadU32(cx, p)),
    store: (cx, p, value, at) => storeU32(cx, p, lowered(cx, value, at) as number),
    liftCore: lifted,
    lowerCore: lowered,
  });
}
