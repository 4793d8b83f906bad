/** What a component exports, as JavaScript has it: functions, classes, and an object for each instance. */
import { canonLift, canonLiftAsync, canonLiftSuspending, type InstanceResource } from '@wittle/runtime/types';
import type { Externs } from '../validate/component-type.ts';
import { canWait } from './canon.ts';
import { keysOf } from './keys.ts';
import { camelCase, functionKey, functionLabel, functionName, unversioned } from './names.ts';
import { addMember, setConstructor } from './resource-class.ts';
import {
  isLifted,
  type ComponentValue,
  type FunctionValue,
  type InstanceValue,
  type Linking,
} from './frame.ts';

/** How exports are given to the host. */
export interface Offering {
  readonly linking: Linking;
  /** Whether a function gives a promise; names are as in options. */
  readonly later: (name: string) => boolean;
  readonly component: (value: ComponentValue) => object;
}

/** The exports of a root: its own by their names, interfaces by theirs, with and without version, and in short. */
export function offerExports(externs: Externs, values: InstanceValue, offering: Offering): object {
  const offered = offer(externs, values, '', offering, new Map());
  const instances = [...externs.values()].filter(({ type }) => type.kind === 'instance');
  const short = new Map<string, unknown>();
  const twice = new Set<string>();
  for (const {
    name: { name },
  } of instances) {
    const bare = unversioned(name);
    for (const key of new Set([bare, functionKey(camelCase(bare.replace(/^.*\//, '')))])) {
      if (short.has(key)) twice.add(key);
      short.set(key, offered[name]);
    }
  }
  for (const [key, value] of short) if (!twice.has(key) && !Object.hasOwn(offered, key)) offered[key] = value;
  return offered;
}

/** Instances that are there several times are the same object. */
type Known = Map<Externs, Map<InstanceValue, Offered>>;

type Offered = Record<string, unknown>;

function offer(
  externs: Externs,
  values: InstanceValue,
  owner: string,
  offering: Offering,
  known: Known,
): Offered {
  const before = known.get(externs)?.get(values);
  if (before !== undefined) return before;
  const offered = Object.create(null) as Offered;
  known.set(externs, (known.get(externs) ?? new Map<InstanceValue, Offered>()).set(values, offered));
  const isRoot = owner === '';
  const keys = keysOf(externs);

  const addClass = (key: string, label: string, resource: InstanceResource): void => {
    const { implementation } = resource;
    if (resource.owner !== undefined) {
      addMember(implementation, 'name', key);
      // Until here it had none of its own.
      Object.assign(resource, { name: label });
    }
    offered[key] = implementation;
  };

  const addFunction = (name: string, isAsync: boolean, value: FunctionValue): void => {
    const { role, resource } = functionName(name);
    const key = keys.member(name);
    const later =
      isAsync || (role !== 'constructor' && offering.later(isRoot ? name : `${unversioned(owner)}#${name}`));
    const call = callable(value, functionLabel(owner, name), later, offering.linking);
    const of = role === 'function' ? undefined : (values.get(resource) as InstanceResource | undefined);
    // The host's own classes are not changed.
    if (of?.owner === undefined) offered[of === undefined ? key : name] = call;
    else if (role === 'constructor') setConstructor(of.implementation, call as () => object);
    else if (role === 'static') addMember(of.implementation, key, call);
    else addMember(of.implementation.prototype as object, key, methodOf(call, value));
  };

  for (const [name, { type }] of externs) {
    const value = values.get(name);
    const key = isRoot && type.kind === 'instance' ? name : keys.member(name);
    if (type.kind === 'function') addFunction(name, type.async, value as FunctionValue);
    else if (type.kind === 'instance')
      offered[key] = offer(type.exports, value as InstanceValue, name, offering, known);
    else if (type.kind === 'component') offered[key] = offering.component(value as ComponentValue);
    else if (type.kind === 'core module') offered[key] = value;
    else if (type.type.kind === 'resource')
      addClass(keys.class(name), functionLabel(owner, name), value as InstanceResource);
  }
  // A dictionary until here. What is a prototype is laid out for speed, and is so for good once something is asked of it.
  void (Object.create(offered) as Offered)[''];
  return offered;
}

/** What a function is called on becomes its first argument. */
function methodOf(
  call: (...args: unknown[]) => unknown,
  value: FunctionValue,
): (this: unknown, ...args: unknown[]) => unknown {
  // A fixed number of arguments is faster.
  return isLifted(value) && value.type.params.length <= 3
    ? function (a, b) {
        return call(this, a, b);
      }
    : function (...args) {
        return call(this, ...args);
      };
}

function callable(
  value: FunctionValue,
  name: string,
  later: boolean,
  linking: Linking,
): (...args: unknown[]) => unknown {
  let call: (...args: never[]) => unknown;
  if (isLifted(value)) {
    const { callee, options, instance } = value;
    const type = { ...value.type, name };
    const waits = later && canWait(value, linking);
    if (options.async === true) return canonLiftAsync({ ...value, type }, waits);
    if (waits) return canonLiftSuspending(callee, type, options, instance);
    call = canonLift(callee, type, options, instance);
  } else ({ call } = value);
  const plain = call as (...args: unknown[]) => unknown;
  return later ? async (...args) => plain(...args) : plain;
}
