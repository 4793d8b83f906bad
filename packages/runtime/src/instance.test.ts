import { describe, expect, test } from '@jest/globals';
import { guest } from '../test/guest.ts';
import {
  alloc,
  check,
  checkList,
  ComponentInstance,
  endBorrows,
  enter,
  enterLowered,
  giveMemory,
  leave,
  mayEnter,
  mayLeave,
  MAX_BYTE_LENGTH,
  poison,
  post,
  realloc,
  select,
} from './instance.ts';
import { allocList } from './types/list.ts';

describe('the bounds check', () => {
  test('takes what is inside and aligned, and nothing else', () => {
    const { cx } = guest();
    for (const [p, size, alignment] of [
      [0, 0, 1],
      [0, 65536, 8],
      [65536, 0, 8],
      [65528, 8, 8],
      [65535, 1, 1],
    ] as const) {
      expect(() => check(cx, p, size, alignment - 1)).not.toThrow();
    }
    for (const [p, size, alignment, message] of [
      [65536, 1, 1, 'pointer out of bounds: 1 bytes at 65536 of a memory of 65536'],
      [65529, 8, 1, 'pointer out of bounds'],
      [2 ** 32 - 1, 1, 1, 'pointer out of bounds'],
      [0, 2 ** 40, 1, 'pointer out of bounds'],
      [0, Infinity, 1, 'pointer out of bounds'],
      [1, 1, 2, 'unaligned pointer: 1 is not a multiple of 2'],
      [4, 8, 8, 'unaligned pointer'],
    ] as const) {
      expect(() => check(cx, p, size, alignment - 1)).toThrow(message);
    }
  });

  test('notices that the memory has grown', () => {
    const { cx, memory } = guest();
    memory.grow(1);
    expect(cx.u8.length).toBe(0);
    check(cx, 65536, 65536, 7);
    expect([cx.u8, cx.u32, cx.f64, cx.view].map((view) => view.byteLength)).toEqual([
      131072, 131072, 131072, 131072,
    ]);
    memory.grow(1);
    checkList(cx, 131072, 4, 3);
    expect(cx.u8.length).toBe(196608);
  });

  test('notices that a shared memory has grown, whose old views stay', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const cx = new ComponentInstance('shared');
    giveMemory(cx, memory, undefined);
    memory.grow(1);
    check(cx, 65536, 4, 3);
    expect(cx.u8.length).toBe(131072);
  });

  test('traps when there is no memory', () => {
    expect(() => check(new ComponentInstance('empty'), 0, 1, 0)).toThrow('the core module exports no memory');
  });

  test('limits lists before anything else', () => {
    const { cx } = guest();
    expect(() => checkList(cx, 0, MAX_BYTE_LENGTH + 1, 0)).toThrow(
      /list byte length 268435456 is greater than 268435455/,
    );
    expect(() => checkList(cx, 1, MAX_BYTE_LENGTH, 1)).toThrow(/unaligned pointer/);
    expect(() => checkList(cx, 0, MAX_BYTE_LENGTH, 1)).toThrow(/out of bounds/);
  });
});

describe('the allocator', () => {
  test('is asked with what the specification says, and its answer is unsigned', () => {
    const g = guest();
    expect(alloc(g.cx, 8, 16)).toBe(4096);
    expect(realloc(g.cx, 4096, 16, 4, 32)).toBe(4112);
    expect(g.allocations).toEqual([
      [0, 0, 8, 16],
      [4096, 16, 4, 32],
    ]);
    g.realloc = () => -65536;
    expect(() => alloc(g.cx, 8, 16)).toThrow('16 bytes at 4294901760');
  });

  test('may grow the memory, and the views follow', () => {
    const g = guest();
    const p = alloc(g.cx, 8, 100_000);
    g.cx.u8[p + 99_999] = 7;
    expect(g.bytes(p + 99_999, 1)).toEqual([7]);
  });

  test('runs in a state in which the instance can be neither entered nor left', () => {
    const g = guest();
    const states: number[] = [];
    g.realloc = () => {
      states.push(g.cx.state);
      expect(() => mayEnter(g.cx)).toThrow(/it is in realloc or post-return/);
      return 8;
    };
    alloc(g.cx, 8, 8);
    enter(g.cx);
    alloc(g.cx, 8, 8);
    expect(states).toEqual([2, 2]);
    expect(g.cx.state).toBe(1);
  });

  test('may not call out, and the instance is dead when core code catches the trap', () => {
    const g = guest();
    g.realloc = () => {
      expect(() => mayLeave(g.cx)).toThrow(/cannot leave component instance/);
      return 8;
    };
    expect(() => alloc(g.cx, 8, 8)).toThrow(/is dead/);
    expect(() => mayEnter(g.cx)).toThrow(/cannot enter component instance/);
  });

  test('is asked for lists of no bytes too', () => {
    const g = guest();
    expect(allocList(g.cx, 0, 12, 4)).toBe(4096);
    expect([g.allocations, g.cx.len]).toEqual([[[0, 0, 4, 0]], 0]);
    expect(allocList(g.cx, 3, 12, 4)).toBe(4096);
    expect(g.cx.len).toBe(3);
    g.realloc = () => 65537;
    expect(() => allocList(g.cx, 0, 1, 1)).toThrow('pointer from realloc out of bounds');
  });

  test.each([-1, 1.5, NaN, 2 ** 32, MAX_BYTE_LENGTH])(
    'is not asked for a list of %p elements of two bytes',
    (count) => {
      const g = guest();
      expect(() => allocList(g.cx, count, 2, 2)).toThrow(RangeError);
      expect(g.allocations).toEqual([]);
    },
  );
});

describe('calls', () => {
  test('enter, leave, and end with post-return', () => {
    const { cx } = guest();
    mayEnter(cx);
    enter(cx);
    mayLeave(cx);
    expect(() => mayEnter(cx)).toThrow(
      'cannot enter component instance test: a call is in progress, or one of its calls trapped',
    );
    expect(() => enter(cx)).toThrow(/cannot enter/);
    const given: unknown[] = [];
    post(cx, (value: number) => void given.push(value, cx.state), 5);
    expect([given, cx.state]).toEqual([[5, 2], 0]);
    expect(() => mayLeave(cx)).toThrow(/cannot leave component instance/);
    enter(cx);
    leave(cx);
    mayEnter(cx);
  });

  test.each<[string, (cx: ComponentInstance) => void]>([
    ['a call', leave],
    ['a call with post-return', (cx) => post(cx, () => {}, undefined)],
    [
      'post-return',
      (cx) => {
        cx.state = 1;
        post(cx, () => void poison(cx, undefined), undefined);
      },
    ],
    [
      'realloc',
      (cx) => {
        cx.state = 0;
        cx.realloc = () => Number(poison(cx, 8));
        alloc(cx, 1, 8);
      },
    ],
  ])('cannot end after a failure in them that core code caught: %s', (_, end) => {
    const { cx } = guest();
    enter(cx);
    poison(cx, undefined);
    expect(() => end(cx)).toThrow('component instance test is dead: one of its calls trapped');
    expect(() => enter(cx)).toThrow(/cannot enter/);
  });

  test('end without borrowed handles', () => {
    const { cx } = guest();
    expect(() => endBorrows(cx)).not.toThrow();
    cx.borrows = 1;
    expect(() => endBorrows(cx)).toThrow('borrow handles still remain at the end of the call');
    expect(() => endBorrows(cx, 1)).not.toThrow();
  });

  test('that lower something begin with views that are not detached, and end if those did not last', () => {
    const { cx, memory } = guest();
    memory.grow(1);
    mayEnter(cx);
    expect(cx.u32.byteLength).toBe(131072);
    memory.grow(1);
    expect(() => enterLowered(cx)).toThrow('what was lowered is lost');
    mayEnter(cx);
    enterLowered(cx);
    leave(cx);
  });
});

test('a function’s own memory, allocator and encoding are in use until the previous ones are selected again', () => {
  const one = guest();
  const two = guest('utf16', 2);
  const previous = select(one.cx, two.options);
  expect([one.cx.u8.length, one.cx.stringEncoding]).toEqual([131072, 'utf16']);
  alloc(one.cx, 2, 2);
  expect([one.allocations.length, two.allocations.length]).toEqual([0, 1]);
  select(one.cx, { stringEncoding: 'utf8', memory: undefined, realloc: undefined });
  expect(one.cx.u8.length).toBe(131072);
  expect(() => alloc(one.cx, 1, 1)).toThrow(/exports no `cabi_realloc`/);
  select(one.cx, previous);
  expect([one.cx.u8.length, one.cx.stringEncoding, one.cx.memory]).toEqual([65536, 'utf8', one.memory]);
});
