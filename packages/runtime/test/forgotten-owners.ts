/** Forgets owners of resources and prints what became of them; runs with `--expose-gc`. */
import {
  disposeGuest,
  guest,
  guestRep,
  ownGuest,
  type GuestCell,
  type GuestObject,
} from '../src/guest-resource.ts';
import { ComponentInstance, endAsync, enter, enterAsync, guestResource, leave } from '../src/instance.ts';
import { collect } from './collect.ts';

class Counter implements GuestObject {
  readonly [guest]: GuestCell;
  constructor(cx: ComponentInstance, rep: number) {
    this[guest] = ownGuest(this, cx, 0, rep);
  }
}

function instance(): { cx: ComponentInstance; destructed: number[] } {
  const cx = new ComponentInstance('demo');
  const destructed: number[] = [];
  const destructor = (rep: number): void => void destructed.push(rep);
  cx.resources.push(Object.assign(guestResource('counter'), { implementation: Counter, destructor }));
  return { cx, destructed };
}

/** Makes owners in a frame of its own, which is gone before anything is collected. */
function forget(cx: ComponentInstance, reps: readonly number[]): void {
  for (const rep of reps)
    if (guestRep(new Counter(cx, rep), 'counter', '') !== rep) throw new Error('unreachable');
}

function isDead(cx: ComponentInstance): boolean {
  try {
    enter(cx);
    return false;
  } catch {
    return true;
  }
}

const first = instance();
forget(first.cx, [1, 2, 3]);
disposeGuest(new Counter(first.cx, 4));
await collect(() => first.destructed.length === 4);

const failing = instance();
failing.cx.resources[0]!.destructor = () => {
  throw new WebAssembly.RuntimeError('unreachable');
};
const other = instance();
forget(failing.cx, [1, 2]);
forget(other.cx, [3]);
await collect(() => other.destructed.length === 1 && failing.cx.state === 1);

const busy = instance();
const dead = instance();
enterAsync(busy.cx);
enter(dead.cx);
forget(busy.cx, [1]);
forget(dead.cx, [2]);
await collect(() => false, 10);
const during = [[...busy.destructed], [...dead.destructed]];
endAsync(busy.cx);
leave(busy.cx);
forget(busy.cx, [3]);
await collect(() => busy.destructed.length === 2);

console.log(
  JSON.stringify({
    first: first.destructed.toSorted(),
    throwing: { others: other.destructed, dead: isDead(failing.cx) },
    waiting: { during, after: busy.destructed.toSorted(), dead: dead.destructed },
  }),
);
