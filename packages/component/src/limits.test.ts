/** Programs that try to allocate more than they may. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { LinkError, Trap } from '@wittle/runtime';
import { section, text, vector, component as componentOf, coreModule } from '../test/bytes.ts';
import { bytesOf, load, thrownBy } from '../test/load.ts';
import { readSizes } from './binary/module-sizes.ts';
import { compile, compileSync } from './component.ts';
import { instantiate, instantiateSync } from './instantiate.ts';
import { LimitError, limitModule, type ProgramLimits } from './limits.ts';

const KiB = 1024;
const page = 64 * KiB;

interface Growing {
  readonly a: Part;
  readonly b: Part;
  readonly growSmall: (pages: number) => number;
}

interface Part {
  readonly grow: (pages: number) => number;
  readonly growTable: (elements: number) => number;
}

const growing = (limits: ProgramLimits): Growing =>
  instantiateSync<object>(compileSync(bytesOf('growing'), { limits })) as Growing;

describe('the memories of a component', () => {
  test('have the limit together: what one cannot use is for the others', () => {
    // Two that start with 1 page, and one of 1 to 3.
    const { a, b, growSmall } = growing({ memory: 15 * page });
    expect([a.grow(5), a.grow(1)]).toEqual([1, -1]);
    expect([b.grow(6), b.grow(2), b.grow(3), b.grow(1)]).toEqual([-1, 1, 3, -1]);
    expect([growSmall(2), growSmall(1)]).toEqual([1, -1]);
  });

  test('have equal parts, if each could use more', () => {
    const { a, b, growSmall } = growing({ memory: 6 * page });
    expect([a.grow(1), b.grow(1), growSmall(1)]).toEqual([1, 1, 1]);
    expect([a.grow(1), b.grow(1), growSmall(1)]).toEqual([-1, -1, -1]);
  });

  test('grow by whole pages', () => {
    const { a, b, growSmall } = growing({ memory: 6 * page - 1 });
    expect([a.grow(1), b.grow(1), growSmall(1)]).toEqual([1, 1, -1]);
    expect([a.grow(1), b.grow(1)]).toEqual([-1, -1]);
  });

  test('can be so large that the engine is the limit', () => {
    const { a, growSmall } = growing({ memory: Number.MAX_SAFE_INTEGER });
    expect([a.grow(100), a.grow(65536), growSmall(2), growSmall(1)]).toEqual([1, -1, 1, -1]);
  });

  test('may start with all that there is', () => {
    const { a, b, growSmall } = growing({ memory: 3 * page });
    expect([a.grow(0), a.grow(1), b.grow(1), growSmall(1)]).toEqual([1, -1, -1, -1]);
  });

  test('may not start with more, alone or together', async () => {
    const offset = bytesOf('growing').findIndex(
      (_, i, all) => all[i] === 5 && all[i + 1] === 3 && all[i + 2] === 1 && all[i + 3] === 0,
    );
    const refused = async (memory: number): Promise<LimitError> => {
      const error: unknown = await compile(bytesOf('growing'), { limits: { memory } }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(LimitError);
      expect(thrownBy(() => growing({ memory }))).toEqual(error);
      return error as LimitError;
    };
    expect((await refused(3 * page - 1)).problems).toEqual([
      {
        message: 'the memories of the program start together with 196608 bytes, and limits.memory is 196607',
        offset: offset + 3,
      },
    ]);
    const { message, problems } = await refused(1);
    expect(problems).toHaveLength(2);
    expect(message).toMatch(
      /^a memory starts with 65536 bytes, and limits\.memory is 1 \(at offset 0x[0-9a-f]+\)\n/,
    );
  });

  test('are those of each instance: another has as much again', () => {
    const component = compileSync(bytesOf('growing'), { limits: { memory: 15 * page } });
    for (let i = 0; i < 3; i++) {
      const { a } = instantiateSync<object>(component) as Growing;
      expect([a.grow(5), a.grow(1)]).toEqual([1, -1]);
    }
  });
});

test('tables have their limit likewise, and leave memories alone', () => {
  const { a, b } = growing({ tableElements: 10 });
  expect([a.growTable(3), a.growTable(1), b.growTable(4), b.growTable(3)]).toEqual([2, -1, -1, 2]);
  expect(a.grow(100)).toBe(1);
  expect(() => growing({ tableElements: 3 })).toThrow(
    'the tables of the program start together with 4 elements, and limits.tableElements is 3',
  );
});

test('without limits the modules stay as they are', async () => {
  for (const limits of [{}, { memory: undefined }]) {
    const component = await compile(bytesOf('growing'), { limits });
    const { a, growSmall } = (await instantiate(component)) as unknown as Growing;
    expect([a.grow(100), a.growTable(100), growSmall(2), growSmall(1)]).toEqual([1, 2, 1, -1]);
  }
});

test('a component of more instances than can be made is refused when they are made', () => {
  const many = compileSync(bytesOf('many'), { limits: { memory: page } });
  expect(() => instantiateSync(many)).toThrow(LinkError);
});

test('a component works as it did within its limits', () => {
  const limits = { memory: page, tableElements: 100 };
  const counters = instantiateSync(compileSync(bytesOf('counters'), { limits }))['counters']!;
  const counter = new counters['Counter']!(1) as unknown as { up: (by: number) => number };
  expect(counter.up(2)).toBe(3);
});

describe('limits cannot be had', () => {
  test('for modules that are compiled already', () => {
    const { modules } = load('growing');
    expect(() => compileSync(bytesOf('growing'), { modules, limits: { memory: page } })).toThrow(
      new TypeError('limits need the core modules in binary form: leave out `modules`'),
    );
    expect(compileSync(bytesOf('growing'), { modules, limits: {} }).modules).toEqual(modules);
  });

  test('for core modules and components that come in or go out', () => {
    // (component (import "m" (core module)))
    const importing = componentOf(vector(3, [0x50, 0]), vector(10, [0, ...text('m'), 0x00, 0x11, 0]));
    expect(() => compileSync(importing, { limits: { memory: page } })).toThrow(
      'the component imports core modules or components (`m`), which limits do not reach (at offset 0x',
    );
    // (component (component) (export "c" (component 0)))
    const exporting = componentOf(section(4, componentOf()), vector(11, [0, ...text('c'), 0x04, 0, 0]));
    expect(() => compileSync(exporting, { limits: { memory: page } })).toThrow(
      'the component exports core modules or components (`c`), which limits do not reach (at offset 0x',
    );
  });

  test.each([
    [{ memory: 0 }, 'limits.memory is a whole number greater than 0, not 0'],
    [{ memory: -1 }, 'limits.memory is a whole number greater than 0, not -1'],
    [{ memory: 1.5 }, 'limits.memory is a whole number greater than 0, not 1.5'],
    [{ memory: NaN }, 'limits.memory is a whole number greater than 0, not NaN'],
    [{ memory: Infinity }, 'limits.memory is a whole number greater than 0, not Infinity'],
    [{ memory: '256m' }, 'limits.memory is a whole number greater than 0, not 256m'],
    [
      { tableElements: 2 ** 60 },
      'limits.tableElements is a whole number greater than 0, not 1152921504606847000',
    ],
    [{ handles: 5 }, 'limits.handles does not exist; there are memory, tableElements'],
  ])('from %j', (limits, message) => {
    const error = new TypeError(message);
    expect(() => compileSync(bytesOf('growing'), { limits: limits as never })).toThrow(error);
    expect(() => limitModule(coreModule(), limits as never)).toThrow(error);
  });
});

describe('a core module', () => {
  /** The limits that stand in a module of one memory, and what they become. */
  const memoryOf = (limits: readonly number[], memory: number): number[] => {
    const before = coreModule(vector(5, limits), section(0, [...text('note'), 1, 2, 3]));
    const after = limitModule(before, { memory });
    // The size of the section that is rewritten takes one byte.
    const start = after[9]! < 0x80 ? 11 : 12;
    return [...after].slice(start, after.length - 11);
  };

  test.each([
    ['no maximum', [0, 1], [1, 1, 4]],
    ['a higher maximum', [1, 1, 0x80, 0x80, 4], [1, 1, 4]],
    ['a lower maximum', [1, 1, 3], [1, 1, 3]],
    ['a shared memory', [3, 1, 0x80, 2], [3, 1, 4]],
    ['64-bit addresses', [4, 1], [5, 1, 4]],
    ['64-bit addresses and a higher maximum', [5, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], [5, 1, 4]],
    ['pages of one byte', [8, 1, 0], [9, 1, 0x80, 0x80, 0x10, 0]],
    ['a minimum that is written long', [0, 0x81, 0x80, 0], [1, 1, 4]],
  ])('with %s', (_, before, after) => {
    expect(memoryOf(before, 4 * page)).toEqual(after);
  });

  test('keeps its size where memory has no end', () => {
    expect(memoryOf([0, 1], Number.MAX_SAFE_INTEGER)).toEqual([0, 1]);
    expect(memoryOf([0, 1], 65536 * page)).toEqual([0, 1]);
    expect(memoryOf([0, 1], 65536 * page - 1)).toEqual([1, 1, 0xff, 0xff, 3]);
  });

  test('with several memories divides the limit', () => {
    const after = limitModule(coreModule(vector(5, [0, 1], [0, 2], [1, 0, 1])), { memory: 10 * page });
    expect([...after].slice(8)).toEqual([5, 10, 3, 1, 1, 4, 1, 2, 5, 1, 0, 1]);
  });

  test('with a table that has a first value', () => {
    // (table 1 funcref (ref.null func)), (table 0 5 externref)
    const before = coreModule(vector(4, [0x40, 0, 0x70, 0, 1, 0xd0, 0x70, 0x0b], [0x6f, 1, 0, 5]));
    const after = limitModule(before, { tableElements: 4 });
    expect([...after].slice(10)).toEqual([2, 0x40, 0, 0x70, 1, 1, 3, 0xd0, 0x70, 0x0b, 0x6f, 1, 0, 1]);
    expect(WebAssembly.validate(after)).toBe(WebAssembly.validate(before));
  });

  test('has no more than the limit, whatever its memories are, and refuses only what cannot be', () => {
    let state = 1;
    const random = (below: number): number => (state = (state * 48_271) % 0x7fff_ffff) % below;
    let refusals = 0;
    for (let i = 0; i < 500; i++) {
      const declared = Array.from({ length: 1 + random(4) }, () => {
        const minimum = random(8);
        return random(2) === 0 ? [0, minimum] : [1, minimum, minimum + random(16)];
      });
      const pages = 1 + random(40);
      const minima = declared.reduce((sum, [, minimum]) => sum + minimum!, 0);
      const make = () => limitModule(coreModule(vector(5, ...declared)), { memory: pages * page });
      if (minima > pages) {
        expect(make).toThrow(LimitError);
        refusals++;
        continue;
      }
      const sizes = readSizes(make());
      const total = sizes.reduce((sum, { maximum }) => sum + maximum, 0n);
      const wanted = declared.reduce((sum, [, , maximum = 65_536]) => sum + maximum, 0);
      expect(total).toBeLessThanOrEqual(pages);
      // Less than a page for each is lost.
      expect(Number(total)).toBeGreaterThan(Math.min(pages, wanted) - declared.length);
      sizes.forEach(({ minimum, maximum }, index) => {
        const [, least, most = 65_536] = declared[index]!;
        expect([Number(minimum), maximum >= minimum, maximum <= most]).toEqual([least, true, true]);
      });
    }
    expect(refusals).toBeGreaterThan(10);
  });

  test('is left alone by limits of what it has not', () => {
    const bytes = coreModule(vector(5, [0, 1]));
    expect(limitModule(bytes, { tableElements: 1 })).toEqual(bytes);
    expect(limitModule(bytes.buffer, {})).toEqual(bytes);
  });

  test('runs, and finds no more memory', () => {
    // (module (memory 1) (func (export "grow") (param i32) (result i32) local.get 0 memory.grow))
    const bytes = coreModule(
      vector(1, [0x60, 1, 0x7f, 1, 0x7f]),
      vector(3, [0]),
      vector(5, [0, 1]),
      vector(7, [...text('grow'), 0, 0]),
      vector(10, [6, 0, 0x20, 0, 0x40, 0, 0x0b]),
    );
    const exports = new WebAssembly.Instance(new WebAssembly.Module(limitModule(bytes, { memory: 2 * page })))
      .exports as { grow: (pages: number) => number };
    expect([exports.grow(2), exports.grow(1), exports.grow(1)]).toEqual([-1, 1, -1]);
  });

  test.each([
    ['is none', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'this is not a core module (at offset 0x0)'],
    ['ends too early', coreModule(vector(5, [0, 1])).subarray(0, 12), 'unexpected end (at offset 0xb)'],
    [
      'has unknown limits',
      coreModule(vector(5, [0x10, 1])),
      'this kind of limits is not known (at offset 0xc)',
    ],
    [
      'starts with more',
      coreModule(vector(5, [0, 2])),
      'a memory starts with 131072 bytes, and limits.memory is 65536 (at offset 0xc)',
    ],
  ])('that %s is refused', (_, bytes, message) => {
    const error = thrownBy(() => limitModule(bytes, { memory: page }));
    expect(error).toBeInstanceOf(LimitError);
    expect((error as Error).message).toBe(message);
  });
});

describe('handles', () => {
  const counters = (handles: number) => {
    const { counters: api } = instantiateSync(load('counters'), {}, { limits: { handles } });
    return api as unknown as {
      readonly Counter: new (from: number) => Disposable & { up(by: number): number };
      readonly live: () => number;
    };
  };

  test('are as many at a time as there may be, however often', () => {
    const { Counter, live } = counters(1);
    // The call gives its handle away at once; a borrow of its own needs none.
    for (let i = 0; i < 100; i++) {
      using counter = new Counter(i);
      expect(counter.up(1)).toBe(i + 1);
    }
    expect(live()).toBe(0);
  });

  test('too many are the end of that instance alone', async () => {
    const hoarder = compileSync(
      readFileSync(new URL('../../cli/test/components/hoarder.wasm', import.meta.url)),
    );
    class Pollable {}
    const imports = {
      'wasi:io/poll': { Pollable },
      'wasi:clocks/monotonic-clock': { subscribeDuration: () => new Pollable() },
    };
    const make = (handles?: number) => {
      const { hoard } = instantiateSync(hoarder, imports, { limits: { handles }, blocking: 'none' });
      return (count: number): unknown => (hoard as unknown as (count: number) => unknown)(count);
    };
    const [one, other, unlimited] = [make(5), make(5), make()];
    expect(await one(4)).toBe(4);
    await expect((async () => one(2))()).rejects.toThrow(new Trap('handle table is full: its limit is 5'));
    await expect((async () => one(0))()).rejects.toThrow('cannot enter component instance');
    expect(await other(5)).toBe(5);
    expect(await unlimited(100_000)).toBe(100_000);
  });

  test.each([0, -1, 1.5, NaN, '5'])('are a whole number, not %p', (handles) => {
    const make = (): unknown => counters(handles as number);
    expect(make).toThrow(new TypeError(`limits.handles is a whole number greater than 0, not ${handles}`));
  });
});
