/** What two threads share: a few numbers, memory for a call and its answer, and a port that wakes the host. */
import type { WebMessagePort } from '@wittle/runtime';
import type { Surface } from './shapes.ts';

/**
 * What a worker needs to call the host, to be posted to it: `worker.postMessage(connection, [connection.port])`. For
 * one worker.
 */
export interface Connection {
  /** {@link slots} of an `Int32Array`. */
  readonly control: SharedArrayBuffer;
  /** What the worker writes: the number of a call and its arguments. */
  readonly requests: SharedArrayBuffer;
  /** What the host writes. */
  readonly answers: SharedArrayBuffer;
  /** Tells the host that there is a {@link Message}. */
  readonly port: WebMessagePort;
  /** What can be called. */
  readonly surface: Surface;
}

/**
 * Where `control` has what. `asked` counts what the worker has waited for, `answered` has the number of the last of
 * these that the host has answered, -1 once it does not any more.
 */
export const slots = { asked: 0, answered: 1, kind: 2, length: 3 } as const;
/** `control[slots.kind]`: what the answer is. `room`: a length, the answer itself waits for memory of that size. */
export const kinds = { value: 0, thrown: 1, failure: 2, room: 3 } as const;

/**
 * From the worker to the host. A number from 0 is the length of a request, for which the worker waits; one below 0 is
 * a resource that was dropped, for which it does not.
 */
export type Message =
  | number
  | {
      /** The request is here, and so will be those that follow. */
      readonly requests: SharedArrayBuffer;
      readonly length: number;
    }
  | {
      /** Where the answer has room, and those that follow. */
      readonly answers: SharedArrayBuffer;
    }
  | {
      /** A resource that nothing stands for any more, without having been dropped. */
      readonly forget: number;
    };

/** The number of the call that does nothing but wait until everything before it is done. */
export const settle = 0xffff_ffff;

/** The size of requests and answers to begin with: a read of a TCP stream fits. */
export const initialSize: number = 0x2_0000;

/** An error of the host on its way through the guest: neither side can do with it what the other could. */
export interface Failure {
  /** By which the host finds the error itself again. */
  readonly failure: number;
  readonly name: string;
  readonly message: string;
}

/** Calls `handle` for everything that arrives. */
export function listen(port: WebMessagePort, handle: (message: unknown) => void): void {
  // Node's own way takes half the time of `onmessage`.
  const { on } = port as MessagePort & { readonly on?: (event: 'message', handle: unknown) => void };
  if (on === undefined) port.onmessage = ({ data }) => handle(data);
  else on.call(port, 'message', handle);
}
