/** `own<R>`: a handle that moves. Spec: `lift_own`, `lower_own`. */
import { bad } from '../errors.ts';
import { adoptGuest, giveGuest, guest, notLive, type GuestObject } from '../guest-resource.ts';
import { ResourceHandle } from '../handle-table.ts';
import type { ComponentInstance, InstanceResource } from '../instance.ts';
import { trap } from '../trap.ts';
import { loadU32, storeU32 } from './u32.ts';
import { leaf, type ValueType } from './value-type.ts';

/** Takes a handle out of the guest's table: the host's object, or a host-side owner of the guest's. */
export function liftOwn(cx: ComponentInstance, index: number, resource: number): unknown {
  const rep = takeOwn(cx, index, resource);
  return cx.resources[resource]!.destructor === undefined ? rep : adoptGuest(cx, resource, rep as number);
}

/** Takes a handle to the guest's own resource out of its table: its rep, for a new owner on the host's side. */
export function takeRep(cx: ComponentInstance, index: number, resource: number): number {
  return takeOwn(cx, index, resource) as number;
}

/** Takes an owned handle out of the table: what stands behind it. Spec: `lift_own`. */
export function takeOwn(cx: ComponentInstance, index: number, resource: number): unknown {
  const type = cx.resources[resource]!;
  const handle = cx.handles.remove(index, type);
  if (handle.lends !== 0) trap(`cannot remove owned resource while borrowed: handle index ${index} is lent`);
  if (!handle.own) trap(`cannot transfer ownership: handle index ${index} is a borrow of ${type.name}`);
  return handle.rep;
}

/** Puts what a handle of another instance stood for into this one's table. Spec: `lower_own`. */
export function receiveOwn(cx: ComponentInstance, rep: unknown, resource: number): number {
  const type = cx.resources[resource]!;
  const index = cx.handles.add(new ResourceHandle(type, rep, true));
  cx.scope?.lowered.push({ index, type, value: undefined });
  return index;
}

/** `[resource-new]`: a handle to a rep of the guest's own. Spec: `canon_resource_new`. */
export function newHandle(cx: ComponentInstance, rep: number, resource: number): number {
  return cx.handles.add(new ResourceHandle(cx.resources[resource]!, rep >>> 0, true));
}

/** `[resource-rep]`: the rep behind a handle to the guest's own resource. Spec: `canon_resource_rep`. */
export function handleRep(cx: ComponentInstance, index: number, resource: number): number {
  return cx.handles.get(index, cx.resources[resource]!).rep as number;
}

/** Puts what the host gives up into the guest's table. */
export function lowerOwn(cx: ComponentInstance, value: unknown, resource: number, at: string): number {
  const type = cx.resources[resource]!;
  if (!isOf(value, type)) badResource(value, type, at);
  const rep = type.destructor === undefined ? value : giveGuest(value, type.name, at);
  return cx.handles.add(new ResourceHandle(type, rep, true));
}

/** Whether a value of the host stands for a resource of this type. */
export function isOf(value: unknown, type: InstanceResource): boolean {
  if (type.destructor === undefined) return value instanceof type.implementation;
  const cell = (value as Partial<GuestObject> | null | undefined)?.[guest];
  return cell !== undefined && cell.cx.resources[cell.resource] === type;
}

/** An object that looks as if it did has not got anything behind it. */
export function badResource(value: unknown, { name, implementation }: InstanceResource, at: string): never {
  if (value instanceof implementation) notLive(value, name, at);
  bad(value, `a ${name}`, at);
}

/** `own<R>` as a descriptor; `resource` is the type's number in `cx.resources`. */
export function own(resource: number): ValueType {
  const lower = (cx: ComponentInstance, value: unknown, at: string): number => {
    const index = lowerOwn(cx, value, resource, at);
    cx.scope?.lowered.push({ index, type: cx.resources[resource]!, value });
    return index;
  };
  return leaf({
    kind: 'own',
    size: 4,
    core: 'i32',
    count: resource,
    load: (cx, p) => liftOwn(cx, loadU32(cx, p), resource),
    store: (cx, p, value, at) => storeU32(cx, p, lower(cx, value, at)),
    liftCore: (cx, index) => liftOwn(cx, (index as number) >>> 0, resource),
    lowerCore: lower,
  });
}
