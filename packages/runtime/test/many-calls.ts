/** Makes 100,000 calls and prints what they left behind; runs with `--expose-gc`. */
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
} from '../src/types/index.ts';
import { collect } from './collect.ts';

class Blob {}

const FLAT = 2_000_000;

const used = (): number => process.memoryUsage().heapUsed;

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
    const sum = one('héllo wörld', bytes, new Blob(), lent) as number;
    if (sum !== 29) throw new Error(`${sum} is not 29`);
    back(two('some text'));
  }
};
round(1000);
await collect(() => false, 5);
const before = used();
round(COUNT / 2);
await collect(() => used() - before < FLAT);
console.log(
  JSON.stringify({
    handles: [a.cx.handles.size, b.cx.handles.size],
    states: [a.cx.state, b.cx.state],
    destructed: a.destructed() - 2 * 1000,
    flat: used() - before < FLAT,
  }),
);
