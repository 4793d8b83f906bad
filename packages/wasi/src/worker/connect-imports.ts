/** The guest's side: the host's implementations as a worker sees them, every call of which waits for its answer. */
import { answer as componentAnswer } from '../host/answer.ts';
import { kinds, settle, slots, type Connection, type Failure, type Message } from './connection.ts';
import type { ClassShape, FunctionShape, ObjectShape, Shape } from './shapes.ts';
import { define, ValueReader, ValueWriter, type References } from './values.ts';

/** An error of the host that is no error value: it ends the guest. The host has the error itself. */
export class HostError extends Error {
  /** For `errorBehind` of the served imports. */
  readonly failure: number;
  readonly #name: string;
  constructor({ failure, name, message }: Failure) {
    super(message);
    this.failure = failure;
    this.#name = name;
  }
  /** The name of the host's error. */
  override get name(): string {
    return this.#name;
  }
}

/** What a worker has of its host. */
export interface ConnectedImports<Imports extends object = object> {
  /**
   * Everything that the host serves, in its own shape, but synchronous: for `instantiate` with `blocking: 'none'`. A
   * class stands for each of the host's; objects of it stand for the host's objects. Functions throw `ComponentError`
   * for error values, {@link HostError} for other errors.
   */
  readonly imports: Imports;
  /** Waits until the host has seen all that was dropped; throws a {@link HostError} if that has failed. */
  readonly settle: () => void;
  /** How values with resources in them are read and written here. @internal */
  readonly references: References;
}

/**
 * Makes imports out of a connection that was posted to this thread. Calls stop the thread until they are answered: in a
 * browser only workers may do that, of a page that is isolated from other origins.
 */
export function connectImports<Imports extends object = object>(
  connection: Connection,
): ConnectedImports<Imports> {
  const line = new Line(connection.control, connection.requests, connection.answers, connection.port);
  const { root, classes } = connection.surface;
  const types = new Map<number, FunctionShape>();
  const made: Proxy[] = [];

  const references: References = {
    typeOf: (value) => (value instanceof Remote ? value.type : -1),
    give: (value) => {
      const { id } = value as Remote;
      if (id === 0) throw new TypeError('a resource is used that was dropped');
      return id;
    },
    take: (id, type) => {
      const value = Object.create(classFor(type).prototype) as Remote;
      value.line = line;
      value.type = type;
      value.id = id;
      line.watch(value);
      return value;
    },
  };
  line.references = references;

  /** A class is made once, whichever way it is reached first. */
  const classFor = (type: number): Proxy => {
    const known = made[type];
    if (known !== undefined) return known;
    const shape = classes[type];
    if (shape === undefined) throw new TypeError(`there is no class ${type}`);
    return (made[type] = makeClass(shape, line, types.get(type)?.call));
  };

  const build = (shape: Shape): unknown => {
    switch (shape.kind) {
      case 'module':
        return shape.module;
      case 'function': {
        const { call, type } = shape;
        return type === undefined ? (...args: unknown[]) => line.call(call, args) : classFor(type);
      }
      case 'object':
        return buildObject(shape);
    }
  };

  const buildObject = ({ members }: ObjectShape): object => {
    const object = {};
    for (const [key, shape] of members) define(object, key, build(shape));
    return object;
  };

  forEachFunction(root, (shape) => {
    if (shape.type !== undefined) types.set(shape.type, shape);
  });
  return {
    imports: buildObject(root) as Imports,
    settle: () => void line.call(settle, []),
    references,
  };
}

function forEachFunction(shape: Shape, visit: (shape: FunctionShape) => void): void {
  if (shape.kind === 'function') visit(shape);
  else if (shape.kind === 'object') for (const [, member] of shape.members) forEachFunction(member, visit);
}

/** A resource of the host. Objects of it are made by reading values only. */
class Remote {
  /** Zero once it was dropped. */
  declare id: number;
  declare type: number;
  declare line: Line;
  [Symbol.dispose](): void {
    const { id, line } = this;
    if (id === 0) return;
    this.id = 0;
    line.drop(id, this);
  }
}

interface Proxy {
  (...args: readonly unknown[]): unknown;
  readonly prototype: object;
}

/** A class that stands for one of the host's; `call` is the number of calling it without `new`. */
function makeClass({ construct, statics, methods }: ClassShape, line: Line, call: number | undefined): Proxy {
  const made = function (...args: readonly unknown[]): unknown {
    return new.target === undefined ? line.call(call ?? construct, args) : line.call(construct, args);
  };
  made.prototype = Object.create(Remote.prototype) as object;
  for (const [key, number] of methods) {
    member(made.prototype as object, key, function (this: unknown, ...args: readonly unknown[]): unknown {
      return line.call(number, args, this);
    });
  }
  for (const [key, number] of statics) {
    member(made, key, (...args: readonly unknown[]) => line.call(number, args));
  }
  return made as Proxy;
}

/** As classes have them. */
function member(of: object, key: string, value: unknown): void {
  Object.defineProperty(of, key, { value, writable: true, configurable: true });
}

/** One call after the other, each written into shared memory, waited for, and its answer read. */
class Line {
  declare references: References;
  readonly #control: Int32Array;
  readonly #port: MessagePort;
  readonly #request: ValueWriter;
  #sent: Uint8Array;
  #answers: Uint8Array;
  /** Only resources that were given away are ever found by it: others are dropped. */
  readonly #forgotten = new FinalizationRegistry((id: number) => this.#post({ forget: id }));

  constructor(
    control: SharedArrayBuffer,
    requests: SharedArrayBuffer,
    answers: SharedArrayBuffer,
    port: MessagePort,
  ) {
    this.#control = new Int32Array(control);
    this.#port = port;
    this.#sent = new Uint8Array(requests);
    this.#request = new ValueWriter(this.#sent, (size) => new Uint8Array(new SharedArrayBuffer(size)));
    this.#answers = new Uint8Array(answers);
  }

  /** Throws what the host threw. `self`: the first argument, for methods. */
  call(number: number, args: readonly unknown[], self?: unknown): unknown {
    const request = this.#request;
    request.length = 0;
    request.u32(number);
    if (self !== undefined) request.value(self, this.references);
    for (const each of args) request.value(each, this.references);
    if (request.bytes === this.#sent) this.#ask(request.length);
    else {
      this.#sent = request.bytes;
      this.#ask({ requests: request.bytes.buffer as SharedArrayBuffer, length: request.length });
    }
    const control = this.#control;
    if (control[slots.kind] === kinds.room) this.#makeRoom(control[slots.length]!);
    return this.#answer(control[slots.kind]!, control[slots.length]!);
  }

  drop(id: number, value: Remote): void {
    this.#forgotten.unregister(value);
    this.#post(-id);
  }

  watch(value: Remote): void {
    this.#forgotten.register(value, value.id, value);
  }

  #makeRoom(size: number): void {
    const answers = new SharedArrayBuffer(Math.max(size, 2 * this.#answers.length));
    this.#answers = new Uint8Array(answers);
    this.#ask({ answers });
  }

  /** Waits for the answer to this message, and no other. */
  #ask(message: Message): void {
    const control = this.#control;
    const number = (Atomics.load(control, slots.asked) + 1) & 0x7fff_ffff;
    Atomics.store(control, slots.asked, number);
    this.#post(message);
    for (;;) {
      const answered = Atomics.load(control, slots.answered);
      if (answered === number) return;
      if (answered === -1) throw closed();
      Atomics.wait(control, slots.answered, answered);
    }
  }

  #answer(kind: number, length: number): unknown {
    const answer = new ValueReader(this.#answers, length).value(this.references);
    if (kind === kinds.value) return answer;
    if (kind === kinds.thrown) throw componentAnswer(answer);
    throw new HostError(answer as Failure);
  }

  #post(message: Message): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
    this.#port.postMessage(message);
  }
}

function closed(): HostError {
  return new HostError({ failure: 0, name: 'Error', message: 'the host does not answer any more' });
}
