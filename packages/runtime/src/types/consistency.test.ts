/** The functions of this file are what generated code looks like; descriptors must not tell otherwise. */
import { describe, expect, test } from '@jest/globals';
import { bits, lift, lower } from '../../test/across.ts';
import { guest, type Guest } from '../../test/guest.ts';
import { enumOf, flagsOf, recordOf, variantOf } from '../../test/types.ts';
import {
  allocList,
  array,
  bad,
  bool,
  char,
  check,
  checkList,
  type ComponentInstance,
  enter,
  f32,
  f32ToI32,
  f64,
  f64ToI64,
  fixedLength,
  flag,
  i32ToF32,
  i64ToF64,
  liftString,
  liftU16s,
  loadBool,
  loadChar,
  loadF32,
  loadF64,
  loadS16,
  loadS64,
  loadString,
  loadU16,
  loadU32,
  loadU64,
  loadU8,
  lowerString,
  lowerU16s,
  mayEnter,
  object,
  post,
  s16,
  s64,
  storeBool,
  storeChar,
  storeF32,
  storeF64,
  storePair,
  storeS16,
  storeS64,
  storeString,
  storeU16,
  storeU32,
  storeU64,
  storeU8,
  trap,
  tuple,
  u16,
  u32,
  u64,
  u8,
  within,
} from '../abi/index.ts';
import {
  boolType,
  canonLift,
  charType,
  f32Type,
  f64Type,
  fixedLengthList,
  list,
  option,
  s16Type,
  s64Type,
  stringType,
  tuple as tupleType,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type CoreValue,
} from './index.ts';

type Cx = ComponentInstance;

interface Item {
  id: number;
  big: bigint;
  signed: bigint;
  small: number;
  ratio: number;
  rough: number;
  on: boolean;
  letter: string;
  name: string;
  count: number | undefined;
  pair: [number, number];
  codes: Uint16Array;
  three: number[];
  mood: string;
  mode: { read?: boolean; write?: boolean };
}

const MOODS = ['good', 'bad'];

// record item

const loadItem = (cx: Cx, p: number): Item => ({
  id: loadU32(cx, p),
  big: loadU64(cx, p + 8),
  signed: loadS64(cx, p + 16),
  small: loadS16(cx, p + 24),
  ratio: loadF64(cx, p + 32),
  rough: loadF32(cx, p + 40),
  on: loadBool(cx, p + 44),
  letter: loadChar(cx, p + 48),
  name: loadString(cx, p + 52),
  count: loadOption(cx, p + 60),
  pair: [loadU8(cx, p + 68), loadU16(cx, p + 70)],
  codes: liftU16s(cx, loadU32(cx, p + 72), loadU32(cx, p + 76)),
  three: [loadU32(cx, p + 80), loadU32(cx, p + 84), loadU32(cx, p + 88)],
  mood: MOODS[loadU8(cx, p + 92)] ?? trap('invalid variant discriminant'),
  mode: { read: (loadU8(cx, p + 93) & 1) !== 0, write: (loadU8(cx, p + 93) & 2) !== 0 },
});

const storeItem = (cx: Cx, p: number, v: Item, at: string): void => {
  try {
    storeU32(cx, p, u32(v.id, '.id'));
    storeU64(cx, p + 8, u64(v.big, '.big'));
    storeS64(cx, p + 16, s64(v.signed, '.signed'));
    storeS16(cx, p + 24, s16(v.small, '.small'));
    storeF64(cx, p + 32, f64(v.ratio, '.ratio'));
    storeF32(cx, p + 40, f32(v.rough, '.rough'));
    storeBool(cx, p + 44, bool(v.on, '.on'));
    storeChar(cx, p + 48, char(v.letter, '.letter'));
    storeString(cx, p + 52, v.name, '.name');
    storeOption(cx, p + 60, v.count, '.count');
    storeTuple(cx, p + 68, v.pair, '.pair');
    storePair(cx, p + 72, lowerU16s(cx, v.codes, '.codes'));
    storeThree(cx, p + 80, v.three, '.three');
    storeU8(cx, p + 92, mood(v.mood, '.mood'));
    storeU8(cx, p + 93, mode(v.mode, '.mode'));
  } catch (error) {
    throw within(error, at, v);
  }
};

function loadOption(cx: Cx, p: number): number | undefined {
  switch (loadU8(cx, p)) {
    case 0:
      return undefined;
    case 1:
      return loadU32(cx, p + 4);
    default:
      return trap('invalid option discriminant');
  }
}

function storeOption(cx: Cx, p: number, v: number | undefined, at: string): void {
  storeU8(cx, p, v === undefined ? 0 : 1);
  if (v !== undefined) storeU32(cx, p + 4, u32(v, at));
}

function storeTuple(cx: Cx, p: number, v: [number, number], at: string): void {
  try {
    tuple(v, 2, '');
    storeU8(cx, p, u8(v[0], '[0]'));
    storeU16(cx, p + 2, u16(v[1], '[1]'));
  } catch (error) {
    throw within(error, at, v);
  }
}

function storeThree(cx: Cx, p: number, v: unknown, at: string): void {
  const items = fixedLength(v, 3, at);
  let i = 0;
  try {
    for (let q = p; i < 3; i++, q += 4) storeU32(cx, q, u32(items[i], ''));
  } catch (error) {
    throw within(error, `${at}[${i}]`, items[i]);
  }
}

function mood(v: unknown, at: string): number {
  switch (v) {
    case 'good':
      return 0;
    case 'bad':
      return 1;
    default:
      return bad(v, '"good" | "bad"', at);
  }
}

function mode(v: { read?: boolean; write?: boolean }, at: string): number {
  try {
    object(v, '');
    for (const key in v) if (key !== 'read' && key !== 'write') bad(key, 'one of read, write', '');
    return flag(v.read, '.read') | (flag(v.write, '.write') << 1);
  } catch (error) {
    throw within(error, at, v);
  }
}

// list<item>

const liftItems = (cx: Cx, p: number, n: number): Item[] => {
  checkList(cx, p, n * 96, 7);
  const items = Array.from<Item>({ length: n });
  for (let i = 0, q = p; i < n; i++, q += 96) items[i] = loadItem(cx, q);
  return items;
};

const lowerItems = (cx: Cx, v: unknown, at: string): number => {
  const items = array(v, at) as Item[];
  const n = items.length;
  const p = allocList(cx, n, 96, 8);
  let i = 0;
  try {
    for (let q = p; i < n; i++, q += 96) storeItem(cx, q, items[i]!, '');
  } catch (error) {
    throw within(error, `${at}[${i}]`, items[i]);
  }
  cx.len = n;
  return p;
};

const itemType = recordOf({
  id: u32Type,
  big: u64Type,
  signed: s64Type,
  small: s16Type,
  ratio: f64Type,
  rough: f32Type,
  on: boolType,
  letter: charType,
  name: stringType,
  count: option(u32Type),
  pair: tupleType([u8Type, u16Type]),
  codes: list(u16Type),
  three: fixedLengthList(u32Type, 3),
  mood: enumOf(...MOODS),
  mode: flagsOf('read', 'write'),
});
const itemsType = list(itemType);

const item = (change: object = {}): Item => ({
  id: 2 ** 32 - 1,
  big: 2n ** 64n - 1n,
  signed: -1n,
  small: -2,
  ratio: 0.1,
  rough: 1.5,
  on: true,
  letter: '\u{1f600}',
  name: 'héllo',
  count: 7,
  pair: [1, 2],
  codes: new Uint16Array([1, 65535]),
  three: [1, 2, 3],
  mood: 'bad',
  mode: { read: false, write: true },
  ...change,
});

const whole = (g: Guest): number[] => g.bytes(0, g.memory.buffer.byteLength);

describe('generated code and descriptors', () => {
  test('agree on the layout', () => {
    expect([itemType.size, itemType.alignment]).toEqual([96, 8]);
  });

  test('leave the same bytes behind and ask the allocator for the same', () => {
    const items = [
      item(),
      item({ count: undefined, name: '', codes: [] }),
      item({ name: 'x'.repeat(70_000), letter: 'a' }),
    ];
    const one = guest('utf8', 4);
    const two = guest('utf8', 4);
    const p = lowerItems(one.cx, items, 'value');
    const core = lower(itemsType, items, two);
    expect(core).toEqual([p, one.cx.len]);
    expect(two.allocations).toEqual(one.allocations);
    expect(Buffer.compare(Buffer.from(whole(one)), Buffer.from(whole(two)))).toBe(0);
    const lifted = lift(itemsType, core, one);
    expect(liftItems(two.cx, p, 3)).toEqual(
      (lifted as Item[]).map((each) => ({ ...each, three: [...each.three] })),
    );
  });

  test('say the same of what does not fit', () => {
    const wrong: readonly unknown[] = [
      5,
      undefined,
      [item(), undefined],
      [item({ id: -1 })],
      [item({ big: 1 })],
      [item({ small: 40000 })],
      [item({ ratio: '1' })],
      [item({ on: 1 })],
      [item({ letter: 'ab' })],
      [item({ name: undefined })],
      [item({ count: null })],
      [item({ pair: [1] })],
      [item({ pair: [1, 65536] })],
      [item({ codes: [1, 'x'] })],
      [item({ codes: new Uint8Array(1) })],
      [item({ three: [1, 2] })],
      [item({ three: [1, 2, -1] })],
      [item({ mood: 'ugly' })],
      [item({ mode: { reed: true } })],
      [item({ mode: { read: 1 } })],
      [item({ mode: undefined })],
    ];
    const message = (attempt: () => unknown): string => {
      try {
        attempt();
      } catch (error) {
        return String(error);
      }
      return 'no error';
    };
    for (const value of wrong) {
      const expected = message(() => lowerItems(guest().cx, value, 'demo:t/api.f → items'));
      expect(expected).toMatch(/^ValueError: demo:t\/api\.f → items/);
      const type = itemsType;
      expect(message(() => type.lower(guest().cx, value, [], 0, 'demo:t/api.f → items'))).toBe(expected);
    }
  });

  test('agree on core values that cases share', () => {
    const type = variantOf({
      none: undefined,
      rough: f32Type,
      exact: f64Type,
      name: stringType,
      id: u32Type,
    });
    interface Shape {
      tag: string;
      val?: unknown;
    }
    const lowerShape = (cx: Cx, v: Shape): CoreValue[] => {
      let tag = 0;
      let a = 0n;
      let b = 0;
      switch (v.tag) {
        case 'none':
          break;
        case 'rough':
          tag = 1;
          a = BigInt(f32ToI32(f32(v.val, '')) >>> 0);
          break;
        case 'exact':
          tag = 2;
          a = f64ToI64(f64(v.val, ''));
          break;
        case 'name':
          tag = 3;
          a = BigInt(lowerString(cx, v.val, '') >>> 0);
          b = cx.len;
          break;
        default:
          tag = 4;
          a = BigInt(u32(v.val, '') >>> 0);
      }
      return [tag, a, b];
    };
    const liftShape = (cx: Cx, [tag = 0, a = 0n, b = 0]: CoreValue[]): Shape => {
      const low = Number(BigInt.asIntN(32, a as bigint));
      switch (tag) {
        case 0:
          return { tag: 'none' };
        case 1:
          return { tag: 'rough', val: i32ToF32(low) };
        case 2:
          return { tag: 'exact', val: i64ToF64(a as bigint) };
        case 3:
          return { tag: 'name', val: liftString(cx, low >>> 0, Number(b) >>> 0) };
        default:
          return { tag: 'id', val: low >>> 0 };
      }
    };
    expect(type.flat).toEqual(['i32', 'i64', 'i32']);
    for (const value of [
      { tag: 'none' },
      { tag: 'rough', val: -0 },
      { tag: 'rough', val: -1.5 },
      { tag: 'exact', val: -1e300 },
      { tag: 'name', val: 'hello' },
      { tag: 'id', val: 2 ** 32 - 1 },
    ]) {
      const one = guest();
      const two = guest();
      const core = lowerShape(one.cx, value);
      expect(bits(lower(type, value, two), type.flat)).toEqual(bits(core, type.flat));
      expect(lift(type, core, one)).toEqual(value);
      expect(liftShape(two.cx, lower(type, value, two))).toEqual(value);
    }
  });

  test('call the same way: what is lowered, in which order, and when the instance may be entered', () => {
    const log: unknown[] = [];
    const callee = (g: Guest) => (p: CoreValue, n: CoreValue) => {
      log.push(['call', p, n, g.cx.state]);
      g.write(2048, [0, 16, 0, 0, 5, 0, 0, 0]);
      return 2048;
    };
    const posted = (g: Guest) => (p: CoreValue) => void log.push(['post', p, g.cx.state]);
    const one = guest();
    const two = guest();
    const generated = (s: string): string => {
      const { cx } = one;
      mayEnter(cx);
      const p = lowerString(cx, s, 'f → s');
      const n = cx.len;
      enter(cx);
      const r = callee(one)(p, n) >>> 0;
      check(cx, r, 8, 3);
      const value = loadString(cx, r);
      post(cx, posted(one), r);
      return value;
    };
    const described = canonLift(
      callee(two) as (...args: CoreValue[]) => CoreValue,
      { name: 'f', params: [{ name: 's', type: stringType }], result: stringType },
      { ...two.options, postReturn: posted(two) },
      two.cx,
    );
    expect(generated('hello')).toBe('hello');
    const expected = log.splice(0);
    expect(described('hello')).toBe('hello');
    expect(log).toEqual(expected);
    expect([one.cx.state, two.cx.state]).toEqual([0, 0]);
  });
});
