/** Implementations behind a memory of their own, by descriptors alone. */
import { describe, expect, test } from '@jest/globals';
import { ComponentError, LinkError, Trap, ValueError } from '../index.ts';
import {
  borrow,
  enumeration,
  flags,
  kindVariant,
  list,
  map,
  option,
  own,
  record,
  result,
  stringType,
  throughMemory,
  tuple,
  u32Type,
  u64Type,
  u8Type,
  variant,
  type GuestWorld,
} from './index.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;

function thrownBy(run: () => unknown): Any {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const problem = variant([
  { tag: 'missing', type: undefined },
  { tag: 'denied', type: stringType },
]);
const stat = record([
  { property: 'size', type: u64Type },
  { property: 'owner', type: option(stringType) },
  { property: 'mode', type: flags(['read', 'write']) },
]);

const world: GuestWorld = {
  name: 'demo:fs/w',
  resources: [
    { side: 'export', module: 'demo:fs/files@1.0.0', name: 'file', key: 'File' },
    { side: 'export', module: 'demo:fs/files@1.0.0', name: 'lock', key: 'Lock' },
  ],
  imports: [],
  exports: [
    {
      module: 'demo:fs/files@1.0.0',
      key: 'demo:fs/files',
      short: 'files',
      functions: [
        { name: '[constructor]file', resource: 0, params: [['path', stringType]], result: own(0) },
        {
          name: '[static]file.open',
          key: 'open',
          resource: 0,
          params: [['path', stringType]],
          result: result(own(0), problem),
        },
        { name: '[method]file.stat', key: 'stat', resource: 0, result: stat },
        {
          name: '[method]file.same',
          key: 'same',
          resource: 0,
          params: [['other', borrow(0)]],
          result: u8Type,
        },
        { name: 'join', key: 'join', params: [['all', list(own(0))]], result: option(own(0)) },
        { name: 'lock', key: 'lock', params: [['f', borrow(0)]], result: own(1) },
      ],
    },
    {
      module: '$root',
      key: undefined,
      functions: [
        {
          name: 'swap',
          key: 'swap',
          params: [['m', map(stringType, u32Type)]],
          result: list(tuple([u32Type, stringType])),
        },
        {
          name: 'given',
          key: 'given',
          params: [['e', enumeration(['a', 'b'])]],
          result: kindVariant([
            { tag: 'Ok', type: undefined },
            { tag: 'Error', type: u8Type },
          ]),
        },
      ],
    },
  ],
};

class File {
  readonly path: string;
  static disposed: string[] = [];
  constructor(path: string) {
    this.path = path;
  }
  static open(path: string): File {
    if (path === '') throw new ComponentError({ tag: 'missing' });
    if (path === '/') throw { tag: 'denied', val: 'root' } as unknown as Error;
    return new File(path);
  }
  stat(): object {
    return { size: BigInt(this.path.length), mode: { write: true } };
  }
  same(other: File): number {
    return this === other ? 1 : 0;
  }
  [Symbol.dispose](): void {
    File.disposed.push(this.path);
  }
}
class Lock {}
const implementation = {
  'demo:fs/files': {
    File,
    Lock,
    join: (all: File[]) => (all.length === 0 ? undefined : new File(all.map((each) => each.path).join('/'))),
    lock: () => new Lock(),
  },
  swap: (m: Map<string, number>) => [...m].map(([name, n]) => [n, name]),
  given: (e: string) => (e === 'a' ? { kind: 'Ok' } : { kind: 'Error', value: 7 }),
};
const start = (own: object = {}): Any => throughMemory(world, { ...implementation, ...own });

describe('an implementation behind a memory', () => {
  test('has the same functions and classes, for the same values', () => {
    const through = start();
    const { File: Through, join, lock, Lock: Locked } = through['demo:fs/files'];
    const a = new Through('a');
    expect(a).toBeInstanceOf(Through);
    expect(a).not.toBeInstanceOf(File);
    expect(a.stat()).toEqual({ size: 1n, owner: undefined, mode: { read: false, write: true } });
    expect([a.same(a), a.same(new Through('a'))]).toEqual([1, 0]);
    expect(join([])).toBe(undefined);
    expect(join([a, Through.open('b')]).stat().size).toBe(3n);
    expect(lock(new Through('c'))).toBeInstanceOf(Locked);
    expect(
      through.swap(
        new Map([
          ['x', 1],
          ['ä', 2],
        ]),
      ),
    ).toEqual([
      [1, 'x'],
      [2, 'ä'],
    ]);
    expect([through.given('a'), through.given('b')]).toEqual([{ kind: 'Ok' }, { kind: 'Error', value: 7 }]);
  });

  test('throws what it throws, and what no value of its types is', () => {
    const through = start();
    const { File: Through, join } = through['demo:fs/files'];
    expect(thrownBy(() => Through.open(''))).toMatchObject({
      name: 'ComponentError',
      payload: { tag: 'missing' },
    });
    expect(thrownBy(() => Through.open('/')).payload).toEqual({ tag: 'denied', val: 'root' });
    expect(thrownBy(() => through.given('c'))).toBeInstanceOf(ValueError);
    expect(thrownBy(() => join([new Through('x'), new File('y')])).message).toBe(
      'demo:fs/files.join → all[1]: expected a demo:fs/files.file, got File',
    );
    const wrong = start({ swap: () => [['1', 2]] });
    const error = thrownBy(() => wrong.swap(new Map()));
    expect(error).toBeInstanceOf(Trap);
    expect(error.message).toBe('swap failed: ValueError: swap → result[0][0]: expected u32, got string "1"');
    expect(() => wrong.given('a')).toThrow(/cannot enter component instance demo:fs\/w/);
  });

  test('owns what it was given, and is told when the last owner outside drops a value', () => {
    File.disposed = [];
    const { File: Through, join, Lock: Locked } = start()['demo:fs/files'];
    const [a, b] = [new Through('a'), new Through('b')];
    const joined = join([a]);
    expect(() => a.stat()).toThrow(/expected a live demo:fs\/files\.file/);
    for (const each of [joined, joined, b, a]) each[Symbol.dispose]();
    expect(File.disposed).toEqual(['a', 'b']);
    expect(() => new Locked()).toThrow('demo:fs/files.lock has no constructor: the guest makes its values');
  });

  test('can be derived from', () => {
    const { File: Through } = start()['demo:fs/files'];
    class Mine extends Through {
      twice(): bigint {
        return 2n * (this as Any).stat().size;
      }
    }
    const mine: Any = new (Mine as Any)('abc');
    expect([mine.twice(), mine.same(mine)]).toEqual([6n, 1]);
  });

  test('is checked first', () => {
    const error = thrownBy(() =>
      throughMemory(world, { swap: implementation.swap, files: { File: class {} } }),
    );
    expect(error).toBeInstanceOf(LinkError);
    expect(error.problems).toEqual([
      'the implementation of `demo:fs/files@1.0.0` has no class `Lock`',
      'the implementation of `demo:fs/files@1.0.0` has no function `File.open`',
      'the implementation of `demo:fs/files@1.0.0` has no method `File.prototype.stat`',
      'the implementation of `demo:fs/files@1.0.0` has no method `File.prototype.same`',
      'the implementation of `demo:fs/files@1.0.0` has no function `join`',
      'the implementation of `demo:fs/files@1.0.0` has no function `lock`',
      'the implementation has no function `given`',
    ]);
    const noClass = { swap: implementation.swap, files: { File: () => {} } };
    expect(thrownBy(() => throughMemory(world, noClass)).problems).toContain(
      'the implementation of `demo:fs/files@1.0.0` has no method `File.prototype.stat`',
    );
    const importing = { ...world, imports: world.exports };
    expect(() => throughMemory(importing, implementation)).toThrow(/it takes glue of target host/);
    expect(() => throughMemory(world, implementation, { memory: 5 })).toThrow(/limits\.memory/);
  });
});
