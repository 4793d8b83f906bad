/** Our side of what specification.py does: guests whose code writes down what it gets, and a host at the end. */
import { guest as cell, type GuestObject } from '../../src/guest-resource.ts';
import {
  canonFuse,
  canonLift,
  canonLower,
  canonResourceDrop,
  canonResourceNew,
  ComponentInstance,
  flattenFunctionType,
  guestResource,
  hostResource,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type InstanceResource,
  type LiftedFunction,
  type StringEncoding,
} from '../../src/types/index.ts';
import { ComponentError } from '../../src/errors.ts';
import { giveMemory } from '../../src/instance.ts';
import { own } from '../../src/types/index.ts';
import {
  coreFromWire,
  coreToWire,
  fromWire,
  handlesIn,
  toWire,
  typeOf,
  withoutHandles,
  type FoundHandle,
  type Objects,
  type Shape,
  type Wire,
} from './shape.ts';

const HEAP = 4096;
const PAGE = 65536;

/** What is asked of both sides. */
export type Request =
  | {
      readonly operation: 'lower';
      readonly params: readonly Shape[];
      readonly values: readonly Wire[];
      readonly encoding: StringEncoding;
    }
  | {
      readonly operation: 'lift';
      readonly params: readonly Shape[];
      readonly core: readonly Wire[];
      /** The beginning of the memory, in hexadecimal. */
      readonly memory: string;
      readonly encoding: StringEncoding;
    }
  | CallRequest;

/** A call from the host through guests to the host. */
export interface CallRequest {
  readonly operation: 'call';
  readonly params: readonly Shape[];
  readonly values: readonly Wire[];
  /** Whether the first argument is the result. */
  readonly returns: boolean;
  /** The last guest of the chain does not call the host. */
  readonly stops: boolean;
  /** One for each guest. */
  readonly encodings: readonly StringEncoding[];
  /** For each guest the one that it was made in, which comes before it; `null` for the host. */
  readonly parents: readonly (number | null)[];
  /** The guests that are called, in order; some perhaps twice. */
  readonly chain: readonly number[];
  /** What each of the chain does. */
  readonly acts: readonly Acts[];
  /** For each resource the guest that implements it; `null` for the host. */
  readonly owners: readonly (number | null)[];
  /** The reps of guests that the host has to begin with. */
  readonly made: readonly (readonly [resource: number, rep: number])[];
}

/** What a guest does beside passing on what it gets. */
export interface Acts {
  /** Bytes that it writes over its heap before it passes its arguments on. */
  readonly before: Changes;
  /** Numbers that it passes on in place of some of the core values, where those are of type i32. */
  readonly args: readonly (readonly [place: number, value: number])[];
  /** It drops the handles that it was lent, or given where the chain stops. */
  readonly drops: boolean;
  /** Bytes that it writes over its heap before it returns. */
  readonly after: Changes;
  /** What it returns in place of a core value of type i32; `null` for what it got. */
  readonly result: number | null;
}

type Changes = readonly (readonly [offset: number, byte: number])[];

/** Does what is asked; `trap` stands for any trap. Anything else that is thrown is thrown on. */
export function perform(request: Request): unknown {
  try {
    if (request.operation === 'lower') return lower(request);
    return request.operation === 'lift' ? lift(request) : call(request);
  } catch (error) {
    if ((error as Error).name === 'Trap') return { trap: true };
    throw error;
  }
}

type Event = readonly (Wire | readonly Wire[])[];

interface Guest {
  readonly name: number;
  readonly cx: ComponentInstance;
  readonly options: CanonicalOptions;
  readonly memory: WebAssembly.Memory;
  readonly allocate: (old: number, oldSize: number, alignment: number, size: number) => number;
  readonly heap: () => string;
  readonly overwrite: (changes: Changes) => void;
}

function newGuest(name: number, stringEncoding: StringEncoding, trace: Event[], parent?: Guest): Guest {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const fill = 0xa0 + name;
  new Uint8Array(memory.buffer).fill(fill);
  const cx = new ComponentInstance(`guest ${name}`, stringEncoding, parent?.cx);
  let top = HEAP;
  const allocate: Guest['allocate'] = (old, oldSize, alignment, size) => {
    const p = Math.ceil(top / alignment) * alignment;
    top = p + size;
    const { byteLength } = memory.buffer;
    if (top > byteLength) {
      memory.grow(Math.ceil((top - byteLength) / PAGE));
      new Uint8Array(memory.buffer).fill(fill, byteLength);
    }
    // What is left in a block that is no more is not compared.
    new Uint8Array(memory.buffer)
      .copyWithin(p, old, old + Math.min(oldSize, size))
      .fill(fill, old, old + oldSize);
    return p;
  };
  const options: CanonicalOptions = {
    stringEncoding,
    memory,
    realloc: (...args) => {
      const p = allocate(...args);
      trace.push([name, 'realloc', ...args, p]);
      return p;
    },
    postReturn: (...args) =>
      void trace.push([name, 'post', args.length === 1 && args[0] === undefined ? 0 : args.length]),
  };
  giveMemory(cx, memory, options.realloc);
  const heap = (): string => Buffer.from(memory.buffer, HEAP, top - HEAP).toString('hex');
  const overwrite = (changes: Changes): void => {
    if (top === HEAP) return;
    for (const [offset, byte] of changes)
      new Uint8Array(memory.buffer, HEAP, top - HEAP)[offset % (top - HEAP)] = byte;
  };
  return { name, cx, options, memory, allocate, heap, overwrite };
}

const noObjects: Objects = { objectOf: () => undefined, repOf: () => 0 };

function functionOf(shapes: readonly Shape[], returns: boolean): FunctionType {
  const params = shapes.map((shape, i) => ({ name: `p${i}`, type: typeOf(shape) }));
  return { name: 'f', params, result: returns ? params[0]!.type : undefined };
}

function lower({ params, values, encoding }: Extract<Request, { operation: 'lower' }>): unknown {
  const trace: Event[] = [];
  const guest = newGuest(0, encoding, trace);
  const type = functionOf(params, false);
  const flat = flattenFunctionType(type, 'lift').params;
  let core: readonly Wire[] = [];
  const callee = (...args: CoreValue[]): void => {
    core = coreToWire(flat, args);
  };
  canonLift(
    callee,
    type,
    { ...guest.options, postReturn: undefined },
    guest.cx,
  )(...jsValues(params, values, noObjects));
  return { flat, core, trace, memory: guest.heap() };
}

function lift({ params, core, memory, encoding }: Extract<Request, { operation: 'lift' }>): unknown {
  const guest = newGuest(0, encoding, []);
  const type = functionOf(params, false);
  new Uint8Array(guest.memory.buffer).fill(0).set(Buffer.from(memory, 'hex'));
  const args = coreFromWire(flattenFunctionType(type, 'lower').params, core);
  let values: unknown[] = [];
  const host = canonLower((...given: unknown[]) => void (values = given), type, guest.options, guest.cx);
  canonLift(() => host(...args), { name: 'run', params: [], result: undefined }, guest.options, guest.cx)();
  return { values: params.map((shape, i) => toWire(shape, values[i], noObjects)) };
}

function jsValues(shapes: readonly Shape[], wires: readonly Wire[], objects: Objects): unknown[] {
  return shapes.map((shape, i) => fromWire(shape, wires[i]!, objects));
}

/** A resource of the host. */
class Thing {
  declare rep: number;
}

function call(request: CallRequest): unknown {
  const { params, values, returns, stops, owners, made, acts } = request;
  const trace: Event[] = [];
  const guests: Guest[] = [];
  for (const [i, encoding] of request.encodings.entries()) {
    guests.push(newGuest(i, encoding, trace, guests[request.parents[i] ?? -1]));
  }
  const chain = request.chain.map((i) => guests[i]!);
  const resources = owners.map((owner, i) =>
    newResource(owner === null ? undefined : guests[owner]!, i, trace),
  );
  for (const { cx } of guests) cx.resources.push(...resources);
  const objects = newObjects(resources, owners, trace);
  const type = functionOf(params, returns);

  const echo = (...args: unknown[]): unknown => {
    const wires = params.map((shape, i) => toWire(shape, args[i], objects));
    trace.push(['host', 'called', wires]);
    return returns ? thrownIfError(params[0]!, fromWire(params[0]!, wires[0]!, objects)) : undefined;
  };
  let lifted: LiftedFunction | undefined;
  for (const [i, guest] of [...chain.entries()].toReversed()) {
    const next = lifted;
    const lowered =
      next !== undefined
        ? canonFuse(next, type, guest.options, guest.cx)
        : stops
          ? undefined
          : canonLower(echo, type, guest.options, guest.cx);
    const callee = coreFunction(guest, params, type, lowered, resources, acts[i]!, trace);
    lifted = { callee, type, options: guest.options, instance: guest.cx };
  }
  for (const [resource, rep] of made) objects.make(guests[owners[resource]!]!, resource, rep);
  const first = chain[0]!;
  const run = canonLift(lifted!.callee, type, first.options, first.cx);
  const result = returnedOrThrown(type, () => run(...jsValues(params, values, objects)));
  return {
    result: returns ? toWire(params[0]!, result, objects) : null,
    trace,
    memories: guests.map((guest) => guest.heap()),
    handles: guests.map(({ cx }) => cx.handles.size),
  };
}

/** A `result` is returned or thrown. */
function thrownIfError({ kind }: Shape, value: unknown): unknown {
  if (kind !== 'result') return value;
  const { tag, val } = value as { readonly tag: string; readonly val: unknown };
  if (tag === 'err') throw new ComponentError(val);
  return val;
}

function returnedOrThrown({ result }: FunctionType, run: () => unknown): unknown {
  if (result?.kind !== 'result') return run();
  try {
    return { tag: 'ok', val: run() };
  } catch (error) {
    if (!(error instanceof ComponentError)) throw error;
    return { tag: 'err', val: error.payload };
  }
}

function newResource(owner: Guest | undefined, number: number, trace: Event[]): InstanceResource {
  const name = `resource ${number}`;
  const implementation = class extends Thing {
    [Symbol.dispose](): void {
      trace.push(['dropped', number, this.rep]);
    }
  };
  if (owner === undefined) return hostResource(name, implementation);
  const destructor = (rep: number): void => void trace.push(['dropped', number, rep]);
  return Object.assign(guestResource(name, owner.cx), { destructor });
}

interface AllObjects extends Objects {
  /** Has a guest make one of its resources and give it to the host. */
  readonly make: (guest: Guest, resource: number, rep: number) => void;
}

function newObjects(
  resources: readonly InstanceResource[],
  owners: readonly (number | null)[],
  trace: Event[],
): AllObjects {
  const known = new Map<string, unknown>();
  const keyOf = (resource: number, rep: number): string => `${resource}:${rep}`;
  return {
    objectOf: (resource, rep) => {
      const key = keyOf(resource, rep);
      if (!known.has(key) && owners[resource] === null) {
        const Class = resources[resource]!.implementation as new () => Thing;
        known.set(key, Object.assign(new Class(), { rep }));
      }
      return known.get(key);
    },
    repOf: (resource, object) => {
      const rep = owners[resource] === null ? (object as Thing).rep : (object as GuestObject)[cell].rep;
      known.set(keyOf(resource, rep), object);
      return rep;
    },
    make: ({ cx, options }, resource, rep) => {
      const create = canonResourceNew(resource, cx);
      const type: FunctionType = { name: 'make', params: [], result: own(resource) };
      const object = canonLift(() => create(rep), type, { ...options, postReturn: undefined }, cx)();
      known.set(keyOf(resource, rep), object);
      void trace;
    },
  };
}

/**
 * A guest's code: writes down what it gets, passes it on, drops what it was lent, and returns what comes back. Where
 * the chain stops, it drops what it was given, too.
 */
function coreFunction(
  guest: Guest,
  shapes: readonly Shape[],
  type: FunctionType,
  lowered: CoreCallee | undefined,
  resources: readonly InstanceResource[],
  acts: Acts,
  trace: Event[],
): CoreCallee {
  const liftType = flattenFunctionType(type, 'lift');
  const lowerType = flattenFunctionType(type, 'lower');
  return (...args) => {
    trace.push([guest.name, 'called', coreToWire(liftType.params, args)]);
    const given = handlesGiven(guest, shapes, args);
    const area: number[] = [];
    if (lowerType.params.length > liftType.params.length) {
      area.push(guest.allocate(0, 0, type.result!.alignment, type.result!.size));
    }
    guest.overwrite(acts.before);
    const passed = [...args, ...area];
    for (const [place, value] of acts.args) {
      const at = place % passed.length;
      if (lowerType.params[at] === 'i32') passed[at] = value | 0;
    }
    const result = lowered?.(...passed);
    trace.push([guest.name, 'got', coreToWire(lowerType.results, result === undefined ? [] : [result])]);
    for (const { kind, resource, wire } of given) {
      const isDropped = kind === 'borrow' ? resources[resource]!.owner !== guest.cx : lowered === undefined;
      if (isDropped && acts.drops) canonResourceDrop(resource, guest.cx)(wire as number);
    }
    guest.overwrite(acts.after);
    if (acts.result !== null && liftType.results[0] === 'i32') return acts.result | 0;
    return area[0] ?? result;
  };
}

/** The handles among a guest's arguments, read as its own code would: by a host that knows nothing of handles. */
function handlesGiven(guest: Guest, shapes: readonly Shape[], args: readonly CoreValue[]): FoundHandle[] {
  const plain = shapes.map(withoutHandles);
  const reader = new ComponentInstance('reader', guest.cx.stringEncoding);
  const options = { ...guest.options, postReturn: undefined };
  let found: FoundHandle[] = [];
  const look = (...values: unknown[]): void => {
    found = shapes.flatMap((shape, i) => handlesIn(shape, toWire(plain[i]!, values[i], noObjects)));
  };
  const run = canonLower(look, functionOf(plain, false), options, reader);
  canonLift(() => run(...args), { name: 'read', params: [], result: undefined }, options, reader)();
  return found;
}
