/** What a guest in a worker fails with, as the host would have met it in its own thread. */
import { ComponentError, LinkError, Trap, ValueError } from '@wittle/runtime';
import { WasiTrap } from '../host/trap.ts';
import { HostError } from './connect-imports.ts';
import { ValueReader, ValueWriter, type References } from './values.ts';

/** An error on its way to the host's thread. */
export type GuestFailure =
  /** The host's own error, which it finds by the number. */
  | { readonly kind: 'host'; readonly failure: number; readonly name: string; readonly message: string }
  /** An error value. */
  | { readonly kind: 'payload'; readonly payload: Uint8Array }
  | { readonly kind: 'link'; readonly message: string; readonly problems: readonly string[] }
  | { readonly kind: 'value'; readonly path: string; readonly reason: string }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
    };

/** In the worker. */
export function failureOf(error: unknown, references: References): GuestFailure {
  if (error instanceof HostError) {
    const { failure, name, message } = error;
    return { kind: 'host', failure, name, message };
  }
  if (error instanceof LinkError) return { kind: 'link', message: error.message, problems: error.problems };
  if (error instanceof ValueError) return { kind: 'value', path: error.path, reason: error.reason };
  if (error instanceof ComponentError) {
    const writer = new ValueWriter(new Uint8Array(64));
    try {
      writer.value(error.payload, references);
      return { kind: 'payload', payload: writer.bytes.slice(0, writer.length) };
    } catch (unfit) {
      return failureOf(unfit, references);
    }
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', name, message, stack };
}

/** In the host's thread. */
export function errorOf(
  failure: GuestFailure,
  references: References,
  errorBehind: (failure: number) => unknown,
): unknown {
  switch (failure.kind) {
    case 'host':
      return errorBehind(failure.failure) ?? named(new Error(failure.message), failure.name);
    case 'payload':
      return new ComponentError(new ValueReader(failure.payload).value(references));
    case 'link': {
      const error = new LinkError('', failure.problems);
      error.message = failure.message;
      return error;
    }
    case 'value':
      return new ValueError(failure.path, failure.reason);
    case 'error': {
      const { name, message, stack } = failure;
      const error = Object.hasOwn(classes, name)
        ? new classes[name]!(message)
        : named(new Error(message), name);
      if (stack !== undefined) error.stack = stack;
      return error;
    }
  }
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  Trap,
  WasiTrap,
  RuntimeError: WebAssembly.RuntimeError,
  CompileError: WebAssembly.CompileError,
  RangeError,
  TypeError,
};

function named(error: Error, name: string): Error {
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
  return error;
}
