/** Traps: a component broke the Canonical ABI; its instance cannot be used any more. */

/** What a trap throws. The message is the rule that was broken, in the specification's words. */
export class Trap extends Error {
  override get name(): string {
    return 'Trap';
  }
}

/** Traps. Spec: `trap`. */
export function trap(rule: string): never {
  throw uncatchable(rule);
}

/** Traps when the condition holds. Spec: `trap_if`. */
export function trapIf(condition: boolean, rule: string): void {
  if (condition) trap(rule);
}

/**
 * What leaves a component in the middle of a call: an exception of core code is a trap to whoever called, anything else
 * goes on. Spec: `call_and_trap_on_throw`.
 */
export function escaped(error: unknown): unknown {
  return typeof WebAssembly.Exception === 'function' && error instanceof WebAssembly.Exception
    ? uncatchable('uncaught exception propagated out of component')
    : error;
}

/** `(module (func (export "") unreachable))` */
const module = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 4, 1, 0, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];
let unreachable: (() => void) | undefined;

/**
 * An error of JavaScript is an exception to core code, which it may catch. The error of a real trap is not, even when it
 * was given another face.
 */
function uncatchable(rule: string): Trap {
  const trap = new Trap(rule);
  try {
    unreachable ??= new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module))).exports[
      ''
    ] as () => void;
    unreachable();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) return trap;
    const { message, stack } = trap;
    Object.setPrototypeOf(error, Trap.prototype);
    return Object.defineProperties(error, {
      message: { value: message, configurable: true, writable: true },
      stack: { value: stack, configurable: true, writable: true },
    }) as unknown as Trap;
  }
  return trap;
}
