import { describe, expect, test } from '@jest/globals';
import { guest as plainGuest, type Guest } from '../../test/guest.ts';
import { recordOf } from '../../test/types.ts';
import { disposeGuest, giveGuest, guest as cell, type GuestObject } from '../guest-resource.ts';
import {
  borrow,
  canonLift,
  canonLower,
  canonResourceDrop,
  canonResourceNew,
  canonResourceRep,
  guestResource,
  hostResource,
  list,
  option,
  own,
  result,
  u32Type,
  u8Type,
  type CoreValue,
  type ValueType,
} from '../types/index.ts';

/** A resource that the host implements. */
class Blob {
  readonly id: number;
  dropped: number = 0;
  constructor(id: number) {
    this.id = id;
  }
  [Symbol.dispose](): void {
    this.dropped++;
  }
}

/** Another, to be mixed up with it. */
class Other {}

/** The class of the guest's own resource; its objects come from the guest. */
class Counter {
  declare readonly [cell]: GuestObject[typeof cell];
}

const BLOB = 0;
const OTHER = 1;
const COUNTER = 2;

interface Resources extends Guest {
  /** Reps of the guest's own resource whose destructor has run. */
  readonly destructed: number[];
  readonly drop: Record<'blob' | 'other' | 'counter', (index: number) => void>;
  readonly lift: (
    callee: (...args: CoreValue[]) => CoreValue | void,
    params: readonly ValueType[],
    type?: ValueType,
  ) => (...args: unknown[]) => unknown;
  readonly lower: (
    host: (...args: never[]) => unknown,
    params: readonly ValueType[],
    type?: ValueType,
  ) => (...args: CoreValue[]) => CoreValue | void;
}

function guest(): Resources {
  const g = plainGuest();
  const { cx, options } = g;
  const destructed: number[] = [];
  cx.resources.push(
    hostResource('demo:t/host.blob', Blob),
    hostResource('demo:t/host.other', Other),
    Object.assign(guestResource('demo:t/api.counter'), {
      implementation: Counter,
      destructor: (rep: number) => void destructed.push(rep),
    }),
  );
  const named = (params: readonly ValueType[]) => params.map((type, i) => ({ name: `p${i}`, type }));
  return {
    ...g,
    destructed,
    drop: {
      blob: canonResourceDrop(BLOB, cx),
      other: canonResourceDrop(OTHER, cx),
      counter: canonResourceDrop(COUNTER, cx),
    },
    lift: (callee, params, type) =>
      canonLift(callee, { name: 'f', params: named(params), result: type }, options, cx),
    lower: (host, params, type) =>
      canonLower(host, { name: 'h', params: named(params), result: type }, options, cx),
  };
}

describe('resources that the host implements', () => {
  test('are handles in the guest, numbered from 1; a freed number is the next to be used', () => {
    const g = guest();
    const given: CoreValue[] = [];
    const f = g.lift((...args) => void given.push(...args), [own(BLOB), own(BLOB), own(BLOB)]);
    const blobs = [new Blob(1), new Blob(2), new Blob(3)];
    f(...blobs);
    expect(given).toEqual([1, 2, 3]);
    g.lift(() => g.drop.blob(2), [])();
    expect(blobs.map((each) => each.dropped)).toEqual([0, 1, 0]);
    given.length = 0;
    f(...blobs);
    expect(given).toEqual([2, 4, 5]);
    expect(g.cx.handles.size).toBe(5);
  });

  test('come back as the same objects when the guest gives them up', () => {
    const g = guest();
    const blob = new Blob(1);
    const f = g.lift((index) => index!, [own(BLOB)], own(BLOB));
    expect(f(blob)).toBe(blob);
    expect(g.cx.handles.size).toBe(0);
    expect(blob.dropped).toBe(0);
  });

  test('are disposed of once when the guest drops them; a handle is no handle then', () => {
    const g = guest();
    const blob = new Blob(1);
    g.lift((index) => g.drop.blob(Number(index)), [own(BLOB)])(blob);
    expect(blob.dropped).toBe(1);
    const again = g.lift(() => g.drop.blob(1), []);
    expect(() => again()).toThrow('unknown handle index 1');
  });

  test('without a dispose method are just let go', () => {
    const g = guest();
    g.lift((index) => g.drop.other(Number(index)), [own(OTHER)])(new Other());
    expect(g.cx.handles.size).toBe(0);
  });

  test('are of their class, or a subclass', () => {
    const g = guest();
    const f = g.lift(() => {}, [own(BLOB)]);
    for (const wrong of [undefined, null, {}, new Other(), Blob, 1]) {
      expect(() => f(wrong)).toThrow(/^f → p0: expected a demo:t\/host\.blob, got /);
      expect(() => g.lift(() => {}, [borrow(BLOB)])(wrong)).toThrow(
        /^f → p0: expected a demo:t\/host\.blob, got /,
      );
    }
    f(new (class extends Blob {})(1));
    expect(g.cx.handles.size).toBe(1);
  });

  test('without an implementation have no values', () => {
    const g = guest();
    g.cx.resources.push(hostResource('demo:t/host.absent', undefined));
    expect(() => g.lift(() => {}, [own(3)])({})).toThrow('expected a demo:t/host.absent');
  });
});

describe('handles that the guest makes up', () => {
  test.each([
    ['0', 0, 'unknown handle index 0'],
    ['beyond the table', 7, 'unknown handle index 7'],
    ['negative', -1, 'unknown handle index 4294967295'],
    [
      'of another type',
      2,
      /handle index 2 used with the wrong type: expected demo:t\/host\.blob, found demo:t\/host\.other/,
    ],
  ])('%s trap however they are used', (_, index, message) => {
    const uses: ((g: Resources) => (i: number) => unknown)[] = [
      (g) => g.drop.blob,
      (g) => g.lower(() => {}, [own(BLOB)]) as (i: number) => unknown,
      (g) => g.lower(() => {}, [borrow(BLOB)]) as (i: number) => unknown,
      (g) => canonResourceRep(BLOB, g.cx),
    ];
    for (const use of uses) {
      const g = guest();
      g.lift(() => {}, [own(BLOB), own(OTHER)])(new Blob(1), new Other());
      expect(() => g.lift(() => void use(g)(index), [])()).toThrow(message);
      expect(() => g.lift(() => {}, [])()).toThrow(/cannot enter component instance/);
    }
    const g = guest();
    g.lift(() => {}, [own(BLOB), own(OTHER)])(new Blob(1), new Other());
    expect(() => g.lift(() => index, [], own(BLOB))()).toThrow(message);
  });
});

describe('borrowed handles', () => {
  test('are lent for the call and must be dropped before it ends', () => {
    const g = guest();
    const blob = new Blob(1);
    const f = g.lift((index) => g.drop.blob(Number(index)), [borrow(BLOB)]);
    f(blob);
    f(blob);
    expect([g.cx.handles.size, g.cx.borrows, blob.dropped]).toEqual([0, 0, 0]);
    const keeping = g.lift(() => {}, [borrow(BLOB)]);
    expect(() => keeping(blob)).toThrow('borrow handles still remain at the end of the call');
    expect(() => f(blob)).toThrow(/cannot enter component instance/);
  });

  test('may be passed on, and not given away', () => {
    const g = guest();
    const seen: unknown[] = [];
    const show = g.lower((blob: Blob) => void seen.push(blob), [borrow(BLOB)]);
    const blob = new Blob(1);
    g.lift(
      (index) => {
        show(index!);
        g.drop.blob(Number(index));
      },
      [borrow(BLOB)],
    )(blob);
    expect(seen).toEqual([blob]);
    const keep = g.lower(() => {}, [own(BLOB)]);
    expect(() => g.lift((index) => void keep(index!), [borrow(BLOB)])(blob)).toThrow(
      /cannot transfer ownership: handle index 1 is a borrow/,
    );
  });

  test('are lent by their owner until the host’s function is over', () => {
    const g = guest();
    const blob = new Blob(1);
    const lends: number[] = [];
    const handle = (): number => g.cx.handles.get(1, g.cx.resources[BLOB]!).lends;
    const show = g.lower(() => void lends.push(handle()), [borrow(BLOB), borrow(BLOB), list(borrow(BLOB))]);
    const f = g.lift(
      (index) => {
        g.write(512, [1, 0, 0, 0]);
        show(index!, index!, 512, 1);
        lends.push(handle());
        g.drop.blob(Number(index));
      },
      [own(BLOB)],
    );
    f(blob);
    expect(lends).toEqual([3, 0]);
    expect(blob.dropped).toBe(1);
  });

  test('cannot be given away by the same call that lends them', () => {
    const g = guest();
    const host = g.lower(() => {}, [borrow(BLOB), own(BLOB)]);
    const f = g.lift((index) => void host(index!, index!), [own(BLOB)]);
    expect(() => f(new Blob(1))).toThrow(
      'cannot remove owned resource while borrowed: handle index 1 is lent',
    );
    const other = guest();
    const reversed = other.lower(() => {}, [own(BLOB), borrow(BLOB)]);
    expect(() => other.lift((index) => void reversed(index!, index!), [own(BLOB)])(new Blob(1))).toThrow(
      'unknown handle index 1',
    );
  });
});

describe('resources that the guest implements', () => {
  const make = (g: Resources, rep: number): Counter =>
    g.lift(() => canonResourceNew(COUNTER, g.cx)(rep), [], own(COUNTER))() as Counter;

  test('are objects on the host’s side; handles in the guest know their rep', () => {
    const g = guest();
    const counter = make(g, 42);
    expect(counter).toBeInstanceOf(Counter);
    expect(g.cx.handles.size).toBe(0);
    const back = g.lift((index) => canonResourceRep(COUNTER, g.cx)(Number(index)), [own(COUNTER)], u32Type);
    expect(back(counter)).toBe(42);
    expect(g.cx.handles.size).toBe(1);
  });

  test('may have any rep of 32 bits', () => {
    const g = guest();
    for (const rep of [0, 1, 2 ** 31, 2 ** 32 - 1, -1]) {
      const borrowed = g.lift((given) => given!, [borrow(COUNTER)], u32Type);
      expect(borrowed(make(g, rep))).toBe(rep >>> 0);
    }
  });

  test('are borrowed as their reps: the guest gets no handle to what is its own', () => {
    const g = guest();
    const counter = make(g, 42);
    expect(g.lift((rep) => rep!, [borrow(COUNTER)], u32Type)(counter)).toBe(42);
    expect([g.cx.handles.size, g.cx.borrows]).toEqual([0, 0]);
  });

  test('move: an object that was given away is not live', () => {
    const g = guest();
    const counter = make(g, 42);
    const keep = g.lift(() => {}, [own(COUNTER)]);
    keep(counter);
    expect(() => keep(counter)).toThrow(/^f → p0: expected a live demo:t\/api\.counter/);
    expect(() => g.lift(() => {}, [borrow(COUNTER)])(counter)).toThrow(
      /expected a live demo:t\/api\.counter/,
    );
    expect(g.cx.handles.size).toBe(1);
  });

  test('are destructed when the guest drops its own handle', () => {
    const g = guest();
    g.lift((index) => g.drop.counter(Number(index)), [own(COUNTER)])(make(g, 42));
    expect(g.destructed).toEqual([42]);
  });

  test('are not made, dropped or shown from realloc and post-return', () => {
    const g = guest();
    g.cx.state = 2;
    expect(() => canonResourceNew(COUNTER, g.cx)(1)).toThrow(/cannot leave component instance/);
    expect(() => g.drop.counter(1)).toThrow(/cannot leave component instance/);
  });

  test('are not anything of their class: there must be a rep behind it', () => {
    const g = guest();
    const f = g.lift(() => {}, [own(COUNTER)]);
    expect(() => f(new Counter())).toThrow(/^f → p0: expected a live demo:t\/api\.counter/);
    expect(() => f(Object.create(Counter.prototype))).toThrow(/expected a live demo:t\/api\.counter/);
  });

  test('of two types are told apart even before they have classes', () => {
    const g = guest();
    g.cx.resources.push(guestResource('demo:t/api.one'), guestResource('demo:t/api.two'));
    const one = g.lift(() => canonResourceNew(3, g.cx)(1), [], own(3))();
    expect(() => g.lift(() => {}, [own(4)])(one)).toThrow('expected a demo:t/api.two');
  });
});

describe('a call whose lowering fails', () => {
  test('leaves no handle behind, and the host owns what it wanted to give', () => {
    const g = guest();
    const counter = g.lift(() => canonResourceNew(COUNTER, g.cx)(42), [], own(COUNTER))() as Counter;
    const blob = new Blob(1);
    const types = [
      own(BLOB),
      borrow(BLOB),
      list(own(COUNTER)),
      borrow(COUNTER),
      recordOf({ x: option(own(OTHER)), y: u8Type }),
    ];
    const f = g.lift(() => {}, types);
    const before = g.cx.handles.size;
    expect(() => f(blob, blob, [counter], counter, { x: new Other(), y: 0 })).toThrow(
      /^f → p3: expected a live demo:t\/api\.counter/,
    );
    expect([g.cx.handles.size, g.cx.borrows, g.cx.state]).toEqual([before, 0, 0]);
    const other = g.lift(() => canonResourceNew(COUNTER, g.cx)(43), [], own(COUNTER))() as Counter;
    expect(() => f(blob, blob, [counter], other, { x: new Other(), y: 256 })).toThrow(
      'f → p4.y: expected u8, got number 256',
    );
    expect([g.cx.handles.size, g.cx.borrows, g.cx.state]).toEqual([before, 0, 0]);
    expect(blob.dropped).toBe(0);
    expect(g.lift((rep) => rep!, [borrow(COUNTER)], u32Type)(counter)).toBe(42);
  });

  test('of the same object twice gives it once', () => {
    const g = guest();
    const counter = g.lift(() => canonResourceNew(COUNTER, g.cx)(42), [], own(COUNTER))() as Counter;
    const f = g.lift(() => {}, [list(own(COUNTER))]);
    expect(() => f([counter, counter])).toThrow(/^f → p0\[1\]: expected a live demo:t\/api\.counter/);
    f([counter]);
    expect(g.cx.handles.size).toBe(1);
  });

  test('while a getter’s own call succeeds keeps them apart', () => {
    const g = guest();
    const blob = new Blob(1);
    const inner = g.lift((index) => g.drop.blob(Number(index)), [borrow(BLOB)]);
    const f = g.lift((index) => g.drop.blob(Number(index)), [borrow(BLOB), recordOf({ x: u8Type })]);
    f(blob, {
      get x(): number {
        inner(blob);
        return 1;
      },
    });
    expect([g.cx.handles.size, g.cx.borrows]).toEqual([0, 0]);
    const failing = {
      get x(): number {
        expect(() => inner('no blob')).toThrow(TypeError);
        return 256;
      },
    };
    expect(() => f(blob, failing)).toThrow('f → p1.x: expected u8');
    expect([g.cx.handles.size, g.cx.borrows]).toEqual([0, 0]);
  });

  test('in what the host returns leaves the object with the host too', () => {
    const g = guest();
    const counter = g.lift(() => canonResourceNew(COUNTER, g.cx)(42), [], own(COUNTER))() as Counter;
    const type = recordOf({ counter: own(COUNTER), n: u8Type });
    const host = g.lower(() => ({ counter, n: 256 }), [], type);
    expect(() => g.lift(() => void host(512), [])()).toThrow('h → result.n: expected u8');
    expect(g.cx.handles.size).toBe(0);
    expect(counter[cell].rep).toBe(42);
  });
});

describe('a longer story', () => {
  test('owned, borrowed and own resources keep their numbers and reps through calls both ways', () => {
    const g = guest();
    const blobs = [42, 43, 44, 45, 46].map((id) => new Blob(id));
    const [b42, b43, b44, b45] = blobs as [Blob, Blob, Blob, Blob];
    const newCounter = canonResourceNew(COUNTER, g.cx);
    const host = g.lower(
      (one: Blob, two: Blob) => {
        expect([one, two]).toEqual([b42, b44]);
        return b45;
      },
      [borrow(BLOB), borrow(BLOB)],
      own(BLOB),
    );
    const counter = g.lift(() => newCounter(13), [], own(COUNTER))() as Counter;
    const f = g.lift(
      (h1, h2, h3, rep) => {
        expect([h1, h2, h3, rep]).toEqual([1, 2, 3, 13]);
        expect(host(h1!, h3!)).toBe(4);
        g.drop.blob(1);
        expect([b42.dropped, g.cx.handles.size]).toEqual([1, 3]);
        expect(newCounter(46)).toBe(1);
        g.drop.blob(3);
        expect([b44.dropped, g.cx.handles.size]).toEqual([0, 3]);
        g.write(512, [1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0]);
        return 512;
      },
      [own(BLOB), own(BLOB), borrow(BLOB), borrow(COUNTER)],
      recordOf({ made: own(COUNTER), kept: own(BLOB), got: own(BLOB) }),
    );
    const { made, kept, got } = f(b42, b43, b44, counter) as { made: Counter; kept: Blob; got: Blob };
    expect([made[cell].rep, kept, got]).toEqual([46, b43, b45]);
    expect(g.cx.handles.size).toBe(0);
  });

  test('errors may own resources', () => {
    const g = guest();
    const blob = new Blob(1);
    const type = result(undefined, own(BLOB));
    const f = g.lift(
      (index) => {
        g.write(512, [1, 0, 0, 0, Number(index), 0, 0, 0]);
        return 512;
      },
      [own(BLOB)],
      type,
    );
    expect(() => f(blob)).toThrow(expect.objectContaining({ payload: blob }) as unknown as Error);
    expect(g.cx.handles.size).toBe(0);
  });

  test('a component lends its own resource to another one for a call', () => {
    const parent = guest();
    const child = guest();
    child.cx.resources[BLOB] = hostResource('parent:counter', Counter);
    const kept: Counter[] = [];
    const keep = child.lower((each: Counter) => void kept.push(each), [borrow(BLOB)]);
    const use = child.lift(
      (index) => {
        keep(index!);
        child.drop.blob(Number(index));
      },
      [borrow(BLOB)],
    );
    const call = parent.lower(use, [borrow(COUNTER)]);
    const lends: number[] = [];
    parent.lift(() => {
      const index = canonResourceNew(COUNTER, parent.cx)(42);
      call(index);
      lends.push(parent.cx.handles.get(index, parent.cx.resources[COUNTER]!).lends);
      parent.drop.counter(index);
    }, [])();
    expect([lends, parent.destructed, child.cx.handles.size]).toEqual([[0], [42], 0]);
    expect(kept).toHaveLength(1);
    expect(() => parent.lift(() => {}, [borrow(COUNTER)])(kept[0])).toThrow(
      /expected a live demo:t\/api\.counter/,
    );
  });

  test('what is lent for a call cannot be given away or disposed of', () => {
    const g = guest();
    const seen: unknown[] = [];
    const show = g.lower(
      (each: Counter) => {
        disposeGuest(each);
        seen.push(each[cell].rep);
        try {
          giveGuest(each, 'counter', 'x');
        } catch (error) {
          seen.push(String(error));
        }
      },
      [borrow(COUNTER)],
    );
    g.lift(() => void show(canonResourceNew(COUNTER, g.cx)(42)), [])();
    expect(seen).toEqual([
      42,
      'ValueError: x: expected an owned counter (this one is lent for a call), got Counter',
    ]);
    expect(g.destructed).toEqual([]);
  });

  test('one component’s resource is another one’s import', () => {
    const a = guest();
    const b = guest();
    // What b knows as a resource of the host is a's own.
    b.cx.resources[BLOB] = hostResource('a:counter', Counter);
    (Counter.prototype as Partial<Disposable>)[Symbol.dispose] = function dispose(this: Counter): void {
      a.destructed.push(this[cell].rep);
    };
    const create = b.lower(
      a.lift(() => canonResourceNew(COUNTER, a.cx)(7), [], own(COUNTER)),
      [],
      own(BLOB),
    );
    const value = b.lower(
      a.lift((rep) => rep!, [borrow(COUNTER)], u32Type),
      [borrow(BLOB)],
      u32Type,
    );
    const run = b.lift(
      () => {
        const index = create() as number;
        const got = value(index);
        b.drop.blob(index);
        return got!;
      },
      [],
      u32Type,
    );
    expect(run()).toBe(7);
    expect(a.destructed).toEqual([7]);
    delete (Counter.prototype as Partial<Disposable>)[Symbol.dispose];
  });
});
