/** Calls leave nothing behind: no handle, no memory. */
import { expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  borrow,
  canonFuse,
  canonLift,
  canonLower,
  canonResourceDrop,
  canonResourceNew,
  ComponentInstance,
  guestResource,
  hostResource,
  list,
  own,
  stringType,
  u32Type,
  u8Type,
  type CanonicalOptions,
  type FunctionType,
  type ValueType,
} from './types/index.ts';

class Blob {}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

async function heap(): Promise<number> {
  // What is behind a collected object is let go by a task after the collection.
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const functionType = (params: readonly ValueType[], type?: ValueType): FunctionType => ({
  name: 'f',
  params: params.map((each, i) => ({ name: `p${i}`, type: each })),
  result: type,
});

/** An instance whose allocator gives the same few kilobytes again and again. */
function instance(name: string): {
  cx: ComponentInstance;
  options: CanonicalOptions;
  destructed: () => number;
} {
  const memory = new WebAssembly.Memory({ initial: 1 });
  let top = 1024;
  let destructed = 0;
  const cx = new ComponentInstance(name);
  cx.resources.push(
    hostResource('blob', Blob),
    Object.assign(guestResource('counter', cx), { destructor: () => void destructed++ }),
  );
  const realloc = (_old: number, _oldSize: number, alignment: number, size: number): number => {
    if (top + size > 32768) top = 1024;
    const p = Math.ceil(top / alignment) * alignment;
    top = p + size;
    return p;
  };
  const options = { stringEncoding: 'utf8', memory, realloc, postReturn: undefined } as const;
  return { cx, options, destructed: () => destructed };
}

test('100,000 calls with strings, lists and resources, both ways and between components', async () => {
  const COUNT = 100_000;
  const a = instance('a');
  const b = instance('b');
  b.cx.resources[1] = a.cx.resources[1]!;
  const newCounter = canonResourceNew(1, a.cx);
  const dropBlob = canonResourceDrop(0, a.cx);
  const dropCounter = canonResourceDrop(1, b.cx);

  const host = canonLower(
    (s: string, blob: Blob) => (s === '' ? blob : new Blob()),
    functionType([stringType, borrow(0)], own(0)),
    a.options,
    a.cx,
  );
  const makeType = functionType([stringType], own(1));
  const make = canonFuse(
    { callee: (_, n) => newCounter(Number(n)), type: makeType, options: a.options, instance: a.cx },
    makeType,
    b.options,
    b.cx,
  );
  const one = canonLift(
    (p, n, _, m, blob, lent) => {
      dropBlob(Number(host(p!, n!, blob!)));
      dropBlob(Number(blob));
      dropBlob(Number(lent));
      return Number(n) + Number(m);
    },
    functionType([stringType, list(u8Type), own(0), borrow(0)], u32Type),
    a.options,
    a.cx,
  );
  const two = canonLift(
    (p, n) => {
      dropCounter(Number(make(p!, n!)));
      return make(p!, n!) as number;
    },
    functionType([stringType], own(1)),
    b.options,
    b.cx,
  );
  const back = canonLift((index) => dropCounter(Number(index)), functionType([own(1)]), b.options, b.cx);

  const bytes = new Uint8Array(16);
  const lent = new Blob();
  const round = (count: number): void => {
    for (let i = 0; i < count; i++) {
      expect1(one('héllo wörld', bytes, new Blob(), lent) as number, 29);
      back(two('some text'));
    }
  };
  round(1000);
  const before = await heap();
  round(COUNT / 2);
  expect([a.cx.handles.size, b.cx.handles.size, a.cx.state, b.cx.state]).toEqual([0, 0, 0, 0]);
  expect(a.destructed()).toBe(2 * (1000 + COUNT / 2));
  expect((await heap()) - before).toBeLessThan(2_000_000);
}, 20_000);

/** `expect` itself keeps what it is asked. */
function expect1(value: number, wanted: number): void {
  if (value !== wanted) throw new Error(`${value} is not ${wanted}`);
}
