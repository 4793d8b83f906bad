/** How often a component instantiates each of its core modules, found out without running anything. */
import { LinkError } from '@wittle/runtime';
import { ComponentInstance } from '@wittle/runtime/types';
import type { CoreModuleItem } from '../binary/definition.ts';
import type { Externs, ValidComponent } from '../validate/component-type.ts';
import { newLinking } from './frame.ts';
import { planComponent } from './plan.ts';
import { run } from './run.ts';
import { importsByPath, standIn, standIns } from './stand-ins.ts';

/**
 * For each of `items`, in one instance of the component. The component neither imports modules and components nor can
 * it do so in one it contains; see {@link passesCode}.
 */
export function census(
  component: ValidComponent,
  items: readonly CoreModuleItem[],
): ReadonlyMap<CoreModuleItem, number> {
  const counts = new Map<CoreModuleItem, number>();
  // The items stand for the modules that will be made of them.
  const plan = planComponent(component, new Map(items.map((item) => [item, item as never])));
  // What cannot be run does not need to be counted.
  if (plan.problems.length > 0) return counts;
  const linking = newLinking({
    cx: new ComponentInstance('root'),
    lower: () => standIn,
    resource: () => standIn,
    other: () => {},
  });
  const making = run({ plan, outer: undefined }, importsByPath(plan.type.imports), linking);
  try {
    for (let step = making.next(); step.done !== true; step = making.next(standIns())) {
      const item = step.value.module as unknown as CoreModuleItem;
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return new Map();
  }
  return counts;
}

/** The first of the externs by which core modules or components come in or out; `undefined` if there is none. */
export function passesCode(externs: Externs): string | undefined {
  for (const [name, { type }] of externs) {
    if (type.kind === 'core module' || type.kind === 'component') return name;
    if (type.kind === 'instance' && passesCode(type.exports) !== undefined) return name;
  }
  return undefined;
}
