import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  adoptGuest,
  disposeGuest,
  giveGuest,
  guest,
  guestRep,
  ownGuest,
  type GuestCell,
  type GuestObject,
} from './guest-resource.ts';
import { ComponentInstance, enter, enterAsync, endAsync, guestResource, leave } from './instance.ts';

class Counter implements GuestObject {
  readonly [guest]: GuestCell;
  constructor(cx: ComponentInstance, rep: number) {
    this[guest] = ownGuest(this, cx, 0, rep);
  }
}

function instance(): { cx: ComponentInstance; destructed: number[] } {
  const cx = new ComponentInstance('demo');
  const destructed: number[] = [];
  cx.resources.push(
    Object.assign(guestResource('counter'), {
      implementation: Counter,
      destructor: (rep: number) => {
        expect(cx.state).toBe(1);
        destructed.push(rep);
      },
    }),
  );
  return { cx, destructed };
}

describe('an owner on the host’s side', () => {
  test('runs the destructor once when it is disposed of', () => {
    const { cx, destructed } = instance();
    const counter = new Counter(cx, 0);
    expect(guestRep(counter, 'counter', 'x')).toBe(0);
    disposeGuest(counter);
    disposeGuest(counter);
    expect([destructed, cx.state]).toEqual([[0], 0]);
    expect(() => guestRep(counter, 'counter', 'x')).toThrow(
      'x: expected a live counter (this one was dropped or given away), got Counter',
    );
  });

  test('does not run it when it has given the rep away', () => {
    const { cx, destructed } = instance();
    const counter = new Counter(cx, 5);
    expect(giveGuest(counter, 'counter', 'x')).toBe(5);
    disposeGuest(counter);
    expect(() => giveGuest(counter, 'counter', 'x')).toThrow(/a live counter/);
    expect(destructed).toEqual([]);
  });

  test('is made for what the guest gives, without running a constructor', () => {
    const { cx } = instance();
    const counter = adoptGuest(cx, 0, 7) as Counter;
    expect(counter).toBeInstanceOf(Counter);
    expect(guestRep(counter, 'counter', 'x')).toBe(7);
  });

  test('cannot be disposed of while a call is in progress, and is live after it', () => {
    const { cx, destructed } = instance();
    const counter = new Counter(cx, 5);
    enter(cx);
    expect(() => disposeGuest(counter)).toThrow(/cannot enter component instance/);
    leave(cx);
    disposeGuest(counter);
    expect(destructed).toEqual([5]);
  });

  test('of a destructor that throws is gone, and so is the instance', () => {
    const { cx } = instance();
    const failure = new WebAssembly.RuntimeError('unreachable');
    cx.resources[0]!.destructor = () => {
      throw failure;
    };
    const counter = new Counter(cx, 5);
    expect(() => disposeGuest(counter)).toThrow(failure);
    disposeGuest(counter);
    expect(() => enter(cx)).toThrow(/cannot enter/);
  });
});

describe('an owner that is forgotten', () => {
  let gc: () => void;
  beforeAll(() => {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  });

  /** Collects until the condition holds, or so many times. */
  async function collect(until: () => boolean, times: number = 50): Promise<void> {
    for (let i = 0; i < times && !until(); i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Makes owners in a frame of its own, which is gone before anything is collected. */
  function forget(cx: ComponentInstance, reps: readonly number[]): void {
    for (const rep of reps)
      if (guestRep(new Counter(cx, rep), 'counter', '') !== rep) throw new Error('unreachable');
  }

  test('has its destructor run, once', async () => {
    const { cx, destructed } = instance();
    forget(cx, [1, 2, 3]);
    disposeGuest(new Counter(cx, 4));
    await collect(() => destructed.length === 4);
    expect(destructed.toSorted()).toEqual([1, 2, 3, 4]);
  });

  test('of a destructor that throws makes no noise, and leaves the others their turn', async () => {
    const failing = instance();
    failing.cx.resources[0]!.destructor = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    const { cx, destructed } = instance();
    forget(failing.cx, [1, 2]);
    forget(cx, [3]);
    await collect(() => destructed.length === 1 && failing.cx.state === 1);
    expect(() => enter(failing.cx)).toThrow(/cannot enter/);
    expect(destructed).toEqual([3]);
  });

  test('waits for a call that waits, and never enters an instance that is dead', async () => {
    const busy = instance();
    const dead = instance();
    enterAsync(busy.cx);
    enter(dead.cx);
    forget(busy.cx, [1]);
    forget(dead.cx, [2]);
    await collect(() => false, 10);
    expect([busy.destructed, dead.destructed]).toEqual([[], []]);
    endAsync(busy.cx);
    leave(busy.cx);
    forget(busy.cx, [3]);
    await collect(() => busy.destructed.length === 2);
    expect(busy.destructed.toSorted()).toEqual([1, 3]);
    expect(dead.destructed).toEqual([]);
  });
});
