/** The host's side: answers what a guest in a worker calls. */
import { payloadOf } from '@wittle/runtime/abi';
import {
  initialSize,
  kinds,
  listen,
  settle,
  slots,
  type Connection,
  type Failure,
  type Message,
} from './connection.ts';
import { describe, type Surface } from './shapes.ts';
import { ValueReader, ValueWriter, type References } from './values.ts';

export interface ServeOptions {
  /**
   * Functions that take resources for good, where others only borrow them, with the positions of these parameters:
   * `{ 'demo:shop/till.pay': [0] }`, `demo:shop/carts.Cart.merge` for a method (whose object is not counted). Without
   * this, what was given away is held until the worker's next turn of the event loop.
   */
  readonly moves?: Readonly<Record<string, readonly number[]>>;
  /** Asked with such names; what it says true of does not exist for the worker. */
  readonly leaveOut?: (path: string) => boolean;
}

/** Imports that a worker can call. Once disposed of, every call of the worker fails, also one that waits. */
export interface ServedImports extends Disposable {
  /** For {@link connectImports} in the worker: `worker.postMessage(connection, [connection.port])`. */
  readonly connection: Connection;
  /** How many resources the guest holds. */
  readonly resources: number;
  /** The host's error behind one that came out of the worker as a `HostError`; `undefined` if it is forgotten. */
  readonly errorBehind: (failure: number) => unknown;
}

/**
 * Serves the host's implementations, of any interfaces, to one worker, where all of them can be called as if they were
 * synchronous: a function that returns a promise is waited for. Arguments and results are copied; resources stay here.
 */
export function serveImports(imports: object, options: ServeOptions = {}): ServedImports {
  return new Server(imports, options);
}

/** As {@link serveImports}, for the host's own threads. */
export function serve(imports: object, options: ServeOptions): Server {
  return new Server(imports, options);
}

/** What serves one worker. */
export class Server implements ServedImports {
  readonly connection: Connection;
  /** How values with resources in them are read and written here. @internal */
  readonly references: References;
  readonly #port: MessagePort;
  readonly #control: Int32Array;
  readonly #options: ServeOptions;
  #calls: readonly Served[] = [];
  /** The numbers of the classes, by prototype. */
  #types: ReadonlyMap<object, number> = new Map();
  readonly #held = new Map<number, object>();
  #requests: Uint8Array;
  #answers: Uint8Array;
  #nextId = 1;
  /** A call is being answered. */
  #busy = false;
  /** An answer for which there is no room yet. */
  #late: { readonly kind: number; readonly bytes: Uint8Array } | undefined;
  /** What dropping a resource threw: the next call fails with it. */
  #dropFailure: { readonly error: unknown } | undefined;
  #failure: { readonly id: number; readonly error: unknown } = { id: 0, error: undefined };
  #disposed = false;

  constructor(imports: object, options: ServeOptions) {
    this.#options = options;
    const surface = this.#bind(imports);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.connection = {
      control: new SharedArrayBuffer(4 * Object.keys(slots).length),
      requests: new SharedArrayBuffer(initialSize),
      answers: new SharedArrayBuffer(initialSize),
      port: port2,
      surface,
    };
    this.#control = new Int32Array(this.connection.control);
    this.#requests = new Uint8Array(this.connection.requests);
    this.#answers = new Uint8Array(this.connection.answers);
    this.references = {
      typeOf: (value) => {
        for (let at = value; (at = Object.getPrototypeOf(at) as object) !== null;) {
          const type = this.#types.get(at);
          if (type !== undefined) return type;
        }
        return -1;
      },
      give: (value) => {
        this.#held.set(this.#nextId, value);
        return this.#nextId++;
      },
      take: (id, _type, moving) => {
        const value = this.#held.get(id);
        if (value === undefined) throw new TypeError(`there is no resource ${id}`);
        if (moving) this.#held.delete(id);
        return value;
      },
    };
    listen(port1, (message) => this.#receive(message as Message));
  }

  /**
   * Serves these imports from now on, on the same connection: those of another instance of the same host, so that they
   * have the same members. No call may be under way; what the worker held is no longer its own.
   */
  rebind(imports: object): void {
    const before = this.#calls.length;
    this.#held.clear();
    this.#dropFailure = undefined;
    this.#bind(imports);
    if (this.#calls.length !== before) throw new TypeError('imports of another shape');
  }

  #bind(imports: object): Surface {
    const { moves = {}, leaveOut } = this.#options;
    const { surface, callables, types } = describe(imports, leaveOut);
    this.#types = types;
    this.#calls = callables.map(({ path, call, isMethod }) => {
      const moving = Object.hasOwn(moves, path) ? moves[path]! : [];
      return { call, moves: isMethod ? moving.map((each) => each + 1) : moving };
    });
    return surface;
  }

  get resources(): number {
    return this.#held.size;
  }

  readonly errorBehind = (failure: number): unknown =>
    this.#failure.id === failure ? this.#failure.error : undefined;

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#busy = false;
    this.#wake(kinds.value, 0, -1);
    this.#held.clear();
    this.#port.close();
  }

  #receive(message: Message): void {
    if (this.#disposed) return;
    if (typeof message === 'number') {
      if (message < 0) this.#drop(-message);
      else this.#answer(message);
    } else if (typeof message !== 'object' || message === null) return;
    else if ('requests' in message) {
      if (!isShared(message.requests)) return;
      this.#requests = new Uint8Array(message.requests);
      this.#answer(message.length);
    } else if ('answers' in message) {
      if (!isShared(message.answers)) return;
      this.#answers = new Uint8Array(message.answers);
      const late = this.#late;
      this.#late = undefined;
      if (late !== undefined) this.#send(late.kind, late.bytes);
    } else this.#held.delete(message.forget);
  }

  #drop(id: number): void {
    const value = this.#held.get(id);
    this.#held.delete(id);
    try {
      (value as Partial<Disposable> | undefined)?.[Symbol.dispose]?.();
    } catch (error) {
      this.#dropFailure ??= { error };
    }
  }

  /** Whether there is something to answer. */
  get #waits(): boolean {
    return Atomics.load(this.#control, slots.asked) !== Atomics.load(this.#control, slots.answered);
  }

  #answer(length: number): void {
    // There is one guest, and it waits: no other call can come in between.
    if (this.#busy || !this.#waits) return;
    this.#busy = true;
    let result: unknown;
    try {
      if (this.#dropFailure !== undefined) {
        const { error } = this.#dropFailure;
        this.#dropFailure = undefined;
        return this.#fail(error);
      }
      const request = new ValueReader(this.#requests, length);
      const number = request.u32();
      if (number === settle) return this.#reply(kinds.value, undefined);
      const served = this.#calls[number];
      if (served === undefined) throw new TypeError(`there is no call ${number}`);
      const args: unknown[] = [];
      while (!request.done) args.push(request.value(this.references, served.moves.includes(args.length)));
      result = served.call(args);
    } catch (error) {
      return this.#thrown(error);
    }
    if (!(result instanceof Promise)) return this.#value(result);
    result.then(
      (value) => this.#value(value),
      (error: unknown) => this.#thrown(error),
    );
  }

  #value(value: unknown): void {
    try {
      this.#reply(kinds.value, value);
    } catch (error) {
      this.#fail(error);
    }
  }

  #thrown(thrown: unknown): void {
    try {
      this.#reply(kinds.thrown, payloadOf(thrown));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const id = this.#failure.id + 1;
    this.#failure = { id, error };
    const failure: Failure = { failure: id, ...nameAndMessage(error) };
    this.#reply(kinds.failure, failure);
  }

  #reply(kind: number, value: unknown): void {
    if (!this.#busy) return;
    const writer = new ValueWriter(this.#answers);
    writer.value(value, this.references);
    if (writer.bytes === this.#answers) return this.#sent(kind, writer.length);
    this.#late = { kind, bytes: writer.bytes.subarray(0, writer.length) };
    this.#wake(kinds.room, writer.length);
  }

  #send(kind: number, bytes: Uint8Array): void {
    if (!this.#busy || bytes.length > this.#answers.length) return;
    this.#answers.set(bytes);
    this.#sent(kind, bytes.length);
  }

  #sent(kind: number, length: number): void {
    this.#busy = false;
    this.#wake(kind, length);
  }

  #wake(kind: number, length: number, answered: number = Atomics.load(this.#control, slots.asked)): void {
    this.#control[slots.kind] = kind;
    this.#control[slots.length] = length;
    Atomics.store(this.#control, slots.answered, answered);
    Atomics.notify(this.#control, slots.answered);
  }
}

/** Of whichever realm. */
function isShared(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object SharedArrayBuffer]';
}

interface Served {
  readonly call: (args: readonly unknown[]) => unknown;
  /** The positions of arguments whose resources move. */
  readonly moves: readonly number[];
}

/** Whatever was thrown. */
function nameAndMessage(error: unknown): { readonly name: string; readonly message: string } {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
  };
}
