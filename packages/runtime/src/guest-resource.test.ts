import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
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
import { ComponentInstance, enter, guestResource, leave } from './instance.ts';

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

/** Collecting takes long in the heap of a whole test run: what is forgotten is looked at in a process of its own. */
describe('an owner that is forgotten', () => {
  const found = once(() => {
    const program = fileURLToPath(new URL('../test/forgotten-owners.ts', import.meta.url));
    const flags = ['--expose-gc', '--conditions=wittle-source', '--disable-warning=ExperimentalWarning'];
    return JSON.parse(execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' })) as Found;
  });

  test('has its destructor run, once', () => {
    expect(found().first).toEqual([1, 2, 3, 4]);
  });

  test('of a destructor that throws makes no noise, and leaves the others their turn', () => {
    expect(found().throwing).toEqual({ others: [3], dead: true });
  });

  test('waits for a call that waits, and never enters an instance that is dead', () => {
    expect(found().waiting).toEqual({ during: [[], []], after: [1, 3], dead: [] });
  });
});

interface Found {
  readonly first: unknown;
  readonly throwing: unknown;
  readonly waiting: unknown;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
