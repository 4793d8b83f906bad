/**
 * Components that are one core program with canonical definitions around it, for callers that have core functions of
 * their own in place of `canon lower` and the resource built-ins, and call themselves what `canon lift` lifts.
 */
import {
  ComponentInstance,
  type CanonicalOptions,
  type CoreCallee,
  type CoreCanon,
  type CoreLifts,
  type InstanceResource,
  type LiftedFunction,
} from '@wittle/runtime/types';
import type { Externs } from '../validate/component-type.ts';
import {
  isLifted,
  newLinking,
  type ComponentValue,
  type FunctionValue,
  type GivenCanon,
  type HostFunction,
  type InstanceValue,
} from './frame.ts';
import { run, type CoreRequest } from './run.ts';
import { importsByPath, pathOf, standIn, standIns } from './stand-ins.ts';
import type { WasmExports } from '@wittle/runtime';

/** What such a component was found to be, without running anything of it. */
export interface CoreView {
  /** For each `canon lower` in order: its memory and allocator are those that the exports are lifted with. */
  readonly main: readonly boolean[];
  /** The paths of the resources that the root defines and exports, by their numbers in its plan. */
  readonly defined: ReadonlyMap<number, string>;
}

/**
 * Goes through the plan with stand-ins for everything: `undefined` unless the root itself lowers all that is lowered and
 * lifts all that is exported, with UTF-8 strings, one memory and one allocator.
 */
export function coreViewOf(component: ComponentValue): CoreView | undefined {
  const cx = new ComponentInstance('');
  let fits = true;
  const require = (condition: boolean): void => void (fits &&= condition);
  const lowered: CanonicalOptions[] = [];
  const used = new Map<number, InstanceResource>();
  const canon: GivenCanon = {
    cx,
    lower(callee, options, from) {
      require(from === cx && !isLifted(callee) && options.stringEncoding === 'utf8');
      lowered.push(options);
      return standIn;
    },
    resource(_, resource, type, from) {
      require(from === cx);
      used.set(resource, type);
      return standIn;
    },
    other: () => require(false),
  };
  const { imports, exports } = component.plan.type;
  const making = run(component, importsByPath(imports), newLinking(canon));
  let step = making.next();
  while (step.done !== true) {
    require(step.value.cx === cx);
    step = making.next(standIns());
  }
  const frame = step.value;

  const memories = new Set<unknown>();
  const allocators = new Set<unknown>();
  const defined = new Map<number, string>();
  for (const [path, value] of valuesByPath(exports, frame.exports)) {
    if (value === undefined) continue;
    if (isResource(value)) {
      require(value.owner === cx || value.owner === undefined);
      const number = frame.resources.indexOf(value);
      if (value.owner === cx && !defined.has(number)) defined.set(number, path);
    } else {
      require(isLifted(value) && value.instance === cx);
      if (!isLifted(value)) continue;
      const { stringEncoding, memory, realloc } = value.options;
      require(stringEncoding === 'utf8');
      if (memory !== undefined) memories.add(memory);
      if (realloc !== undefined) allocators.add(realloc);
    }
  }
  require(memories.size <= 1 && allocators.size <= 1);
  // Exports that need none leave it to imports which ones are the main ones.
  for (const { memory, realloc } of lowered) {
    if (memory !== undefined && memories.size === 0) memories.add(memory);
    if (realloc !== undefined && allocators.size === 0) allocators.add(realloc);
  }
  for (const [number, { owner }] of used) require(owner === undefined || defined.has(number));
  const isMain = ({ memory, realloc }: CanonicalOptions): boolean =>
    (memory === undefined || memories.has(memory)) && (realloc === undefined || allocators.has(realloc));
  return fits ? { main: lowered.map(isMain), defined } : undefined;
}

/** Makes the core instances, with `cx` as the root's instance. Yields as `run` does. */
export function* runCore(
  component: ComponentValue,
  { main, defined }: CoreView,
  cx: ComponentInstance,
  canon: CoreCanon,
): Generator<CoreRequest, CoreLifts, WasmExports> {
  const { imports, exports } = component.plan.type;
  let lowered = 0;
  const frame = yield* run(
    component,
    importsByPath(imports),
    newLinking({
      cx,
      lower: (callee, options) => canon.lower((callee as HostFunction).name, options, main[lowered++]!),
      resource: (builtIn, number, { owner, name }) =>
        owner === undefined
          ? canon.resource('import', name, builtIn)
          : canon.resource('export', defined.get(number)!, builtIn),
      other: () => {},
    }),
  );
  const found = new Map(valuesByPath(exports, frame.exports));
  return {
    lift: (path) => found.get(path) as LiftedFunction,
    destructor: (path) => (found.get(path) as InstanceResource).destructor as CoreCallee | undefined,
  };
}

function* valuesByPath(
  externs: Externs,
  values: InstanceValue,
  owner = '',
): Generator<[path: string, value: FunctionValue | InstanceResource | undefined]> {
  for (const [name, { type }] of externs) {
    const path = pathOf(owner, name);
    const value = values.get(name);
    if (type.kind === 'instance') yield* valuesByPath(type.exports, value as InstanceValue, path);
    else if (type.kind === 'function' || type.kind === 'type')
      yield [path, value as FunctionValue | InstanceResource | undefined];
  }
}

function isResource(value: FunctionValue | InstanceResource): value is InstanceResource {
  return 'implementation' in value;
}
