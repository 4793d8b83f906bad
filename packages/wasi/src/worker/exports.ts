/** A guest's exports between its thread and the host's: calls in the one direction, one after the other. */
import { failureOf, type GuestFailure } from './guest-failures.ts';
import { describe, type ObjectShape, type Shape, type Surface } from './shapes.ts';
import { define, ValueReader, ValueWriter, type References } from './values.ts';

/** To the guest's thread. */
export interface CallRequest {
  readonly id: number;
  readonly call: number;
  /** The arguments, one after the other. */
  readonly args: Uint8Array;
}

/** Back from it. */
export interface CallReply {
  readonly id: number;
  readonly result: Uint8Array | GuestFailure;
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The exports as the host has them. */
export interface RemoteExports {
  readonly exports: object;
  /** To be told of every reply. */
  readonly reply: (reply: CallReply) => void;
  /** There will be no more of them: what waits for one fails. */
  readonly end: () => void;
}

/** In the host's thread: functions that give promises. Resources of the guest cannot leave its thread. */
export function exportsOver(
  { root }: Surface,
  references: References,
  toError: (failure: GuestFailure) => unknown,
  post: (request: CallRequest) => void,
): RemoteExports {
  const waiting = new Map<number, Waiter>();
  let id = 0;

  const call = (number: number, args: readonly unknown[]): Promise<unknown> => {
    const writer = new ValueWriter(new Uint8Array(256));
    for (const each of args) writer.value(each, references);
    return new Promise((resolve, reject) => {
      waiting.set(++id, { resolve, reject });
      post({ id, call: number, args: writer.bytes.slice(0, writer.length) });
    });
  };

  const build = (shape: Shape): unknown => {
    if (shape.kind === 'module') return shape.module;
    if (shape.kind === 'object') return buildObject(shape);
    return async (...args: readonly unknown[]) => call(shape.call, args);
  };

  const buildObject = ({ members }: ObjectShape): object => {
    const object = {};
    for (const [key, shape] of members) define(object, key, build(shape));
    return object;
  };

  return {
    exports: buildObject(root),
    reply: ({ id: of, result }) => {
      const waiter = waiting.get(of);
      waiting.delete(of);
      if (waiter === undefined) return;
      try {
        if ('kind' in result) waiter.reject(toError(result));
        else waiter.resolve(new ValueReader(result).value(references));
      } catch (error) {
        waiter.reject(error);
      }
    },
    end: () => {
      for (const { reject } of waiting.values()) reject(new Error('the guest has ended'));
      waiting.clear();
    },
  };
}

/** In the guest's thread: what to tell the host of, and what answers its calls. */
export function offerExports(
  exports: object,
  references: References,
): { readonly surface: Surface; readonly answer: (request: CallRequest) => Promise<CallReply> } {
  const { surface, callables } = describe(exports);
  const run = async ({ call, args }: CallRequest): Promise<Uint8Array> => {
    const reader = new ValueReader(args);
    const values: unknown[] = [];
    while (!reader.done) values.push(reader.value(references));
    const writer = new ValueWriter(new Uint8Array(256));
    writer.value(await callables[call]!.call(values), references);
    return writer.bytes.slice(0, writer.length);
  };
  const answer = async (request: CallRequest): Promise<CallReply> => {
    try {
      return { id: request.id, result: await run(request) };
    } catch (error) {
      return { id: request.id, result: failureOf(error, references) };
    }
  };
  return { surface, answer };
}
