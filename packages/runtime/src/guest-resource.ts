/** Resources that the guest implements, as objects on the host's side: each owns one rep. */
import { bad } from './errors.ts';
import {
  enterAll,
  enteringSet,
  leaveAll,
  refuseEnter,
  stillEntered,
  type ComponentInstance,
  type InstanceResource,
} from './instance.ts';

/** Where a host-side object keeps its rep. */
export const guest: unique symbol = Symbol('wittle.guest');

/** Shared by the object and the registry that cleans up behind it, so that neither keeps the other alive. */
export interface GuestCell {
  /** -1: dropped or given away. */
  rep: number;
  readonly cx: ComponentInstance;
  readonly resource: number;
  /** The object does not own the rep: the guest lends it for a call. */
  readonly lent?: true;
}

/** An object that stands for one of the guest's resources. */
export interface GuestObject {
  readonly [guest]: GuestCell;
}

/** Owners that were collected while their instance could not be entered. */
const waiting: GuestCell[] = [];
const registry = new FinalizationRegistry<GuestCell>((cell) => {
  waiting.push(cell);
  for (const each of waiting.splice(0)) {
    if (each.rep === -1) continue;
    const owner = ownerOf(each);
    if (enteringSet(owner, undefined).every(({ state }) => state === 0)) dropForgotten(each);
    else if (owner.state === 0 || owner.maySuspend) waiting.push(each);
  }
});

/** The cell of a new owner; the rep is dropped when the owner is collected, if not before. */
export function ownGuest(owner: object, cx: ComponentInstance, resource: number, rep: number): GuestCell {
  const cell = { rep, cx, resource };
  registry.register(owner, cell);
  return cell;
}

/** A host-side owner of a rep that the guest gave away. */
export function adoptGuest(cx: ComponentInstance, resource: number, rep: number): unknown {
  const owner = Object.create(cx.resources[resource]!.implementation.prototype as object) as {
    [guest]: GuestCell;
  };
  owner[guest] = ownGuest(owner, cx, resource, rep);
  return owner;
}

/** What stands for a rep that the guest lends to a call; {@link endGuestLend} ends it. */
export function lendGuest(cx: ComponentInstance, resource: number, rep: number): GuestObject {
  const { prototype } = cx.resources[resource]!.implementation;
  const lent = Object.create(prototype as object) as { [guest]: GuestCell };
  lent[guest] = { rep, cx, resource, lent: true };
  return lent;
}

/** The call is over: the object stands for nothing any more. */
export function endGuestLend(lent: GuestObject): void {
  lent[guest].rep = -1;
}

/** The rep of the object that a method is called on: alive, and of this instance. */
export function selfRep(cx: ComponentInstance, self: unknown, resource: number, at: string): number {
  const cell = (self as Partial<GuestObject> | undefined)?.[guest];
  if (cell === undefined || cell.rep === -1 || cell.cx !== cx) badSelf(cx, self, resource, at);
  return cell.rep;
}

function badSelf(cx: ComponentInstance, self: unknown, resource: number, at: string): never {
  const { name } = cx.resources[resource]!;
  const cell = (self as Partial<GuestObject> | undefined)?.[guest];
  if (cell === undefined) bad(self, `a ${name}`, at);
  if (cell.cx !== cx) bad(self, `a ${name} of this instance (this one is another's)`, at);
  return notLive(self, name, at);
}

/** The rep of a live object. */
export function guestRep(value: unknown, name: string, at: string): number {
  const cell = (value as Partial<GuestObject>)[guest];
  if (cell === undefined || cell.rep === -1) notLive(value, name, at);
  return cell.rep;
}

export function notLive(value: unknown, name: string, at: string): never {
  bad(value, `a live ${name} (this one was dropped or given away)`, at);
}

/** The rep of an owner that the host gives up. */
export function giveGuest(value: unknown, name: string, at: string): number {
  const rep = guestRep(value, name, at);
  const cell = (value as GuestObject)[guest];
  if (cell.lent) bad(value, `an owned ${name} (this one is lent for a call)`, at);
  cell.rep = -1;
  return rep;
}

/** `[Symbol.dispose]` of an owner: runs the destructor once; later calls do nothing. */
export function disposeGuest(value: GuestObject): void {
  const cell = value[guest];
  if (cell.rep !== -1 && !cell.lent) dropGuest(cell);
}

function dropForgotten(cell: GuestCell): void {
  try {
    dropGuest(cell);
  } catch {
    // There is nobody to tell; the instance is dead by now, which its next call says.
  }
}

function dropGuest(cell: GuestCell): void {
  const { rep } = cell;
  const owner = ownerOf(cell);
  const entered = enteringSet(owner, undefined);
  enterAll(entered);
  cell.rep = -1;
  destruct(entered, owner, cell.cx.resources[cell.resource]!, rep);
}

function ownerOf({ cx, resource }: GuestCell): ComponentInstance {
  return cx.resources[resource]!.owner ?? cx;
}

/**
 * Runs the destructor of a type in the instance that implements it, and leaves what was `entered` for that.
 * Spec: `canon_resource_drop`.
 */
export function destruct(
  entered: readonly ComponentInstance[],
  owner: ComponentInstance,
  { destructor }: InstanceResource,
  rep: number,
): void {
  const { state, maySuspend } = owner;
  if (state === 2 || state === 3) refuseEnter(owner);
  owner.state = 1;
  // The stack from here on has JavaScript in it.
  owner.maySuspend = false;
  try {
    destructor!(rep);
    stillEntered(owner);
    owner.state = state;
  } catch (error) {
    owner.state = 3;
    throw error;
  } finally {
    owner.maySuspend = maySuspend;
    leaveAll(entered);
  }
}
