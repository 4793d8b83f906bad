/** Carries out a plan: one component instance, with all that is inside it. */
import { LinkError } from '@wittle/runtime';
import { ComponentInstance, enter, leave, limitHandles } from '@wittle/runtime/types';
import { add, type ComponentValue, type Frame, type InstanceValue, type Linking } from './frame.ts';
import type { WasmExports, WasmImports, WasmModule } from '@wittle/runtime';

/** A core instance to be made. What comes back are its exports. */
export interface CoreRequest {
  readonly module: WasmModule;
  readonly imports: WasmImports;
  /** The component instance that it is in. */
  readonly cx: ComponentInstance;
}

/** More would be an attack rather than a program. */
const MAX_INSTANCES = 10_000;
const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 100;

/** Instantiates; yields the core instances to make, so that the caller can make them at once or wait for them. */
export function* run(
  { plan: { steps }, outer }: ComponentValue,
  args: InstanceValue,
  linking: Linking,
  parent?: ComponentInstance,
  depth: number = 0,
): Generator<CoreRequest, Frame, WasmExports> {
  const { canon, unfinished } = linking;
  linking.instances++;
  linking.steps += steps.length;
  atMost(depth, MAX_DEPTH, 'instances inside each other');
  atMost(linking.steps, MAX_STEPS, 'definitions in its instances');
  const cx = (depth === 0 && canon?.cx) || new ComponentInstance('root', undefined, parent);
  limitHandles(cx.handles, linking.handles);
  linking.onHandles?.(cx.handles);
  const resources = canon === undefined ? cx.resources : [];
  const frame: Frame = { cx, outer, args, exports: new Map(), spaces: {}, resources, linking };
  unfinished.add(cx);
  for (const step of steps) {
    const demand = step(frame);
    if (demand === undefined) continue;
    atMost(linking.instances, MAX_INSTANCES, 'instances');
    if ('component' in demand) {
      const made = yield* run(demand.component, demand.args, linking, cx, depth + 1);
      add(frame, 'instance', made.exports, demand.bindings);
    } else {
      linking.instances++;
      // A start function may call out.
      if (canon === undefined) enter(cx);
      add(frame, 'core instance', yield { ...demand, cx });
      if (canon === undefined) leave(cx);
    }
  }
  unfinished.delete(cx);
  return frame;
}

function atMost(count: number, most: number, what: string): void {
  if (count > most) throw new LinkError('root', [`the component has more than ${most} ${what}`]);
}
