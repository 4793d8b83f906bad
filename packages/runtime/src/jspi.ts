/** Host calls that may wait, through JavaScript Promise Integration: a call that is ready never suspends. */
import type { CoreType } from './core-adapter.ts';
import type { ComponentInstance } from './instance.ts';

/** What WebAssembly has where it can suspend a stack (Node 24 and newer, Chromium). */
interface Jspi {
  readonly Suspending: new (call: (...args: never[]) => Promise<unknown>) => (...args: never[]) => unknown;
  readonly promising: (call: (...args: never[]) => unknown) => (...args: never[]) => Promise<unknown>;
}

/** Whether this engine can suspend a stack. */
export function canSuspend(): boolean {
  return typeof (WebAssembly as Partial<Jspi>).Suspending === 'function';
}

/** An exported core function, on a stack that can be suspended: gives a promise. The function itself where there is none. */
export function promising(call: (...args: never[]) => unknown): (...args: never[]) => unknown {
  const like = (call as Partial<OnStack>)[onStack]?.();
  return like ?? (canSuspend() ? (WebAssembly as unknown as Jspi).promising(call) : call);
}

/**
 * Under this a function that is around an exported core function gives its like around a promising one; a function that
 * is no WebAssembly, its like that gives a promise when it waits.
 */
export const onStack: unique symbol = Symbol.for('wittle.on-stack') as never;

interface OnStack {
  readonly [onStack]: () => (...args: never[]) => unknown;
}

/**
 * Leaves a promise to wait for: the value of a host call that is not ready. What it resolves to must be the call's
 * lowered result; `zero` is a value of that core type. Without a stack that can be suspended the call fails, and the instance with it.
 */
export function suspend<T extends number | bigint | void>(
  cx: ComponentInstance,
  promise: Promise<T>,
  what: string,
  zero: T,
): T {
  if (!cx.canWait || !cx.maySuspend) {
    // It is not going to be waited for; its failure must not count as unhandled.
    promise.catch(() => {});
    throw new Error(
      !cx.canWait
        ? `${what} would have to wait, and this engine or this instance has no way to: it takes JavaScript Promise Integration (Node 24, Chromium) and options.blocking other than "none"`
        : `${what} would have to wait, but the guest was entered by a call that cannot (a constructor, destructor or synchronous export)`,
    );
  }
  cx.pending = promise;
  waits![0] = 1;
  return zero;
}

/**
 * A core function for a host call that may wait. `call` gives the lowered result or, by {@link suspend}, leaves a
 * promise of it. `direct` calls return that promise themselves.
 *
 * A `Suspending` import always suspends, even for a plain value; so a few bytes of WebAssembly call the plain function
 * first, and the suspending one only when it was not ready.
 */
export function suspendable(
  cx: ComponentInstance,
  suspends: boolean,
  module: string,
  name: string,
  params: readonly CoreType[],
  result: CoreType | undefined,
  call: (...args: never[]) => unknown,
  direct: boolean,
): (...args: never[]) => unknown {
  const what = `\`${module}\` \`${name}\``;
  const attempt = direct
    ? directly(call, params.length, (promise) => suspend(cx, promise, what, result === 'i64' ? 0n : 0))
    : call;
  if (!suspends) return attempt;
  const { Suspending } = WebAssembly as unknown as Jspi;
  cx.canWait = true;
  waits ??= new Int32Array(flag().buffer);
  // Not `async`, which would cost three more turns of the microtask queue.
  const wait = new Suspending(() => {
    const pending = cx.pending!;
    cx.pending = undefined;
    waits![0] = 0;
    return pending;
  });
  const shim = new WebAssembly.Instance(shimModule(params, result), {
    '': { t: attempt, w: wait as () => unknown, r: flag() },
  });
  return shim.exports[''] as (...args: never[]) => unknown;
}

/** {@link Waiting} for a guest that takes the promise itself: it has no stack to suspend, and needs no engine that can. */
export const inProcess: {
  readonly canSuspend: typeof canSuspend;
  readonly suspendable: typeof suspendable;
} = {
  canSuspend: () => true,
  suspendable(cx, suspends, _module, _name, _params, _result, call) {
    if (!suspends) return call;
    cx.canWait = true;
    waits ??= new Int32Array(flag().buffer);
    return (...args) => {
      const given = call(...args);
      const { pending } = cx;
      if (pending === undefined) return given;
      cx.pending = undefined;
      waits![0] = 0;
      return pending;
    };
  },
};

/** Does with the promise that a call gives what is to be done with it. */
function directly(
  call: (...args: never[]) => unknown,
  length: number,
  wait: (promise: Promise<number | bigint>) => unknown,
): (...args: never[]) => unknown {
  // Reading and writing takes four: without an array for them.
  if (length === 4) {
    return (a: never, b: never, c: never, d: never) => {
      const given = call(a, b, c, d);
      return given instanceof Promise ? wait(given) : given;
    };
  }
  return (...args) => {
    const given = call(...args);
    return given instanceof Promise ? wait(given) : given;
  };
}

/**
 * Tells a shim that the host call was not ready: 1, in a memory that all of them import. It is asked right after the
 * call, and put back at once. To set a `WebAssembly.Global` takes as long as a third of a suspension.
 */
let memory: WebAssembly.Memory | undefined;
let waits: Int32Array | undefined;

function flag(): WebAssembly.Memory {
  return (memory ??= new WebAssembly.Memory({ initial: 1, maximum: 1 }));
}

const shims = new Map<string, WebAssembly.Module>();
const CODES: Readonly<Record<CoreType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

/** `(func (params) (result) (local r) r = t(params); if (flag) w() else r)`, once per signature. */
function shimModule(params: readonly CoreType[], result: CoreType | undefined): WebAssembly.Module {
  const key = `${params.join()}>${result ?? ''}`;
  const known = shims.get(key);
  if (known !== undefined) return known;
  const results = result === undefined ? [] : [CODES[result]];
  const local = params.length;
  const body = [
    ...(result === undefined ? [0] : [1, 1, CODES[result]]),
    ...params.flatMap((_, index) => [0x20, index]), // local.get
    ...[0x10, 0], // call t
    ...(result === undefined ? [] : [0x21, local]), // local.set r
    ...[0x41, 0, 0x28, 2, 0], // i32.load of the flag
    ...(result === undefined
      ? [0x04, 0x40, 0x10, 1, 0x0b]
      : [0x04, CODES[result], 0x10, 1, 0x05, 0x20, local, 0x0b]),
    0x0b,
  ];
  const type = (from: readonly number[]): number[] => [
    0x60,
    from.length,
    ...from,
    results.length,
    ...results,
  ];
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, ...type(params.map((each) => CODES[each])), ...type([])]),
    // From a module without a name: the functions `t` and `w`, and the memory `r`.
    ...section(2, [3, 0, 1, 0x74, 0, 0, 0, 1, 0x77, 0, 1, 0, 1, 0x72, 2, 1, 1, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, 0, 0, 2]),
    ...section(10, [1, body.length, ...body]),
  ]);
  const module = new WebAssembly.Module(bytes);
  shims.set(key, module);
  return module;
}

/** Sections here are far below 128 bytes, so every length is one byte. */
function section(id: number, bytes: readonly number[]): number[] {
  return [id, bytes.length, ...bytes];
}
