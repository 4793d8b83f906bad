/** Guests that break the Canonical ABI: each traps by the rule it broke, is dead, and leaves everything else alone. */
import { describe, expect, test } from '@jest/globals';
import { guest as plainGuest, type Guest } from '../test/guest.ts';
import { enumOf, flagsOf, recordOf, variantOf } from '../test/types.ts';
import {
  enter,
  leave,
  liftBorrow,
  liftChar,
  liftF64s,
  liftOwn,
  liftString,
  liftU32s,
  liftU8s,
  loadString,
  lowerBorrow,
  lowerOwn,
  lowerString,
  lowerU32s,
  check,
  checkList,
  dropHandle,
  handleRep,
  takeRep,
} from './abi/index.ts';
import { Trap } from './index.ts';
import {
  borrow,
  canonFuse,
  canonLift,
  canonLower,
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  charType,
  f64Type,
  fixedLengthList,
  guestResource,
  hostResource,
  list,
  map,
  option,
  own,
  result,
  stringType,
  tuple,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
  type ComponentInstance,
  type CoreCallee,
  type CoreValue,
  type FunctionType,
  type StringEncoding,
  type ValueType,
} from './types/index.ts';

class Blob {}
const BLOB = 0;
const COUNTER = 1;
const OTHER = 2;

/** With a resource of the host and two of its own. */
function guest(encoding: StringEncoding = 'utf8'): Guest {
  const g = plainGuest(encoding);
  g.cx.resources.push(
    hostResource('blob', Blob),
    guestResource('counter', g.cx),
    guestResource('other', g.cx),
  );
  return g;
}

const functionType = (params: readonly ValueType[], type?: ValueType): FunctionType => ({
  name: 'f',
  params: params.map((each, i) => ({ name: `p${i}`, type: each })),
  result: type,
});

/** Core code of the guest's, called by the host. */
const run = (g: Guest, code: () => void): void => void canonLift(code, functionType([]), g.options, g.cx)();

function expectDead(g: Guest): void {
  expect(() => run(g, () => {})).toThrow(/cannot enter component instance/);
}

/** The ways of a value out of a guest. The last call gives what goes across, as core values. */
const WAYS_OUT = {
  'as a result': (g: Guest, type: ValueType, core: readonly CoreValue[]) => {
    const flat = type.flat.length === 1;
    // More than one core value is a pointer to them.
    if (!flat) putCore(g, 256, type, core);
    return canonLift(() => (flat ? core[0]! : 256), functionType([], type), g.options, g.cx);
  },
  'as an argument for the host': (g: Guest, type: ValueType, core: readonly CoreValue[]) => {
    const out = canonLower(() => {}, functionType([type]), g.options, g.cx);
    return () => run(g, () => void out(...core));
  },
  'as an argument for another component': (g: Guest, type: ValueType, core: readonly CoreValue[]) => {
    const other = guest();
    // Two components agree on what a number stands for here.
    other.cx.resources.splice(0, 3, ...g.cx.resources);
    const both = functionType([type]);
    const lifted = { callee: () => {}, type: both, options: other.options, instance: other.cx };
    const out = canonFuse(lifted, both, g.options, g.cx);
    return () => {
      try {
        run(g, () => void out(...core));
      } finally {
        run(other, () => {});
      }
    };
  },
} as const;

/** Core values in memory; only of types whose parts are as long there as in core. */
function putCore({ memory }: Guest, p: number, type: ValueType, core: readonly CoreValue[]): void {
  const view = new DataView(memory.buffer);
  if (type.flat.length === 2) {
    view.setUint32(p, Number(core[0]), true);
    view.setUint32(p + 4, Number(core[1]), true);
  } else throw new Error('not in this test');
}

const pairs: readonly [string, ValueType, readonly CoreValue[], RegExp, StringEncoding?][] = [
  ['a string outside', stringType, [65536, 1], /pointer of a string out of bounds/],
  ['a string without bytes outside', stringType, [-559038737, 0], /pointer of a string out of bounds/],
  ['a string that ends outside', stringType, [65535, 2], /pointer of a string out of bounds/],
  ['a string that wraps around', stringType, [-1, 2], /pointer of a string out of bounds/],
  ['a string of 2^31 bytes', stringType, [0, -(2 ** 31)], /string byte length 2147483648/],
  ['a string of 2^32 - 1 bytes', stringType, [1, -1], /string byte length 4294967295/],
  ['a string of 2^31 UTF-16 units', stringType, [0, -(2 ** 31)], /string byte length 4294967296/, 'utf16'],
  ['a Latin-1 string of 2^31 - 1 units', stringType, [0, 2 ** 31 - 1], /string byte length/, 'latin1+utf16'],
  ['a tagged string of 2^31 - 1 units', stringType, [0, -1], /string byte length/, 'latin1+utf16'],
  ['an unaligned UTF-16 string', stringType, [1, 1], /unaligned pointer/, 'utf16'],
  ['bytes that are not UTF-8', stringType, [512, 1], /invalid utf-8/],
  ['UTF-8 that is cut off', stringType, [513, 1], /invalid utf-8/],
  ['a surrogate in UTF-8', stringType, [514, 3], /invalid utf-8/],
  ['half a surrogate pair', stringType, [518, 1], /invalid utf-16 in a string: unpaired surrogate/, 'utf16'],
  ['list<u8> outside', list(u8Type), [65535, 2], /pointer of a list out of bounds/],
  ['list<u16> outside', list(u16Type), [65534, 2], /pointer of a list out of bounds/],
  ['list<f64>, unaligned', list(f64Type), [4, 1], /unaligned pointer/],
  [
    'list<u64> whose byte length has more than 32 bits',
    list(u64Type),
    [0, 2 ** 29],
    /list byte length 4294967296/,
  ],
  ['list<u8> of 2^32 - 1', list(u8Type), [0, -1], /list byte length 4294967295/],
  ['list<string> outside', list(stringType), [65532, 1], /pointer of a list out of bounds/],
  ['list<string>, unaligned', list(stringType), [2, 1], /unaligned pointer/],
  ['list<string> with a string outside', list(stringType), [520, 1], /pointer of a string out of bounds/],
  ['list<list<u8>> with a list outside', list(list(u8Type)), [520, 1], /pointer of a list out of bounds/],
  ['list<char> with a surrogate', list(charType), [528, 1], /invalid `char` bit pattern/],
  ['list<enum> with no case', list(enumOf('a', 'b')), [512, 1], /invalid variant discriminant/],
  ['list<option<u8>> with no case', list(option(u8Type)), [512, 1], /invalid variant discriminant/],
  ['list<result> with no case', list(result(u8Type, u8Type)), [512, 1], /invalid variant discriminant/],
  ['list<variant> with no case', list(variantOf({ a: u8Type })), [512, 1], /invalid variant discriminant/],
  ['list<record> outside', list(recordOf({ a: u8Type, b: u32Type })), [65532, 1], /pointer of a list/],
  ['list<tuple>, unaligned', list(tuple([u8Type, u32Type])), [2, 1], /unaligned pointer/],
  ['list<flags> outside', list(flagsOf('a')), [65536, 1], /pointer of a list/],
  ['map outside', map(u8Type, u32Type), [65532, 1], /pointer of a list/],
  ['list<list<u32, 2>>, unaligned', list(fixedLengthList(u32Type, 2)), [2, 1], /unaligned pointer/],
  ['list<own> with no handle', list(own(BLOB)), [532, 1], /unknown handle index 77/],
  ['list<borrow> with no handle', list(borrow(BLOB)), [532, 1], /unknown handle index 77/],
  ['a char that is a surrogate', charType, [0xdfff], /invalid `char` bit pattern/],
  ['a char beyond Unicode', charType, [0x110000], /invalid `char` bit pattern/],
  ['an enum of no case', enumOf('a', 'b'), [2], /invalid variant discriminant/],
  ['an enum of a negative case', enumOf('a', 'b'), [-1], /invalid variant discriminant/],
  ['handle 0', own(BLOB), [0], /unknown handle index 0/],
  ['a handle that was never given', own(BLOB), [9], /unknown handle index 9/],
  ['handle 2^32 - 1', borrow(BLOB), [-1], /unknown handle index 4294967295/],
  ['a handle of another type', own(OTHER), [1], /handle index 1 used with the wrong type/],
  ['a borrowed handle of another type', borrow(OTHER), [1], /handle index 1 used with the wrong type/],
];

const isBorrow = (type: ValueType): boolean =>
  type.kind === 'borrow' || type.parts.some((part) => part !== undefined && isBorrow(part));

describe.each(Object.entries(WAYS_OUT))('a value that goes out %s', (way, call) => {
  const cases = pairs
    .filter(([, type]) => way !== 'as a result' || !isBorrow(type))
    .map(([what, type, core, message, encoding]) => ({ what, type, core, message, encoding }));
  test.each(cases)('$what: traps, and the guest alone is dead', ({ type, core, message, encoding }) => {
    const g = guest(encoding);
    const sibling = guest();
    g.write(512, [0xff, 0xc3, 0xed, 0xa0, 0x80, 0, 0x00, 0xd8]);
    g.write(520, [...words(65535, 9), ...words(0xd800), ...words(77)]);
    run(g, () => void canonResourceNew(COUNTER, g.cx)(5));
    const f = call(g, type, core);
    expect(f).toThrow(Trap);
    expect(() => call(guestLike(g), type, core)()).toThrow(message);
    expectDead(g);
    run(sibling, () => {});
  });

  function guestLike(g: Guest): Guest {
    const copy = guest(g.cx.stringEncoding);
    copy.write(0, new Uint8Array(g.memory.buffer, 0, 1024));
    run(copy, () => void canonResourceNew(COUNTER, copy.cx)(5));
    return copy;
  }
});

const words = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)];

describe('handles', () => {
  const misuses: readonly [string, RegExp, (g: Guest) => void][] = [
    [
      'dropped twice',
      /unknown handle index 1/,
      (g) => {
        const index = canonResourceNew(COUNTER, g.cx)(5);
        canonResourceDrop(COUNTER, g.cx)(index);
        canonResourceDrop(COUNTER, g.cx)(index);
      },
    ],
    [
      'dropped as another type',
      /used with the wrong type/,
      (g) => canonResourceDrop(OTHER, g.cx)(canonResourceNew(COUNTER, g.cx)(5)),
    ],
    [
      'asked for a rep as another type',
      /used with the wrong type/,
      (g) => void canonResourceRep(OTHER, g.cx)(canonResourceNew(COUNTER, g.cx)(5)),
    ],
    [
      'given after it was dropped',
      /unknown handle index 1/,
      (g) => {
        const give = canonLower(() => {}, functionType([own(COUNTER)]), g.options, g.cx);
        const index = canonResourceNew(COUNTER, g.cx)(5);
        canonResourceDrop(COUNTER, g.cx)(index);
        give(index);
      },
    ],
    [
      'lent and given in one call',
      /cannot remove owned resource while borrowed/,
      (g) => {
        const both = canonLower(() => {}, functionType([borrow(COUNTER), own(COUNTER)]), g.options, g.cx);
        const index = canonResourceNew(COUNTER, g.cx)(5);
        both(index, index);
      },
    ],
  ];
  test.each(misuses)('%s: traps, and core code that catches it does not go on', (_, message, misuse) => {
    const g = guest();
    let thrown: unknown;
    expect(() =>
      run(g, () => {
        try {
          misuse(g);
        } catch (error) {
          thrown = error;
        }
      }),
    ).toThrow(/is dead/);
    expect(thrown).toBeInstanceOf(Trap);
    expect(String(thrown)).toMatch(message);
    expectDead(g);
  });

  test('kept beyond the call that they were lent for trap at its end', () => {
    const g = guest();
    const f = canonLift(() => {}, functionType([borrow(BLOB)]), g.options, g.cx);
    expect(() => f(new Blob())).toThrow('borrow handles still remain at the end of the call');
    expectDead(g);
  });

  test('used after the call that they were lent for are no handles any more', () => {
    const g = guest();
    const drop = canonResourceDrop(BLOB, g.cx);
    canonLift((index) => drop(Number(index)), functionType([borrow(BLOB)]), g.options, g.cx)(new Blob());
    expect(() => run(g, () => drop(1))).toThrow('unknown handle index 1');
  });
});

describe('an allocator', () => {
  const takes: readonly [string, ValueType, unknown][] = [
    ['a string', stringType, 'hello'],
    ['a long string', stringType, 'hello'.repeat(100)],
    ['a string that is not ASCII', stringType, 'héllo'],
    ['an empty string', stringType, ''],
    ['list<u8>', list(u8Type), [1, 2, 3]],
    ['list<f64>', list(f64Type), [1, 2, 3]],
    ['list<string>', list(stringType), ['a', 'b']],
    ['an empty list', list(u32Type), []],
    ['more than 16 core values', tuple(Array.from({ length: 17 }, () => u32Type)), Array(17).fill(1)],
  ];
  const answers: readonly [string, number, RegExp][] = [
    ['-1', -1, /pointer from realloc out of bounds|unaligned pointer from realloc/],
    ['an address outside', 65544, /pointer from realloc out of bounds/],
    ['a negative address', -65536, /pointer from realloc out of bounds/],
  ];
  test.each(
    takes.flatMap(([what, type, value]) => answers.map((answer) => [what, ...answer, type, value] as const)),
  )('for %s that answers %s traps before anything is written', (_what, _answer, p, message, type, value) => {
    const g = guest();
    const before = g.bytes(0, 65536);
    g.realloc = () => p;
    let calls = 0;
    const f = canonLift(() => void calls++, functionType([type]), g.options, g.cx);
    expect(() => f(value)).toThrow(message);
    expect([calls, g.bytes(0, 65536)]).toEqual([0, before]);
    expectDead(g);
  });

  test('may grow the memory at any time', () => {
    const g = guest();
    let at = 4096;
    g.realloc = (old, oldSize, alignment, size) => {
      g.memory.grow(1);
      const p = Math.ceil(at / alignment) * alignment;
      at = p + size;
      new Uint8Array(g.memory.buffer).copyWithin(p, old, old + Math.min(oldSize, size));
      return p;
    };
    const type = list(recordOf({ a: u8Type, s: stringType, l: list(u32Type), o: option(stringType) }));
    const value = Array.from({ length: 5 }, (_, i) => ({
      a: i,
      s: 'é'.repeat(i),
      l: new Uint32Array(i),
      o: i % 2 === 0 ? undefined : 'x',
    }));
    let got: unknown;
    const f = canonLift(
      (p, n) => void (got = type.lift(g.cx, [p!, n!], 0)),
      functionType([type]),
      g.options,
      g.cx,
    );
    f(value);
    expect(got).toEqual(value);
  });

  test('may neither enter its own instance nor call out', () => {
    const g = guest();
    const again = canonLift(() => {}, functionType([]), g.options, g.cx);
    const out = canonLower(() => {}, functionType([]), g.options, g.cx);
    const f = (realloc: () => void) => {
      g.cx.state = 0;
      g.realloc = () => (realloc(), 8);
      return () => canonLift(() => {}, functionType([stringType]), g.options, g.cx)('x');
    };
    expect(f(() => void again())).toThrow(/cannot enter component instance/);
    expect(f(() => void out())).toThrow(/cannot leave component instance/);
    expectDead(g);
  });
});

test('a guest whose call has not returned cannot be entered, and that is no trap of its own', () => {
  const g = guest();
  const inner = canonLift(() => {}, functionType([]), g.options, g.cx);
  let refused: unknown;
  const out = canonLower(
    () => {
      try {
        inner();
      } catch (error) {
        refused = error;
      }
    },
    functionType([]),
    g.options,
    g.cx,
  );
  run(g, () => void out());
  expect(refused).toBeInstanceOf(Trap);
  expect(String(refused)).toMatch(/cannot enter component instance/);
  run(g, () => {});
});

describe('what generated code calls', () => {
  /** In the middle of a call, as generated code would. */
  const inCall = (encoding: StringEncoding, use: (cx: ComponentInstance, g: Guest) => unknown) => {
    const g = guest(encoding);
    g.write(512, [0xff, 0xc3]);
    enter(g.cx);
    let thrown: unknown;
    try {
      use(g.cx, g);
      leave(g.cx);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Trap);
    expectDead(g);
    return String(thrown);
  };
  const leaves: readonly [string, RegExp, (cx: ComponentInstance, g: Guest) => unknown][] = [
    ['liftString', /pointer of a string out of bounds/, (cx) => liftString(cx, 65535, 2)],
    ['liftString, 2^31', /string byte length 2147483648/, (cx) => liftString(cx, 0, 2 ** 31)],
    ['liftString, not UTF-8', /invalid utf-8/, (cx) => liftString(cx, 512, 1)],
    ['liftString, cut off', /invalid utf-8/, (cx) => liftString(cx, 513, 1)],
    [
      'loadString',
      /pointer of a string out of bounds/,
      (cx, g) => loadString(cx, g.write(520, words(65535, 9))),
    ],
    ['liftU8s', /pointer of a list out of bounds/, (cx) => liftU8s(cx, 65535, 2)],
    ['liftU32s', /unaligned pointer/, (cx) => liftU32s(cx, 2, 1)],
    ['liftF64s', /list byte length 34359738360/, (cx) => liftF64s(cx, 0, 2 ** 32 - 1)],
    ['checkList', /list byte length/, (cx) => checkList(cx, 0, 2 ** 40, 0)],
    ['check', /pointer out of bounds/, (cx) => check(cx, 65533, 4, 0)],
    ['liftChar', /invalid `char` bit pattern/, () => liftChar(0xd800)],
    ['liftOwn', /unknown handle index 5/, (cx) => liftOwn(cx, 5, BLOB)],
    ['liftBorrow', /unknown handle index 5/, (cx) => liftBorrow(cx, 5, BLOB)],
    ['takeRep of a borrow', /is a borrow/, (cx) => takeRep(cx, lowerBorrow(cx, new Blob(), BLOB, ''), BLOB)],
    [
      'handleRep',
      /used with the wrong type/,
      (cx) => handleRep(cx, lowerOwn(cx, new Blob(), BLOB, ''), COUNTER),
    ],
    [
      'dropHandle twice',
      /unknown handle index 1/,
      (cx) => {
        const index = lowerOwn(cx, new Blob(), BLOB, '');
        dropHandle(cx, index, BLOB);
        dropHandle(cx, index, BLOB);
      },
    ],
    [
      'lowerString, realloc',
      /pointer from realloc out of bounds/,
      (cx, g) => {
        g.realloc = () => -1;
        return lowerString(cx, 'hello', '');
      },
    ],
    [
      'lowerU32s, realloc',
      /unaligned pointer from realloc/,
      (cx, g) => {
        g.realloc = () => 2;
        return lowerU32s(cx, [1], '');
      },
    ],
  ];
  test.each(leaves)('%s traps', (_, message, use) => {
    expect(inCall('utf8', use)).toMatch(message);
  });

  test('leaves nothing alive that caught a trap: leaving refuses', () => {
    const g = guest();
    const out: CoreCallee = canonLower(
      () => {
        throw new Error('of the host');
      },
      functionType([]),
      g.options,
      g.cx,
    );
    enter(g.cx);
    expect(() => out()).toThrow('of the host');
    expect(() => leave(g.cx)).toThrow(/is dead/);
    expectDead(g);
  });
});
