/** Values of every kind at their edges, and values of the wrong shape. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoGuest, POST_RETURNS } from './echo.ts';
import { Workspace, worldOf, type Any, thrownBy } from './generate.ts';
import { i32, WasmModule, type Instructions, type Signature } from './wasm.ts';

const workspace = new Workspace();
const { ComponentError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

/** By function name: the WIT of a parameter that comes back as the result. */
const types = {
  'of-bool': 'bool',
  'of-u8': 'u8',
  'of-s8': 's8',
  'of-u16': 'u16',
  'of-s16': 's16',
  'of-u32': 'u32',
  'of-s32': 's32',
  'of-u64': 'u64',
  'of-s64': 's64',
  'of-f32': 'f32',
  'of-f64': 'f64',
  'of-char': 'char',
  'of-string': 'string',
  'of-bytes': 'list<u8>',
  'of-doubles': 'list<f64>',
  'of-strings': 'list<string>',
  'of-nested': 'list<list<point>>',
  'of-point': 'point',
  'of-line': 'line',
  'of-shape': 'shape',
  'of-shapes': 'list<shape>',
  'of-color': 'color',
  'of-many': 'many',
  'of-perms': 'perms',
  'of-all-flags': 'all-flags',
  'of-odd': 'odd',
  'of-option': 'option<u32>',
  'of-option2': 'option<option<u32>>',
  'of-option3': 'option<option<option<string>>>',
  'of-pair': 'tuple<u32, string>',
  'of-result': 'tuple<result<u32, string>>',
  'of-map': 'map<string, point>',
  'of-fixed': 'list<u16, 3>',
  'of-fixed-strings': 'list<string, 2>',
} as const;

const declarations = `
  record point { x: s32, y: s32 }
  record line { from-here: point, to: option<point>, label: string }
  variant shape { none, circle(f32), rect(tuple<f64, f64>), named(string), big(u64), poly(list<point>) }
  enum color { red, light-green }
  enum many { ${Array.from({ length: 300 }, (_, index) => `c${index}x`).join(', ')} }
  flags perms { read, write-all }
  flags all-flags { ${Array.from({ length: 32 }, (_, index) => `b${index}x`).join(', ')} }
  flags odd { %constructor, to-string, is-prototype-of }
  record hidden { %constructor: option<u32>, value-of: option<string> }
`;

const text = `package demo:values;
  interface api { ${declarations}
    ${Object.entries(types)
      .map(([name, type]) => `${name}: func(x: ${type}) -> ${type};`)
      .join('\n')}
    of-hidden: func(x: hidden) -> hidden;
    wide: func(${Array.from({ length: 17 }, (_, index) => `p${index}: u32`).join(', ')}) -> tuple<u32, u32>;
    fails: func(x: u32) -> result<line, shape>;
    fails-plain: func(x: u32) -> result;
    fails-string: func(x: u32) -> result<_, string>;
    fails-u8: func(x: u32) -> result<u8>;
    nothing: func();
  }
  world values { import api; export api; }`;

const world = worldOf(text);
let glue: Any;
let guest: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  glue = await workspace.load(world);
  guest = echoGuest(world, { postReturns: true });
});

/** An instance over a host that gives everything back, or does what `host` says. */
async function instance(host: Record<string, (...args: Any[]) => unknown> = {}): Promise<Any> {
  const echo = new Proxy(host, { get: (of, key) => of[String(key)] ?? ((x: unknown) => x) });
  return (await glue.instantiate(guest, { 'demo:values/api': echo })).api;
}

const key = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

describe('edges', () => {
  const cases: Partial<Record<keyof typeof types, readonly unknown[]>> = {
    'of-bool': [true, false],
    'of-u8': [0, 255],
    'of-s8': [-128, 127],
    'of-u16': [65535],
    'of-s16': [-32768],
    'of-u32': [2 ** 32 - 1, 2 ** 31],
    'of-s32': [-(2 ** 31), 2 ** 31 - 1],
    'of-u64': [2n ** 64n - 1n, 2n ** 63n],
    'of-s64': [-(2n ** 63n), 2n ** 63n - 1n, -1n],
    'of-f32': [NaN, Infinity, -0, 0.5, 1.401298464324817e-45],
    'of-f64': [NaN, -Infinity, -0, 5e-324, Number.MAX_VALUE],
    'of-char': ['a', '\u0000', 'é', '\uFFFF', '😀', '\u{10FFFF}'],
    'of-string': [
      '',
      'a'.repeat(11),
      'a'.repeat(12),
      '\u0000',
      '\uFEFF',
      'é',
      '😀'.repeat(100),
      'x'.repeat(70_000),
      `${'y'.repeat(5000)}ü`,
    ],
    'of-bytes': [new Uint8Array(0), new Uint8Array(100_000).fill(7)],
    'of-doubles': [Float64Array.of(NaN, -0, 1.5)],
    'of-strings': [[], ['', 'ü', 'x'.repeat(100)]],
    'of-nested': [[], [[], [{ x: 1, y: -1 }]]],
    'of-shape': [
      { tag: 'none' },
      { tag: 'circle', val: 0.5 },
      { tag: 'circle', val: NaN },
      { tag: 'rect', val: [-0, Infinity] },
      { tag: 'named', val: 'é' },
      { tag: 'big', val: 2n ** 64n - 1n },
      { tag: 'poly', val: [{ x: -1, y: 1 }] },
    ],
    'of-shapes': [[{ tag: 'none' }, { tag: 'big', val: 1n }]],
    'of-color': ['red', 'light-green'],
    'of-many': ['c0x', 'c255x', 'c256x', 'c299x'],
    'of-perms': [{ read: true, writeAll: false }],
    'of-option': [undefined, 0, 2 ** 32 - 1],
    'of-option2': [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 1 }],
    'of-option3': [
      { tag: 'none' },
      { tag: 'some', val: { tag: 'none' } },
      { tag: 'some', val: { tag: 'some', val: undefined } },
      { tag: 'some', val: { tag: 'some', val: '' } },
    ],
    'of-result': [[{ tag: 'ok', val: 1 }], [{ tag: 'err', val: 'x' }]],
    'of-map': [new Map(), new Map([['a', { x: 1, y: 2 }]])],
    'of-fixed': [Uint16Array.of(1, 2, 65535)],
    'of-fixed-strings': [['a', 'ü']],
    'of-odd': [{ constructor: true, toString: false, isPrototypeOf: true }],
  };
  for (const [name, values] of Object.entries(cases)) {
    test(`${types[name as keyof typeof types]} comes back as it was`, async () => {
      const api = await instance();
      for (const value of values) expect(api[key(name)](value)).toEqual(value);
    });
  }

  test('what is left out of a value, or given as something that iterates, comes back whole', async () => {
    const api = await instance();
    expect(api.ofPerms({})).toEqual({ read: false, writeAll: false });
    expect(api.ofOdd({})).toEqual({ constructor: false, toString: false, isPrototypeOf: false });
    expect(api.ofHidden({})).toEqual({ constructor: undefined, valueOf: undefined });
    expect(api.ofHidden({ constructor: 3, valueOf: 'x' })).toEqual({ constructor: 3, valueOf: 'x' });
    expect(api.ofLine({ fromHere: { x: 1, y: 2 }, label: '' })).toEqual({
      fromHere: { x: 1, y: 2 },
      to: undefined,
      label: '',
    });
    expect(api.ofBytes([1, 2])).toEqual(Uint8Array.of(1, 2));
    expect(api.ofStrings(new Set(['a']))).toEqual(['a']);
    expect(api.ofMap([['k', { x: 1, y: 1 }]])).toEqual(new Map([['k', { x: 1, y: 1 }]]));
    expect(api.ofFixed([1, 2, 3])).toEqual(Uint16Array.of(1, 2, 3));
    expect(api.ofAllFlags({ b31x: true, b0x: true })).toMatchObject({ b31x: true, b0x: true, b1x: false });
    expect(api.ofString('\ud800')).toBe('\ufffd');
    expect(api.ofF32(0.1)).toBe(Math.fround(0.1));
  });

  test('more than 16 parameters arrive in order', async () => {
    const values = Array.from({ length: 17 }, (_, index) => index * 1000);
    let seen: unknown;
    const api = await instance({ wide: (...args) => ((seen = args), [args[0], args[16]]) });
    expect(api.wide(...values)).toEqual([0, 16_000]);
    expect(seen).toEqual(values);
  });

  test('every call is followed by its post-return', async () => {
    let guestMemory: { readonly memory: WebAssembly.Memory } | undefined;
    const adapter = {
      imports: (of: { readonly memory: WebAssembly.Memory }) => {
        guestMemory = of;
        return {};
      },
    };
    const host = new Proxy({}, { get: () => (x: unknown) => x });
    const { api } = await glue.instantiate(guest, { 'demo:values/api': host }, { adapter });
    api.ofString('a');
    api.nothing();
    api.failsPlain(1);
    expect(new Uint32Array(guestMemory!.memory.buffer)[POST_RETURNS / 4]).toBe(3);
  });
});

describe('wrong values', () => {
  /** The function, a value, and what is said of it behind the function's name. */
  const cases: readonly (readonly [keyof typeof types, unknown, string])[] = [
    ['of-bool', 1, 'x: expected boolean, got number 1'],
    ['of-u8', 256, 'x: expected u8, got number 256'],
    ['of-s8', -129, 'x: expected s8, got number -129'],
    ['of-u16', 1.5, 'x: expected u16, got number 1.5'],
    ['of-s16', NaN, 'x: expected s16, got number NaN'],
    ['of-u32', -1, 'x: expected u32, got number -1'],
    ['of-s32', '1', 'x: expected s32, got string "1"'],
    ['of-u64', 1, 'x: expected u64, got number 1'],
    ['of-u64', -1n, 'x: expected u64, got bigint -1'],
    ['of-s64', 2n ** 63n, 'x: expected s64, got bigint 9223372036854775808'],
    ['of-f32', '1', 'x: expected number, got string "1"'],
    ['of-f64', 1n, 'x: expected number, got bigint 1'],
    ['of-char', 'ab', 'x: expected char (a string of one Unicode scalar value), got string "ab"'],
    ['of-char', '', 'x: expected char (a string of one Unicode scalar value), got string ""'],
    ['of-char', '\udc00', 'x: expected char (a string of one Unicode scalar value), got string "\\udc00"'],
    ['of-string', undefined, 'x: expected string, got undefined'],
    ['of-bytes', [1, 256], 'x[1]: expected u8, got number 256'],
    ['of-bytes', 'ab', 'x: expected Uint8Array or array, got string "ab"'],
    ['of-strings', ['a', 1], 'x[1]: expected string, got number 1'],
    ['of-strings', 'ab', 'x: expected array, got string "ab"'],
    ['of-nested', [[], [{ x: 1, y: 1 }, { x: 1 }]], 'x[1][1].y: expected s32, got undefined'],
    ['of-nested', [[null]], 'x[0][0]: expected object, got null'],
    ['of-point', null, 'x: expected object, got null'],
    ['of-point', { x: 1 }, 'x.y: expected s32, got undefined'],
    ['of-line', { fromHere: { x: 1, y: 2 }, to: null, label: '' }, 'x.to: expected object, got null'],
    [
      'of-line',
      { fromHere: { x: 1, y: 2 }, to: { x: 1, y: 'a' }, label: '' },
      'x.to.y: expected s32, got string "a"',
    ],
    [
      'of-shape',
      { tag: 'square' },
      'x.tag: expected "none" | "circle" | "rect" | "named" | "big" | "poly", got string "square"',
    ],
    ['of-shape', 'none', 'x: expected object, got string "none"'],
    ['of-shape', { tag: 'rect', val: [1, '2'] }, 'x.val[1]: expected number, got string "2"'],
    ['of-shape', { tag: 'rect', val: [1] }, 'x.val: expected array of 2, got array of 1'],
    ['of-shape', { tag: 'poly', val: [{ x: 1, y: 2 }, {}] }, 'x.val[1].x: expected s32, got undefined'],
    ['of-shapes', [{ tag: 'none' }, { tag: 'circle' }], 'x[1].val: expected number, got undefined'],
    ['of-color', 'lightGreen', 'x: expected "red" | "light-green", got string "lightGreen"'],
    ['of-perms', { reed: true }, 'x: expected one of read, writeAll, got string "reed"'],
    ['of-perms', { read: 1 }, 'x.read: expected boolean or undefined, got number 1'],
    ['of-perms', ['read'], 'x: expected one of read, writeAll, got string "0"'],
    ['of-option', null, 'x: expected u32, got null'],
    ['of-option2', 1, 'x: expected object, got number 1'],
    ['of-option2', { tag: 'some', val: 'a' }, 'x.val: expected u32, got string "a"'],
    ['of-pair', [1], 'x: expected array of 2, got array of 1'],
    ['of-pair', [1, 2], 'x[1]: expected string, got number 2'],
    ['of-result', [{ tag: 'ok' }], 'x[0].val: expected u32, got undefined'],
    ['of-map', {}, 'x: expected Map, got Object'],
    ['of-map', new Map([['a', { x: 1 }]]), 'x[0].value.y: expected s32, got undefined'],
    ['of-map', new Map([[1, { x: 1, y: 1 }]]), 'x[0].key: expected string, got number 1'],
    ['of-fixed', [1, 2], 'x: expected array of 3, got array of 2'],
    ['of-fixed', [1, 2, -3], 'x[2]: expected u16, got number -3'],
    ['of-fixed-strings', ['a', 0], 'x[1]: expected string, got number 0'],
  ];

  test.each(cases)(
    'as an argument, %s of %p: the call is refused and nothing has happened',
    async (name, value, said) => {
      const api = await instance();
      const error = thrownBy(() => api[key(name)](value));
      expect(error).toBeInstanceOf(ValueError);
      expect(error.message).toBe(`demo:values/api.${name} → ${said}`);
      expect(api.ofString('still there')).toBe('still there');
    },
  );

  test.each(cases)(
    'as a result of the host, %s of %p: that instance is poisoned, others are not',
    async (name, value, said) => {
      const good = {
        'of-bytes': [],
        'of-strings': [],
        'of-nested': [],
        'of-shapes': [],
        'of-map': new Map(),
      };
      const other = await instance();
      const api = await instance({ [key(name)]: () => value });
      const argument = (good as Record<string, unknown>)[name] ?? sampleOf(name);
      const error = thrownBy(() => api[key(name)](argument));
      expect(error).toBeInstanceOf(ValueError);
      expect(error.message).toBe(`demo:values/api.${name} → ${said.replace(/^x/, 'result')}`);
      expect(thrownBy(() => api.ofU8(1))).toBeInstanceOf(Trap);
      expect(other.ofU8(1)).toBe(1);
    },
  );
});

/** A value that a function takes. */
function sampleOf(name: string): unknown {
  const samples: Record<string, unknown> = {
    'of-bool': true,
    'of-char': 'a',
    'of-string': '',
    'of-point': { x: 0, y: 0 },
    'of-line': { fromHere: { x: 0, y: 0 }, label: '' },
    'of-shape': { tag: 'none' },
    'of-color': 'red',
    'of-perms': {},
    'of-option': undefined,
    'of-option2': { tag: 'none' },
    'of-pair': [0, ''],
    'of-result': [{ tag: 'ok', val: 0 }],
    'of-fixed': [0, 0, 0],
    'of-fixed-strings': ['', ''],
    'of-u64': 0n,
    'of-s64': 0n,
  };
  return name in samples ? samples[name] : 0;
}

describe('failing host functions', () => {
  const line = { fromHere: { x: 1, y: 2 }, to: undefined, label: 'l' };

  test('give the ok value by returning it', async () => {
    const api = await instance({
      fails: () => line,
      failsU8: () => 7,
      failsString: () => {},
      failsPlain: () => {},
    });
    expect(api.fails(0)).toEqual(line);
    expect(api.failsU8(0)).toBe(7);
    expect(api.failsString(0)).toBe(undefined);
    expect(api.failsPlain(0)).toBe(undefined);
  });

  const payload = { tag: 'named', val: 'why' };
  test.each([
    [
      'by itself',
      (): never => {
        throw payload;
      },
    ],
    [
      'in a ComponentError',
      (): never => {
        throw new ComponentError(payload);
      },
    ],
    [
      'in any error that carries one',
      (): never => {
        throw Object.assign(new Error('other'), { payload });
      },
    ],
  ] as const)('give the error value %s', async (_, fails) => {
    const api = await instance({ fails });
    const error = thrownBy(() => api.fails(0)) as Any;
    expect(error).toBeInstanceOf(ComponentError);
    expect(error.payload).toEqual(payload);
    expect(api.ofU8(1)).toBe(1);
  });

  test('an error value of the wrong shape poisons the instance and says where', async () => {
    const api = await instance({
      fails: () => {
        throw { tag: 'circle', val: 'big' };
      },
    });
    expect(thrownBy(() => api.fails(0)).message).toBe(
      'demo:values/api.fails → result.err.val: expected number, got string "big"',
    );
    expect(() => api.ofU8(1)).toThrow(Trap);
  });

  test('an ok value of the wrong shape says where', async () => {
    const api = await instance({ fails: () => ({ ...line, label: 1 }) });
    expect(thrownBy(() => api.fails(0)).message).toBe(
      'demo:values/api.fails → result.ok.label: expected string, got number 1',
    );
  });

  test('any other error passes through the guest as it is', async () => {
    const failure = new RangeError('disk on fire');
    const throwing = (): never => {
      throw failure;
    };
    for (const name of ['fails', 'failsPlain', 'failsString', 'ofU8', 'ofString', 'nothing']) {
      const api = await instance({ [name]: throwing });
      expect(thrownBy(() => api[name](name === 'ofString' ? 'a' : 0))).toBe(failure);
      expect(thrownBy(() => api.ofU16(1))).toBeInstanceOf(Trap);
    }
  });

  test('a promise from a function that cannot wait is no silent success', async () => {
    for (const name of ['failsString', 'nothing', 'failsPlain']) {
      const api = await instance({ [name]: async () => {} });
      expect(thrownBy(() => api[name](0)).message).toContain('expected nothing, at once');
    }
    const api = await instance({ ofU32: async () => 1 });
    expect(thrownBy(() => api.ofU32(0)).message).toBe(
      'demo:values/api.of-u32 → result: expected u32, got Promise',
    );
  });
});

describe('a guest that breaks the Canonical ABI', () => {
  /** Instantiates a guest whose export `f` of this type has this body; its memory is 1 page. */
  async function broken(
    type: string,
    signature: Signature,
    body: Instructions,
    data: Iterable<number> = [],
  ): Promise<Any> {
    const wit = `package demo:broken; interface api { ${declarations} f: func() -> ${type}; } world w { export api; }`;
    const { instantiate } = await workspace.load(worldOf(wit));
    const module = new WasmModule();
    module.memory(1);
    module.func('demo:broken/api#f', signature, body);
    module.data(8, data);
    return (await instantiate(module.bytes(), {})).api;
  }
  const pointer: Signature = { params: [], results: ['i32'] };

  const cases: readonly (readonly [string, string, Signature, Instructions, Iterable<number>, RegExp])[] = [
    [
      'a return pointer out of bounds',
      'string',
      pointer,
      i32(65536),
      [],
      /pointer out of bounds: 8 bytes at 65536/,
    ],
    ['a negative return pointer', 'string', pointer, i32(-8), [], /pointer out of bounds/],
    ['an unaligned return pointer', 'string', pointer, i32(9), [], /unaligned pointer/],
    [
      'a string out of bounds',
      'string',
      pointer,
      i32(8),
      [0xff, 0xff, 0, 0, 2, 0, 0, 0],
      /pointer of a string out of bounds/,
    ],
    [
      'a string of endless length',
      'string',
      pointer,
      i32(8),
      [0, 0, 0, 0, 255, 255, 255, 255],
      /string byte length/,
    ],
    [
      'a string that is not UTF-8',
      'string',
      pointer,
      i32(8),
      [16, 0, 0, 0, 1, 0, 0, 0, 0xff],
      /invalid utf-8/,
    ],
    [
      'a list out of bounds',
      'list<point>',
      pointer,
      i32(8),
      [0, 0, 0, 0, 0, 0x40, 0, 0],
      /pointer of a list out of bounds/,
    ],
    ['an unaligned list', 'list<u32>', pointer, i32(8), [2, 0, 0, 0, 1, 0, 0, 0], /unaligned pointer/],
    ['a discriminant of no case', 'shape', pointer, i32(8), [6], /invalid variant discriminant/],
    ['an option of no case', 'option<u32>', pointer, i32(8), [2], /invalid option discriminant/],
    ['a result of no case', 'result<u32, u32>', pointer, i32(8), [2], /invalid result discriminant/],
    ['a result of no case in a core value', 'result', pointer, i32(2), [], /invalid result discriminant/],
    ['an enum of no case', 'color', pointer, i32(2), [], /invalid enum discriminant/],
    ['an enum of no case below 0', 'color', pointer, i32(-1), [], /invalid enum discriminant/],
    ['a char that is a surrogate', 'char', pointer, i32(0xd800), [], /not a Unicode scalar value/],
    ['a char above all', 'char', pointer, i32(0x110000), [], /not a Unicode scalar value/],
  ];
  test.each(cases)('%s traps and poisons', async (_, type, signature, body, data, message) => {
    const api = await broken(type, signature, body, data);
    const error = thrownBy(() => api.f());
    expect(error).toBeInstanceOf(Trap);
    expect(error.message).toMatch(message);
    expect(thrownBy(() => api.f()).message).toContain('cannot enter component instance');
  });

  test('core values beyond a small type wrap', async () => {
    expect((await broken('u8', pointer, i32(0x1ff))).f()).toBe(255);
    expect((await broken('s8', pointer, i32(0x80))).f()).toBe(-128);
    expect((await broken('bool', pointer, i32(2))).f()).toBe(true);
    expect((await broken('perms', pointer, i32(-2))).f()).toEqual({ read: false, writeAll: true });
    expect((await broken('u32', pointer, i32(-1))).f()).toBe(2 ** 32 - 1);
  });

  test('an allocator that gives a wrong pointer traps', async () => {
    const wit = 'package demo:broken; world w { export f: func(s: string); }';
    const { instantiate } = await workspace.load(worldOf(wit));
    for (const wrong of [65536, -1]) {
      const module = new WasmModule();
      module.memory(1);
      module.func('cabi_realloc', { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] }, i32(wrong));
      module.func('f', { params: ['i32', 'i32'], results: [] }, []);
      const api = await instantiate(module.bytes(), {});
      expect(() => api.f('abc')).toThrow(Trap);
      expect(() => api.f('')).toThrow('cannot enter component instance');
    }
  });
});

describe('calls into an instance that is busy', () => {
  test('a host function may not call back, and that poisons nobody else', async () => {
    let again: () => unknown = () => undefined;
    const api = await instance({ nothing: () => again(), ofU8: () => 1 });
    const errors: Error[] = [];
    again = () => {
      errors.push(
        thrownBy(() => api.ofU8(1)),
        thrownBy(() => api.ofString('x')),
      );
      return undefined;
    };
    api.nothing();
    expect(errors.map((error) => error.message)).toEqual([
      expect.stringContaining('cannot enter component instance demo:values/values: a call is in progress'),
      expect.stringContaining('cannot enter component instance demo:values/values: a call is in progress'),
    ]);
    expect(errors[0]).toBeInstanceOf(Trap);
    expect(api.ofU8(0)).toBe(1);
  });

  test('a getter of an argument may call in: nothing has been entered yet', async () => {
    const api = await instance();
    const point = {
      get x(): number {
        return api.ofS32(5);
      },
      y: 1,
    };
    expect(api.ofPoint(point)).toEqual({ x: 5, y: 1 });
    expect(api.ofNested([[point, { x: 1, y: 1 }]])).toEqual([
      [
        { x: 5, y: 1 },
        { x: 1, y: 1 },
      ],
    ]);
  });

  test('an import called from realloc or post-return traps', async () => {
    const wit = 'package demo:late; world w { import log: func(); export f: func(s: string); }';
    const { instantiate } = await workspace.load(worldOf(wit));
    for (const place of ['realloc', 'post']) {
      const module = new WasmModule();
      const log = module.import('$root', 'log', { params: [], results: [] });
      module.memory(1);
      const call: Instructions = [0x10, log];
      module.func('cabi_realloc', { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] }, [
        ...(place === 'realloc' ? call : []),
        ...i32(64),
      ]);
      module.func('f', { params: ['i32', 'i32'], results: [] }, []);
      module.func('cabi_post_f', { params: [], results: [] }, place === 'post' ? call : []);
      const api = await instantiate(module.bytes(), { log: () => {} });
      expect(() => api.f('abc')).toThrow('cannot leave component instance');
      expect(() => api.f('abc')).toThrow(Trap);
    }
  });
});
