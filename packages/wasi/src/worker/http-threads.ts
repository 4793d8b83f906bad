/** Guests that answer HTTP requests in threads of their own, of which there is a bounded number. */
import { availableParallelism } from 'node:os';
import type { ComponentSource } from '@wittle/runtime';
import type { Task } from '../http-listener.ts';
import { limitsOf, type WasiOptions } from '../options.ts';
import { errorOf, type GuestFailure } from './guest-failures.ts';
import { portable } from './portable-program.ts';
import { serve, type Server } from './serve-imports.ts';
import { startHttpThread, type Thread } from './thread.ts';
import {
  trapMissingName,
  type HttpTask,
  type HttpThreadData,
  type HttpThreadMessage,
} from './thread-messages.ts';
import { TimeLimitError } from './time-limit-error.ts';
import { ValueWriter } from './values.ts';
import { ownInterfaces, wasiServeOptions } from './wasi-surface.ts';

export interface HttpThreadsOptions {
  readonly wasi: WasiOptions;
  readonly trapMissing: ((name: string) => boolean) | undefined;
  /** Milliseconds until a guest is ended, its instantiation included. */
  readonly timeLimit: number | undefined;
}

/** Threads that wait for a peer do not use a processor: there are more of them than those. */
const maxThreads: number = Math.max(6, 2 * availableParallelism());
/** Milliseconds until a thread that has nothing to do is ended. */
const idleTime = 10_000;

/** Runs guests, each for one request. Threads are started when they are needed. */
export class HttpThreads {
  readonly #component: ComponentSource;
  readonly #options: HttpThreadsOptions;
  readonly #threads = new Set<HttpThread>();
  /** The last one to have worked is the last. */
  readonly #idle: HttpThread[] = [];
  /** Those that wait for a thread, by turns. */
  readonly #waiting = new Set<(thread: HttpThread | undefined) => void>();
  #data: Promise<HttpThreadData> | undefined;
  #ended = false;

  constructor(component: ComponentSource, options: HttpThreadsOptions) {
    this.#component = component;
    this.#options = options;
  }

  /** Settled when the guest has returned; throws what it throws, and a `TimeLimitError` when its time is up. */
  async run(task: Task): Promise<void> {
    const thread = await this.#take(task);
    if (thread === undefined) return task.out.fail(503);
    try {
      await thread.run(task, this.#options);
    } finally {
      this.#release(thread);
    }
  }

  /** Ends all threads, whatever they do. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const give of this.#waiting) give(undefined);
    this.#waiting.clear();
    this.#idle.length = 0;
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
  }

  /** `undefined` when the client does not wait any longer, or there are no threads any more. */
  async #take({ closed }: Task): Promise<HttpThread | undefined> {
    this.#data ??= this.#dataOfThreads();
    const data = await this.#data;
    if (this.#ended) return undefined;
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#threads.size < maxThreads) return this.#start(data);
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      void closed.then(() => {
        if (this.#waiting.delete(resolve)) resolve(undefined);
      });
    });
  }

  async #dataOfThreads(): Promise<HttpThreadData> {
    const { wasi } = this.#options;
    const { randomBytes, handles } = limitsOf(wasi.limits);
    return {
      program: await portable(this.#component),
      own: ownInterfaces(wasi, randomBytes),
      handles,
    };
  }

  #start(data: HttpThreadData): HttpThread {
    const thread = new HttpThread(data, () => {
      this.#threads.delete(thread);
      const index = this.#idle.indexOf(thread);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    this.#threads.add(thread);
    return thread;
  }

  /** It goes to the next who waits; in place of one that is over there is another. */
  #release(thread: HttpThread): void {
    if (this.#ended) return;
    const [next] = this.#waiting;
    if (next === undefined) {
      if (thread.over) return;
      this.#idle.push(thread);
      thread.rest(idleTime);
      return;
    }
    this.#waiting.delete(next);
    if (!thread.over) next(thread);
    else void this.#data!.then((data) => next(this.#ended ? undefined : this.#start(data)));
  }
}

/** One thread, and what it does now. */
class HttpThread {
  #thread: Thread | undefined;
  /** It has compiled the component. */
  readonly #ready: Promise<void>;
  readonly #onOver: () => void;
  #served: Server | undefined;
  #over = false;
  #rest: NodeJS.Timeout | undefined;
  #current: Current = idle;

  /** `onOver`: it has ended, by itself or not. */
  constructor(data: HttpThreadData, onOver: () => void) {
    this.#onOver = onOver;
    this.#ready = new Promise((resolve, reject) => {
      this.#thread = startHttpThread(data, {
        onMessage: (given) => {
          const message = given as HttpThreadMessage;
          if (message.kind === 'ready') resolve();
          else this.#current.ended(message.failure);
        },
        onEnd: (error) => {
          this.#isOver();
          reject(error);
          this.#current.fail(error);
        },
      });
    });
    this.#ready.catch(() => {});
  }

  get over(): boolean {
    return this.#over;
  }

  async run({ wasi, request, out }: Task, { trapMissing, timeLimit }: HttpThreadsOptions): Promise<void> {
    clearTimeout(this.#rest);
    await this.#ready;
    const imports = { ...wasi.imports, ...(trapMissing && { [trapMissingName]: trapMissing }) };
    const isFirst = this.#served === undefined;
    this.#served ??= serve(imports, wasiServeOptions);
    if (!isFirst) this.#served.rebind(imports);
    const { connection, references, errorBehind } = this.#served;
    const args = new ValueWriter(new Uint8Array(64));
    args.value(request, references);
    args.value(out, references);
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const ended = (failure: GuestFailure | undefined): void => {
          if (failure === undefined) return resolve();
          try {
            reject(errorOf(failure, references, errorBehind) as Error);
          } catch (error) {
            reject(error as Error);
          }
        };
        this.#current = { ended, fail: reject };
        const task: HttpTask = {
          connection: isFirst ? connection : undefined,
          args: args.bytes.slice(0, args.length),
        };
        this.#thread!.post(task, isFirst ? [connection.port] : []);
        if (timeLimit !== undefined) {
          timer = setTimeout(
            () => {
              void this.end();
              reject(new TimeLimitError(timeLimit));
            },
            Math.min(timeLimit, 0x7fff_ffff),
          );
        }
      });
    } finally {
      clearTimeout(timer);
      this.#current = idle;
    }
  }

  /** Ends it if it has nothing to do for that long: milliseconds. */
  rest(time: number): void {
    this.#rest = setTimeout(() => void this.end(), time);
    this.#rest.unref();
  }

  async end(): Promise<void> {
    this.#isOver();
    await this.#thread!.end();
  }

  #isOver(): void {
    clearTimeout(this.#rest);
    if (this.#over) return;
    this.#over = true;
    this.#served?.[Symbol.dispose]();
    this.#onOver();
  }
}

/** Who is told of what becomes of the guest. */
interface Current {
  readonly ended: (failure: GuestFailure | undefined) => void;
  readonly fail: (error: Error) => void;
}

const idle: Current = { ended: () => {}, fail: () => {} };
