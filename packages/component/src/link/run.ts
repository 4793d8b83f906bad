/** Carries out a plan: one component instance, with all that is inside it. */
import {
  canonFuse,
  canonFuseSuspending,
  canonLower,
  canonLowerSuspending,
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  ComponentInstance,
  enter,
  guestResource,
  leave,
  type CanonicalOptions,
  type CoreCallee,
  type FunctionType,
  type InstanceResource,
  type LiftedFunction,
} from '@wittle/runtime/types';
import { mayLeave, trap, trapOnThrow } from '@wittle/runtime/abi';
import type { AsyncCanonKind, Sort } from '../binary/definition.ts';
import { resourceClass } from './resource-class.ts';
import type { Bindings, Named, Options, Plan, Step } from './plan.ts';

/** A component with what it refers to outside itself: it can be instantiated any number of times. */
export interface ComponentValue {
  readonly plan: Plan;
  /** The instance that it is inside of; `undefined` for a root component. */
  readonly outer: Frame | undefined;
}

/** A function that the host gives. */
export interface HostFunction {
  /** For messages: `wasi:io/poll.pollable.block`. */
  readonly name: string;
  /** A method takes what it is called on first. */
  readonly call: (...args: never[]) => unknown;
  /** Its result may be a promise. */
  readonly mayBlock: boolean;
}

/** What functions are at run time. */
export type FunctionValue = LiftedFunction | HostFunction;

export function isLifted(value: FunctionValue): value is LiftedFunction {
  return 'callee' in value;
}

/** What an item is at run time. Of types there are only the resources, any other is `undefined`. */
export type Value =
  FunctionValue | InstanceValue | ComponentValue | WebAssembly.Module | InstanceResource | undefined;

/** An instance: its exports by their names. */
export interface InstanceValue extends ReadonlyMap<string, Value> {}

/** A component instance while it is made, and as what refers to it from inside sees it. */
export interface Frame {
  readonly cx: ComponentInstance;
  readonly outer: Frame | undefined;
  readonly spaces: Record<Sort, unknown[]>;
  readonly exports: Map<string, Value>;
  /** By the numbers of the plan; those of `cx`, if the runtime makes the core functions. */
  readonly resources: InstanceResource[];
}

/** A core instance to be made. What comes back are its exports. */
export interface CoreRequest {
  readonly module: WebAssembly.Module;
  readonly imports: WebAssembly.Imports;
  /** The component instance that it is in. */
  readonly cx: ComponentInstance;
}

/** What one instantiation of a root component goes by. */
export interface Linking {
  /** Host functions that may wait suspend the guests. */
  readonly suspends: boolean;
  /** Instances that can reach a host function that may wait. */
  readonly waiting: Set<ComponentInstance>;
  /** Core functions that are none of a core module, and cannot wait. */
  readonly plain: WeakSet<CoreCallee>;
  /** Instances that are being made. */
  readonly unfinished: Set<ComponentInstance>;
  /** Instances made so far, of components and of core modules. */
  instances: number;
  /** Steps taken so far: what a small component can multiply is bounded. */
  steps: number;
  /** Core functions of someone else's in place of the runtime's. */
  readonly canon: GivenCanon | undefined;
}

/** What makes the core functions of a root when it is not the runtime. */
export interface GivenCanon {
  /** The root's instance. It has been entered, and its resources are not those of the plan. */
  readonly cx: ComponentInstance;
  readonly lower: (callee: FunctionValue, options: CanonicalOptions, cx: ComponentInstance) => CoreCallee;
  readonly resource: (
    builtIn: 'new' | 'rep' | 'drop',
    resource: number,
    type: InstanceResource,
    cx: ComponentInstance,
  ) => CoreCallee;
}

export function newLinking(canon?: GivenCanon): Linking {
  return {
    suspends: false,
    waiting: new Set(),
    plain: new WeakSet(),
    unfinished: new Set(),
    instances: 0,
    steps: 0,
    canon,
  };
}

/** More would be an attack rather than a program. */
const MAX_INSTANCES = 10_000;
const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 100;

/** Instantiates; yields the core instances to make, so that the caller can make them at once or wait for them. */
export function* run(
  component: ComponentValue,
  args: InstanceValue,
  parent: ComponentInstance | undefined,
  linking: Linking,
  depth: number = 0,
): Generator<CoreRequest, Frame, WebAssembly.Exports> {
  if (depth > MAX_DEPTH) throw new RangeError(`component instances are nested more than ${MAX_DEPTH} deep`);
  another(linking, component.plan.steps.length);
  const { canon } = linking;
  const cx = (depth === 0 && canon?.cx) || new ComponentInstance('root', undefined, parent);
  const frame: Frame = {
    cx,
    outer: component.outer,
    spaces: newSpaces(),
    exports: new Map(),
    resources: canon === undefined ? cx.resources : [],
  };
  linking.unfinished.add(cx);
  for (const step of component.plan.steps) {
    if (step.kind === 'instantiate') {
      const given = at(frame, 'component', step.component) as ComponentValue;
      const made = yield* run(given, named(frame, step.args), cx, linking, depth + 1);
      add(frame, 'instance', made.exports, step.bindings);
    } else if (step.kind === 'core instantiate') {
      another(linking, 0);
      const imports = Object.create(null) as WebAssembly.Imports;
      for (const arg of step.args)
        imports[arg.name] = at(frame, arg.sort, arg.index) as WebAssembly.ModuleImports;
      const module = at(frame, 'core module', step.module) as WebAssembly.Module;
      // A start function may call out.
      if (canon === undefined) enter(cx);
      add(frame, 'core instance', yield { module, imports, cx });
      if (canon === undefined) leave(cx);
    } else carryOut(step, frame, args, linking);
  }
  linking.unfinished.delete(cx);
  return frame;
}

function another(linking: Linking, steps: number): void {
  if (++linking.instances > MAX_INSTANCES) {
    throw new RangeError(`the component consists of more than ${MAX_INSTANCES} instances`);
  }
  linking.steps += steps;
  if (linking.steps > MAX_STEPS) {
    throw new RangeError(`the component's instances consist of more than ${MAX_STEPS} definitions`);
  }
}

/** The steps that make no instance. */
function carryOut(
  step: Exclude<Step, { kind: 'instantiate' | 'core instantiate' }>,
  frame: Frame,
  args: InstanceValue,
  linking: Linking,
): void {
  const { cx } = frame;
  switch (step.kind) {
    case 'core module':
      return add(frame, 'core module', step.module);
    case 'core exports':
      return add(
        frame,
        'core instance',
        Object.assign(Object.create(null), Object.fromEntries(named(frame, step.exports))),
      );
    case 'component':
      return add(frame, 'component', { plan: step.plan, outer: frame } satisfies ComponentValue);
    case 'exports':
      return add(frame, 'instance', named(frame, step.exports), step.bindings);
    case 'alias': {
      const instance = at(frame, step.of, step.instance);
      return add(
        frame,
        step.sort,
        step.of === 'instance'
          ? (instance as InstanceValue).get(step.name)
          : (instance as WebAssembly.Exports)[step.name],
      );
    }
    case 'outer': {
      let scope = frame;
      for (let i = 0; i < step.scopes; i++) scope = scope.outer!;
      return add(frame, step.sort, at(scope, step.sort, step.index));
    }
    case 'type':
      return add(frame, 'type', undefined);
    case 'resource': {
      const resource = guestResource(step.name, cx);
      resource.implementation = resourceClass(step.name);
      if (step.destructor !== undefined) {
        resource.destructor = at(frame, 'core function', step.destructor) as (rep: number) => void;
      }
      frame.resources[step.resource] = resource;
      return add(frame, 'type', resource);
    }
    case 'lift':
      return add(frame, 'function', {
        callee: at(frame, 'core function', step.callee) as CoreCallee,
        type: step.type,
        options: optionsIn(frame, step.options),
        instance: cx,
      } satisfies LiftedFunction);
    case 'lower': {
      const callee = at(frame, 'function', step.callee) as FunctionValue;
      return add(
        frame,
        'core function',
        lower(callee, step.type, optionsIn(frame, step.options), cx, linking),
      );
    }
    case 'resource.new':
    case 'resource.rep':
    case 'resource.drop':
      return add(frame, 'core function', resourceFunction(step, frame, linking));
    case 'async built-in':
      return add(frame, 'core function', asyncBuiltIn(step.name, cx));
    case 'import':
      return add(frame, step.sort, args.get(step.name), step.bindings);
    case 'export': {
      const { name, sort, index } = step.item;
      const value = at(frame, sort, index) as Value;
      frame.exports.set(name, value);
      return add(frame, sort, value, step.bindings);
    }
  }
}

/** Spec: `canon_lower`; a function of another component is called without JavaScript values in between. */
function lower(
  callee: FunctionValue,
  type: FunctionType,
  options: CanonicalOptions,
  cx: ComponentInstance,
  linking: Linking,
): CoreCallee {
  const { canon, plain, suspends, waiting } = linking;
  if (canon !== undefined) return canon.lower(callee, options, cx);
  const waits = isLifted(callee) ? canWait(callee, linking) : suspends && callee.mayBlock;
  if (waits) waiting.add(cx);
  const core = isLifted(callee)
    ? (waits ? canonFuseSuspending : canonFuse)(callee, type, options, cx)
    : (waits ? canonLowerSuspending : canonLower)(callee.call, { ...type, name: callee.name }, options, cx);
  if (!waits) plain.add(core);
  return core;
}

/** Whether a call can come to a host function that may wait. */
export function canWait(
  { callee, instance }: LiftedFunction,
  { suspends, waiting, unfinished, plain }: Linking,
): boolean {
  // What an instance can reach that is not finished is not known yet.
  return suspends && !plain.has(callee) && (waiting.has(instance) || unfinished.has(instance));
}

function resourceFunction(
  { kind, resource }: Step & { kind: 'resource.new' | 'resource.rep' | 'resource.drop' },
  { cx, resources }: Frame,
  { canon, plain }: Linking,
): CoreCallee {
  const builtIn = kind.slice(9) as 'new' | 'rep' | 'drop';
  if (canon !== undefined) return canon.resource(builtIn, resource, resources[resource]!, cx);
  const make = { new: canonResourceNew, rep: canonResourceRep, drop: canonResourceDrop }[builtIn];
  const core = make(resource, cx) as CoreCallee;
  plain.add(core);
  return core;
}

/** There are no tasks to hold back; every other built-in traps, when it is called and not before. */
function asyncBuiltIn(name: AsyncCanonKind, cx: ComponentInstance): CoreCallee {
  if (name.startsWith('backpressure')) return () => {};
  return trapOnThrow(cx, () => {
    mayLeave(cx);
    return trap(`\`${name}\` was called, which cannot be run yet`);
  });
}

function optionsIn(frame: Frame, { stringEncoding, memory, realloc, postReturn }: Options): CanonicalOptions {
  const find = (sort: Sort, index: number | undefined): unknown =>
    index === undefined ? undefined : at(frame, sort, index);
  return {
    stringEncoding,
    memory: find('core memory', memory) as WebAssembly.Memory | undefined,
    realloc: find('core function', realloc) as CanonicalOptions['realloc'],
    postReturn: find('core function', postReturn) as CanonicalOptions['postReturn'],
  };
}

// Index spaces

function newSpaces(): Record<Sort, unknown[]> {
  return {
    'core function': [],
    'core table': [],
    'core memory': [],
    'core global': [],
    'core tag': [],
    'core type': [],
    'core module': [],
    'core instance': [],
    function: [],
    value: [],
    type: [],
    component: [],
    instance: [],
  };
}

/** Validation has seen to it that there is something of the right kind. */
function at(frame: Frame, sort: Sort, index: number): unknown {
  return frame.spaces[sort][index];
}

function add(frame: Frame, sort: Sort, value: unknown, bindings: Bindings = []): void {
  frame.spaces[sort].push(value);
  for (const { path, resource } of bindings) {
    let found = value;
    for (const name of path) found = (found as InstanceValue).get(name);
    frame.resources[resource] = found as InstanceResource;
  }
}

function named(frame: Frame, items: readonly Named[]): Map<string, Value> {
  return new Map(items.map(({ name, sort, index }) => [name, at(frame, sort, index) as Value]));
}
