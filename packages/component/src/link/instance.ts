/** An instance of a component with what the host gives it, as the host gets it. */
import { canSuspend, LinkError, type InstanceLimits } from '@wittle/runtime';
import { WASI_BLOCKING } from './blocking.ts';
import { offerExports } from './exports.ts';
import type { Making } from './finish.ts';
import { takeImports } from './imports.ts';
import { newLinking, type ComponentValue } from './frame.ts';
import { run } from './run.ts';

/** Options of `instantiate`. */
export interface InstantiateOptions {
  /**
   * How a host call that is not ready waits. `jspi` (the default where WebAssembly has it) suspends the guest's stack;
   * `none` makes such a call fail with an error that says so.
   */
  readonly blocking?: 'jspi' | 'none';
  /**
   * Imported functions that may return promises, beside `async` ones and those of WASI that wait by their definition:
   * names as in `demo:shop/db#query`, `log` for one of the root, or `*` for all. When a component imports any of them,
   * or of those of WASI, its exports return promises.
   */
  readonly mayBlock?: readonly string[];
  /** Exported functions, of those that are not `async`, that stay synchronous all the same: names as in `demo:shop/cart#add`, or `*` for all. */
  readonly syncExports?: readonly string[];
  /**
   * Asked about an import that is missing or lacks something (`wasi:http/types@0.2.3`): true lets the component run all
   * the same, and calling a function that is not there is a trap that names it. Default: false for all.
   */
  readonly trapMissing?: (name: string) => boolean;
  /** Bounds of what the guest may hold. */
  readonly limits?: InstanceLimits;
  /** Told of the table of handles of each instance of a component that is made: `size` is how many are live. */
  readonly onHandles?: (table: { readonly size: number }) => void;
}

/**
 * Instantiates a root component. What comes back has its exports; components among them are made objects by `wrap`.
 * Throws LinkError before anything runs.
 */
export function* makeInstance(
  component: ComponentValue,
  imports: object,
  options: InstantiateOptions,
  wrap: (component: ComponentValue) => object,
): Making<object> {
  const { type, problems } = component.plan;
  const blocking = new Set([...WASI_BLOCKING, ...(options.mayBlock ?? [])]);
  const sync = new Set(options.syncExports);
  const has = (names: ReadonlySet<string>, name: string): boolean => names.has('*') || names.has(name);
  const taken = takeImports(
    type.imports,
    imports,
    (name) => has(blocking, name),
    options.trapMissing ?? (() => false),
  );
  const unfit = [...problems, ...taken.problems];
  if (unfit.length > 0) throw new LinkError('root', unfit);
  const linking = {
    ...newLinking(),
    handles: options.limits?.handles,
    onHandles: options.onHandles,
    suspends: (taken.mayBlock || taken.isAsync) && options.blocking !== 'none' && canSuspend(),
  };
  const { exports } = yield* run(component, taken.values, linking);
  return offerExports(type.exports, exports, {
    linking,
    later: (name) => taken.mayBlock && !has(sync, name),
    component: wrap,
  });
}
