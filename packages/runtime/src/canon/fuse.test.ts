import { describe, expect, test } from '@jest/globals';
import { guest, HEAP, type Guest } from '../../test/guest.ts';
import { enumOf, flagsOf, recordOf, variantOf } from '../../test/types.ts';
import { giveMemory } from '../instance.ts';
import {
  boolType,
  borrow,
  canonFuse,
  canonLift,
  canonResourceDrop,
  canonResourceNew,
  charType,
  ComponentInstance,
  f32Type,
  fixedLengthList,
  guestResource,
  list,
  map,
  option,
  own,
  result,
  s16Type,
  s8Type,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type CanonicalOptions,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type LiftedFunction,
  type StringEncoding,
  type ValueType,
} from '../types/index.ts';

const functionType = (params: readonly ValueType[], type?: ValueType): FunctionType => ({
  name: 'f',
  params: params.map((each, i) => ({ name: `p${i}`, type: each })),
  result: type,
});

const liftedFrom = (g: Guest, callee: CoreCallee, type: FunctionType, more: Partial<CanonicalOptions> = {}) =>
  ({ callee, type, options: { ...g.options, ...more }, instance: g.cx }) satisfies LiftedFunction;

/** What the caller's core code sees of a call to `callee`, from inside a call of its own. */
function across(
  caller: Guest,
  callee: Guest,
  core: CoreCallee,
  params: readonly ValueType[],
  type?: ValueType,
): CoreCallee {
  const both = functionType(params, type);
  const fused = canonFuse(liftedFrom(callee, core, both), both, caller.options, caller.cx);
  return (...args) => {
    let given: CoreValue | void = undefined;
    run(caller, () => void (given = fused(...args)));
    return given;
  };
}

/** Core code of an instance, called by the host. */
function run(g: Guest, code: () => void): void {
  canonLift(code, functionType([]), g.options, g.cx)();
}

const words = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)];

describe('a call from component to component', () => {
  test('passes numbers as their types have them', () => {
    const seen: CoreValue[] = [];
    const types = [u8Type, s8Type, u16Type, s16Type, u32Type, u64Type, f32Type, boolType, charType];
    const f = across(guest(), guest(), (...args) => (seen.push(...args), 0x1ff), types, u8Type);
    expect(f(0x1ff, 0x80, 0x1ffff, 0x8000, -1, -1n, 0.5, 2, 97)).toBe(0xff);
    expect(seen).toEqual([0xff, -128, 0xffff, -32768, -1, -1n, 0.5, 1, 97]);
  });

  test.each<[string, ValueType, CoreValue[], RegExp]>([
    ['a char', charType, [0xd800], /invalid `char` bit pattern/],
    ['a char', charType, [0x110000], /invalid `char` bit pattern/],
    ['an enum', enumOf('a', 'b'), [2], /invalid variant discriminant/],
    ['a variant', variantOf({ a: u8Type }), [-1, 0], /invalid variant discriminant/],
    ['a string outside', stringType, [65535, 2], /pointer of a string out of bounds/],
    ['a string that is not UTF-8', stringType, [512, 1], /invalid utf-8/],
    ['a list outside', list(u8Type), [65535, 2], /pointer of a list out of bounds/],
    ['an unaligned list', list(u32Type), [2, 1], /unaligned pointer/],
    ['a list that is too long', list(u64Type), [0, 2 ** 25], /list byte length/],
    ['a handle that is none', own(0), [1], /unknown handle index 1/],
  ])('refuses %s: its caller is dead, the callee is not', (_, type, core, message) => {
    const caller = guest();
    const callee = guest();
    for (const g of [caller, callee]) g.cx.resources.push(guestResource('r'));
    caller.write(512, [0xff]);
    let calls = 0;
    const f = across(caller, callee, () => void calls++, [stringType, type]);
    caller.write(600, [97]);
    expect(() => f(600, 1, ...core)).toThrow(message);
    expect(() => run(caller, () => {})).toThrow(/cannot enter component instance/);
    run(callee, () => {});
    expect([calls, callee.cx.handles.size]).toEqual([0, 0]);
  });

  test('masks flags, and passes variants through the core values that their cases share', () => {
    const seen: CoreValue[] = [];
    const mix = variantOf({ f: f32Type, l: u64Type, h: u16Type, n: undefined });
    const f = across(guest(), guest(), (...args) => void seen.push(...args), [flagsOf('a', 'b', 'c'), mix]);
    f(-1, 0, 0xffff_ffff_4049_0fdbn);
    f(2, 1, -5n);
    f(8, 2, 0xff_0000_0004n);
    f(0, 3, 7n);
    expect(seen.map((each) => (typeof each === 'bigint' ? BigInt.asUintN(64, each) : each))).toEqual([
      ...[7, 0, 0x4049_0fdbn],
      ...[2, 1, 2n ** 64n - 5n],
      ...[0, 2, 4n],
      ...[0, 3, 0n],
    ]);
  });

  test('copies what lies in memory, each component with its own allocator', () => {
    const caller = guest();
    const callee = guest();
    const item = recordOf({ id: u8Type, name: stringType, more: option(list(u16Type)), ok: boolType });
    const type = tuple([list(item), map(u8Type, u32Type), fixedLengthList(item, 2), result(item, u8Type)]);
    const value = { id: 1, name: 'héllo', more: new Uint16Array([1, 2, 3]), ok: true };
    const all = [
      [value, { id: 2, name: '', more: undefined, ok: false }],
      new Map([[1, 70000]]),
      [value, value],
      { tag: 'err', val: 9 },
    ];
    type.store(caller.cx, 1024, all, '');
    let got: unknown;
    // The result is what the callee says it is: its own memory again.
    const f = across(caller, callee, (p) => ((got = type.load(callee.cx, Number(p))), p!), [type], type);
    expect(f(1024, 2048)).toBeUndefined();
    expect(got).toEqual(all);
    expect(type.load(caller.cx, 2048)).toEqual(all);
  });

  test('copies lists of numbers at once, and lists of records with padding field by field', () => {
    const caller = guest();
    const callee = guest();
    const padded = recordOf({ a: u8Type, b: u32Type });
    caller.write(512, [1, 9, 9, 9, ...words(5)]);
    const f = across(caller, callee, (p) => p!, [list(padded)], u32Type);
    const p = f(512, 1) as number;
    expect(callee.bytes(p, 8)).toEqual([1, 0, 0, 0, ...words(5)]);
    const points = across(caller, callee, (q) => q!, [list(recordOf({ a: u16Type, b: u16Type }))], u32Type);
    expect(callee.bytes(points(512, 2) as number, 8)).toEqual([1, 9, 9, 9, ...words(5)]);
  });

  test('asks the allocator also for lists of no elements, and traps on what it says', () => {
    const callee = guest();
    across(guest(), callee, () => {}, [list(u8Type), stringType])(0, 0, 0, 0);
    expect(callee.allocations).toEqual([
      [0, 0, 1, 0],
      [0, 0, 1, 0],
    ]);
    const caller = guest();
    callee.realloc = () => -1;
    expect(() => across(caller, callee, () => {}, [list(u8Type)])(0, 0)).toThrow(
      /pointer from realloc out of bounds/,
    );
    for (const g of [caller, callee]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
    const other = guest();
    other.realloc = () => 2;
    expect(() => across(guest(), other, () => {}, [list(u32Type)])(8, 1)).toThrow(/unaligned pointer/);
  });

  test('finds the memories again that grow meanwhile', () => {
    const caller = guest();
    const callee = guest();
    caller.write(512, [1, 2, 3]);
    const big = 100_000;
    const f = across(
      caller,
      callee,
      (p) => {
        expect(callee.bytes(Number(p), 3)).toEqual([1, 2, 3]);
        callee.memory.grow(3);
        callee.write(200_000, [5]);
        callee.write(600, words(200_000 - big + 1, big));
        return 600;
      },
      [list(u8Type)],
      list(u8Type),
    );
    f(512, 3, 1000);
    const [p = 0, n] = new Uint32Array(caller.memory.buffer, 1000, 2);
    expect(n).toBe(big);
    expect(caller.bytes(p + big - 1, 1)).toEqual([5]);
  });

  test('runs post-return once, with the core result, after the result is with the caller', () => {
    const caller = guest();
    const callee = guest();
    const log: unknown[] = [];
    callee.write(512, [...words(520, 2), 104, 105]);
    const type = functionType([], stringType);
    const posted = liftedFrom(callee, () => 512, type, {
      postReturn: (...args) => {
        log.push(args, callee.cx.state, caller.bytes(HEAP, 2));
        callee.write(520, [0, 0]);
      },
    });
    const fused = canonFuse(posted, type, caller.options, caller.cx);
    run(caller, () => void fused(1000));
    expect(log).toEqual([[512], 2, [104, 105]]);
    expect([caller.cx.state, callee.cx.state]).toEqual([0, 0]);
  });

  test('passes more than 16 core values through memory', () => {
    const caller = guest();
    const callee = guest();
    const types = Array.from({ length: 17 }, () => u16Type);
    const bytes = Array.from({ length: 34 }, (_, i) => i);
    caller.write(512, bytes);
    const f = across(caller, callee, (p) => p!, types, u32Type);
    expect(callee.bytes(f(512) as number, 34)).toEqual(bytes);
    expect(() => f(513)).toThrow(/unaligned pointer/);
  });
});

describe('strings from component to component', () => {
  const ENCODINGS: readonly StringEncoding[] = ['utf8', 'utf16', 'latin1+utf16'];
  const TAG = 2 ** 31;

  /** A string in a memory: its bytes and its tagged length; `wide` forces UTF-16 where that is a choice. */
  function encoded(encoding: StringEncoding, s: string, wide = false): { bytes: number[]; length: number } {
    const latin1 = [...s].every((c) => c.charCodeAt(0) < 256);
    if (encoding === 'utf8') {
      const bytes = [...new TextEncoder().encode(s)];
      return { bytes, length: bytes.length };
    }
    if (encoding === 'latin1+utf16' && latin1 && !wide) {
      return { bytes: [...s].map((c) => c.charCodeAt(0)), length: s.length };
    }
    const bytes = Array.from(
      { length: 2 * s.length },
      (_, i) => (s.charCodeAt(i >> 1) >> (8 * (i & 1))) & 255,
    );
    return { bytes, length: encoding === 'utf16' ? s.length : s.length + TAG };
  }

  const cases = ENCODINGS.flatMap((from) => ENCODINGS.map((to) => [from, to] as const));
  test.each(cases)('%s to %s', (from, to) => {
    for (const s of [
      '',
      'a',
      'hello there, all ASCII',
      'hö',
      'höla ÿ',
      'h☃🍰',
      '☃',
      'x'.repeat(300) + 'é',
      '🍰'.repeat(99),
    ]) {
      for (const wide of from === 'latin1+utf16' ? [false, true] : [false]) {
        const caller = guest(from);
        const callee = guest(to);
        const given = encoded(from, s, wide);
        caller.write(512, given.bytes);
        const seen: number[] = [];
        across(caller, callee, (...args) => void seen.push(...args.map(Number)), [stringType])(
          512,
          given.length | 0,
        );
        const [p = 0, length = 0] = seen;
        const wanted = encoded(to, s);
        expect(length >>> 0).toBe(wanted.length);
        expect(callee.bytes(p, wanted.bytes.length)).toEqual(wanted.bytes);
      }
    }
  });

  test.each<[StringEncoding, StringEncoding, string, boolean, number[][]]>([
    // [alignment, size] first, then [old size, alignment, size].
    ['utf8', 'utf8', 'hé', false, [[1, 3]]],
    ['utf16', 'utf16', 'hé', false, [[2, 4]]],
    ['latin1+utf16', 'utf16', 'hé', false, [[2, 4]]],
    ['latin1+utf16', 'utf16', 'hé', true, [[2, 4]]],
    ['latin1+utf16', 'latin1+utf16', 'hé', false, [[2, 2]]],
    ['utf16', 'utf8', 'he', false, [[1, 2]]],
    [
      'utf16',
      'utf8',
      'hé',
      false,
      [
        [1, 2],
        [2, 1, 6],
        [6, 1, 3],
      ],
    ],
    [
      'utf16',
      'utf8',
      '☃☃',
      false,
      [
        [1, 2],
        [2, 1, 6],
      ],
    ],
    [
      'latin1+utf16',
      'utf8',
      'hé',
      false,
      [
        [1, 2],
        [2, 1, 4],
        [4, 1, 3],
      ],
    ],
    [
      'latin1+utf16',
      'utf8',
      'éé',
      false,
      [
        [1, 2],
        [2, 1, 4],
      ],
    ],
    [
      'latin1+utf16',
      'utf8',
      'hé',
      true,
      [
        [1, 2],
        [2, 1, 6],
        [6, 1, 3],
      ],
    ],
    ['utf8', 'utf16', 'he', false, [[2, 4]]],
    [
      'utf8',
      'utf16',
      'hé',
      false,
      [
        [2, 6],
        [6, 2, 4],
      ],
    ],
    ['utf8', 'latin1+utf16', 'he', false, [[2, 2]]],
    [
      'utf8',
      'latin1+utf16',
      'hé',
      false,
      [
        [2, 3],
        [3, 2, 2],
      ],
    ],
    [
      'utf8',
      'latin1+utf16',
      'h☃',
      false,
      [
        [2, 4],
        [4, 2, 8],
        [8, 2, 4],
      ],
    ],
    ['utf16', 'latin1+utf16', 'hé', false, [[2, 2]]],
    [
      'utf16',
      'latin1+utf16',
      'h☃',
      false,
      [
        [2, 2],
        [2, 2, 4],
      ],
    ],
    [
      'latin1+utf16',
      'latin1+utf16',
      'hé',
      true,
      [
        [2, 4],
        [4, 1, 2],
      ],
    ],
    ['latin1+utf16', 'latin1+utf16', 'h☃', true, [[2, 4]]],
  ])('%s to %s asks the allocator for what the specification says: %j', (from, to, s, wide, wanted) => {
    const caller = guest(from);
    const callee = guest(to);
    const { bytes, length } = encoded(from, s, wide);
    caller.write(512, bytes);
    across(caller, callee, () => {}, [stringType])(512, length | 0);
    const [first, ...rest] = callee.allocations;
    expect([first!.slice(2), ...rest.map((each) => each.slice(1))]).toEqual(wanted);
  });

  test('are checked: unpaired surrogates and unaligned pointers trap, also of strings without units', () => {
    for (const to of ENCODINGS) {
      const wide = guest('utf16');
      wide.write(512, [0, 0xd8]);
      expect(() => across(wide, guest(to), () => {}, [stringType])(512, 1)).toThrow(/invalid utf-16/);
      expect(() => across(guest('utf16'), guest(to), () => {}, [stringType])(1, 0)).toThrow(
        /unaligned pointer/,
      );
      for (const n of [0, -(2 ** 31)]) {
        const f = across(guest('latin1+utf16'), guest(to), () => {}, [stringType]);
        expect(() => f(1, n)).toThrow(/unaligned pointer/);
      }
      const long = across(guest('utf16'), guest(to), () => {}, [stringType]);
      expect(() => long(0, 2 ** 27)).toThrow(/string byte length 268435456/);
    }
  });
});

describe('handles from component to component', () => {
  /** C implements R and D uses it, under another number. */
  function pair() {
    const c = guest();
    const d = guest();
    const destructed: [number, number][] = [];
    const type = Object.assign(guestResource('c:api.r', c.cx), {
      destructor: (rep: number) => void destructed.push([rep, c.cx.state]),
    });
    c.cx.resources.push(type);
    d.cx.resources.push(guestResource('another'), type);
    const call = (core: CoreCallee, params: (n: number) => ValueType[], gives?: (n: number) => ValueType) =>
      canonFuse(
        liftedFrom(c, core, functionType(params(0), gives?.(0))),
        functionType(params(1), gives?.(1)),
        d.options,
        d.cx,
      );
    const make = call(
      (rep) => canonResourceNew(0, c.cx)(Number(rep)),
      () => [u32Type],
      own,
    );
    return { c, d, destructed, call, make, drop: canonResourceDrop(1, d.cx) };
  }

  test('move between tables', () => {
    const { c, d, make, call, destructed, drop } = pair();
    const take = call(
      (index) => canonResourceDrop(0, c.cx)(Number(index)),
      (n) => [own(n)],
    );
    run(d, () => {
      expect([make(100), make(200)]).toEqual([1, 2]);
      expect([c.cx.handles.size, d.cx.handles.size]).toEqual([0, 2]);
      drop(2);
      expect(destructed).toEqual([[200, 1]]);
      take(1);
      expect(destructed).toEqual([
        [200, 1],
        [100, 1],
      ]);
      expect([c.cx.handles.size, d.cx.handles.size, c.cx.state]).toEqual([0, 0, 0]);
      expect(make(300)).toBe(1);
    });
  });

  test('are lent as reps to the component that implements them, and cannot be given meanwhile', () => {
    const { d, make, call } = pair();
    const seen: CoreValue[] = [];
    const use = call(
      (...reps) => void seen.push(...reps),
      (n) => [borrow(n), borrow(n)],
    );
    run(d, () => {
      const h = make(100);
      use(h!, h!);
      expect(d.cx.handles.get(1, d.cx.resources[1]!).lends).toBe(0);
    });
    expect(seen).toEqual([100, 100]);
    const both = call(
      () => {},
      (n) => [borrow(n), own(n)],
    );
    expect(() => run(d, () => void both(1, 1))).toThrow(/cannot remove owned resource while borrowed/);
  });

  test('are lent as handles to any other, which must drop them before it returns', () => {
    const { c, d, make, destructed } = pair();
    const e = guest();
    e.cx.resources.push(d.cx.resources[1]!);
    const dropThere = canonResourceDrop(0, e.cx);
    const lend = (core: CoreCallee) =>
      canonFuse(liftedFrom(e, core, functionType([borrow(0)])), functionType([borrow(1)]), d.options, d.cx);
    let calls = 0;
    const use = lend((index) => {
      const handle = e.cx.handles.get(Number(index), e.cx.resources[0]!);
      expect([handle.own, handle.rep]).toEqual([false, 100]);
      expect(d.cx.handles.get(1, d.cx.resources[1]!).lends).toBe(1);
      dropThere(Number(index));
      calls++;
    });
    run(d, () => {
      const h = make(100)!;
      use(h);
      use(h);
    });
    expect([calls, destructed, e.cx.handles.size, d.cx.handles.size]).toEqual([2, [], 0, 1]);
    const keep = lend(() => {});
    expect(() => run(d, () => void keep(1))).toThrow(/borrow handles still remain at the end of the call/);
    for (const g of [d, e]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
    run(c, () => {});
  });

  test('that are lent cannot be dropped by what lent them', () => {
    const { c, d, make, call, drop } = pair();
    // Only from inside can a component be called again that is in a call.
    Object.assign(c.cx, { parent: d.cx });
    const inner = canonFuse(
      liftedFrom(d, () => drop(1), functionType([])),
      functionType([]),
      c.options,
      c.cx,
    );
    const use = call(
      () => void inner(),
      (n) => [borrow(n)],
    );
    expect(() => run(d, () => void use(make(100)!))).toThrow(/cannot remove owned resource while borrowed/);
  });
});

describe('entering', () => {
  const inside = (parent: Guest): Guest => {
    const g = guest();
    const cx = new ComponentInstance('inner', 'utf8', parent.cx);
    giveMemory(cx, g.memory, g.options.realloc ?? undefined);
    return { ...g, cx };
  };
  const type = functionType([]);
  const fusedInto = (to: Guest, from: Guest, core: CoreCallee): CoreCallee =>
    canonFuse(liftedFrom(to, core, type), type, from.options, from.cx);

  test('a sibling and its parent may be called, what is already running may not', () => {
    const p = guest();
    const [one, two] = [inside(p), inside(p)];
    const log: string[] = [];
    const toParent = fusedInto(p, two, () => void log.push('p again'));
    const toTwo = fusedInto(two, one, () => (log.push('two'), toParent()));
    const toOne = fusedInto(one, p, () => (log.push('one'), toTwo()));
    run(p, () => void toOne());
    expect(log).toEqual(['one', 'two', 'p again']);
    expect([p, one, two].map((g) => g.cx.state)).toEqual([0, 0, 0]);
    // From the parent, called from inside, into what is in a call: no.
    const again = fusedInto(one, p, () => {});
    const parentAgain = fusedInto(p, two, () => again());
    const throughTwo = fusedInto(two, one, () => parentAgain());
    const start = fusedInto(one, p, () => throughTwo());
    expect(() => run(p, () => void start())).toThrow(/cannot enter component instance/);
    for (const g of [p, one, two]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
  });

  test('from the host enters those around it too', () => {
    const p = guest();
    const [one, two] = [inside(p), inside(p)];
    run(one, () => {
      expect(p.cx.state).toBe(4);
      for (const g of [p, one, two]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
    });
    expect([p, one, two].map((g) => g.cx.state)).toEqual([0, 0, 0]);
  });

  test('a trap is the end of those on the stack, and of no other', () => {
    const p = guest();
    const [one, two, three] = [inside(p), inside(p), inside(p)];
    const trapping = fusedInto(two, one, () => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    expect(() => run(one, () => void trapping())).toThrow('unreachable');
    for (const g of [one, two]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
    for (const g of [three, p]) run(g, () => {});
  });

  test('core code that catches a trap does not bring anything back to life', () => {
    const p = guest();
    const [one, two] = [inside(p), inside(p)];
    const trapping = fusedInto(two, one, () => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    const catches = fusedInto(one, p, () => {
      try {
        trapping();
      } catch {
        // As `catch_all` would.
      }
    });
    expect(() =>
      run(p, () => {
        try {
          catches();
        } catch {
          // Here too.
        }
      }),
    ).toThrow(/is dead/);
    for (const g of [p, one, two]) expect(() => run(g, () => {})).toThrow(/cannot enter/);
  });

  test('is refused while post-return or realloc runs', () => {
    const [one, two] = [guest(), guest()];
    const out = fusedInto(two, one, () => {});
    const f = canonLift(() => {}, type, { ...one.options, postReturn: () => void out() }, one.cx);
    expect(() => f()).toThrow(/cannot leave component instance/);
    run(two, () => {});
  });

  test('a component may call itself, and its memory may grow while a value passes', () => {
    const one = guest();
    const type = list(tuple([stringType, list(u8Type)]));
    const s = functionType([type], u32Type);
    let got: unknown;
    const callee: LiftedFunction = {
      callee: (p, n) => ((got = type.lift(one.cx, [p!, n!], 0)), 7),
      type: s,
      options: one.options,
      instance: one.cx,
    };
    const self = canonFuse(callee, s, one.options, one.cx);
    one.write(520, [104, 105]);
    one.write(600, [...words(520, 2, 520, 2), ...words(520, 1, 521, 1)]);
    let at = HEAP;
    one.realloc = (_old, _oldSize, _alignment, size) => {
      one.memory.grow(1);
      const p = at;
      at += (size + 7) & -8;
      return p;
    };
    let result: CoreValue | void = 0;
    run(one, () => void (result = self(600, 2)));
    expect([result, got]).toEqual([
      7,
      [
        ['hi', new Uint8Array([104, 105])],
        ['h', new Uint8Array([105])],
      ],
    ]);
  });

  test('a component may call itself, with another memory too', () => {
    const one = guest();
    const other = guest('utf16');
    const s = functionType([stringType], u32Type);
    const callee: LiftedFunction = { callee: (p) => p!, type: s, options: other.options, instance: one.cx };
    const self = canonFuse(callee, s, one.options, one.cx);
    one.write(512, [104, 105]);
    let p = 0;
    run(one, () => void (p = self(512, 2) as number));
    expect(other.bytes(p, 4)).toEqual([104, 0, 105, 0]);
  });
});
