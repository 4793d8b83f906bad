/** `own<R>`: a handle that moves. Spec: `lift_own`, `lower_own`. */
import { bad } from '../errors.ts';
import { adoptGuest, giveGuest, guestRep } from '../guest-resource.ts';
import { ResourceHandle } from '../handle-table.ts';
import type { ComponentInstance } from '../instance.ts';
import { trap } from '../trap.ts';

/** Takes a handle out of the guest's table: the host's object, or a host-side owner of the guest's. */
export function liftOwn(cx: ComponentInstance, index: number, resource: number): unknown {
  const type = cx.resources[resource]!;
  const handle = cx.handles.remove(index, type);
  if (!handle.own) trap(`cannot transfer ownership: handle index ${index} is a borrow of ${type.name}`);
  if (handle.lends !== 0) trap(`cannot transfer ownership: handle index ${index} is lent`);
  return type.destructor === undefined ? handle.rep : adoptGuest(cx, resource, handle.rep as number);
}

/** Puts what the host gives up into the guest's table. */
export function lowerOwn(cx: ComponentInstance, value: unknown, resource: number, at: string): number {
  const type = cx.resources[resource]!;
  if (!(value instanceof type.implementation)) badResource(value, type.name, at);
  const rep = type.destructor === undefined ? value : giveGuest(value, type.name, at);
  return cx.handles.add(new ResourceHandle(type, rep, true));
}

/**
 * Checks a handle that is going to be lowered, and lowers nothing: when a call takes several, each is known to be right
 * before the first one goes into the guest's table.
 */
export function checkHandle(cx: ComponentInstance, value: unknown, resource: number, at: string): void {
  const type = cx.resources[resource]!;
  if (!(value instanceof type.implementation)) badResource(value, type.name, at);
  if (type.destructor !== undefined) guestRep(value, type.name, at);
}

export function badResource(value: unknown, name: string, at: string): never {
  bad(value, `a ${name}`, at);
}
