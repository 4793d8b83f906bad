/** Guests that answer HTTP requests in threads of their own, of which there is a bounded number. */
import { availableParallelism } from 'node:os';
import type { ComponentSource } from '@wittle/runtime';
import { holdsLittle, idleGuestTime, type Guest, type Guests } from '../http-guests.ts';
import { limitsOf, type WasiOptions } from '../options.ts';
import type { IncomingRequest } from '../p2/http/messages.ts';
import type { ResponseOutparam } from '../p2/http/response-outparam.ts';
import { createWasi, type Wasi } from '../wasi.ts';
import { errorOf, type GuestFailure } from './guest-failures.ts';
import { portable } from './portable-program.ts';
import { serve, type Server } from './serve-imports.ts';
import { startHttpThread, type Thread } from './thread.ts';
import {
  trapMissingName,
  type HttpRequest,
  type HttpThreadData,
  type HttpThreadMessage,
} from './thread-messages.ts';
import { TimeLimitError } from './time-limit-error.ts';
import { ValueWriter } from './values.ts';
import { ownInterfaces, wasiServeOptions } from './wasi-surface.ts';

export interface HttpThreadsOptions {
  readonly wasi: WasiOptions;
  /** Requests that each guest answers. */
  readonly count: number;
  readonly trapMissing: ((name: string) => boolean) | undefined;
  /** Milliseconds until a guest is ended, its instantiation included. */
  readonly timeLimit: number | undefined;
}

/** Threads that wait for a peer do not use a processor: there are more of them than those. */
const maxThreads: number = Math.max(6, 2 * availableParallelism());
/** Milliseconds until a thread that has nothing to do is ended. */
const idleTime = 10_000;

/** Guests in threads. Threads are started when they are needed. */
export class HttpThreads implements Guests {
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

  /** A guest that has answered requests already, if there is one that may answer another. */
  async take(closed: Promise<void>): Promise<Guest | undefined> {
    const thread = await this.#take(closed);
    if (thread === undefined) return undefined;
    try {
      return thread.takeKept() ?? new ThreadGuest(createWasi(this.#options.wasi), thread, this);
    } catch (error) {
      this.release(thread);
      throw error;
    }
  }

  get options(): HttpThreadsOptions {
    return this.#options;
  }

  /** Ends all threads, whatever they do. */
  end(): void {
    this.#ended = true;
    for (const give of this.#waiting) give(undefined);
    this.#waiting.clear();
    this.#idle.length = 0;
    for (const thread of this.#threads) void thread.end();
    this.#threads.clear();
  }

  /** `undefined` when the client does not wait any longer, or there are no threads any more. */
  async #take(closed: Promise<void>): Promise<HttpThread | undefined> {
    this.#data ??= this.#dataOfThreads();
    const data = await this.#data;
    if (this.#ended) return undefined;
    // The last one where there is none: its index is then -1.
    const kept = this.#idle.findLastIndex((thread) => thread.hasKept);
    const [idle] = this.#idle.splice(kept, 1);
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
  release(thread: HttpThread): void {
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
  /** Whose instance is in the thread. */
  #running: ThreadGuest | undefined;
  #kept: ThreadGuest | undefined;
  #keptTimer: NodeJS.Timeout | undefined;

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

  /** A guest here may answer another request. */
  get hasKept(): boolean {
    return this.#kept !== undefined;
  }

  /** That guest, for a request. */
  takeKept(): ThreadGuest | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    clearTimeout(this.#keptTimer);
    return kept;
  }

  /** Holds the guest that was the last to run until there is a request for it; not for long. */
  keep(guest: ThreadGuest): void {
    this.#kept = guest;
    this.#keptTimer = setTimeout(() => this.#dropKept(), idleGuestTime).unref();
  }

  #dropKept(): void {
    const kept = this.takeKept();
    if (kept === undefined) return;
    this.#running = undefined;
    if (!this.#over) this.#thread!.post('drop' satisfies HttpRequest);
    kept[Symbol.dispose]();
  }

  /** How many resources of the host the guest holds. */
  get resources(): number {
    return this.#served?.resources ?? 0;
  }

  async run(
    guest: ThreadGuest,
    request: IncomingRequest,
    out: ResponseOutparam,
    { trapMissing, timeLimit }: HttpThreadsOptions,
  ): Promise<void> {
    clearTimeout(this.#rest);
    await this.#ready;
    const again = this.#running === guest;
    this.#running = guest;
    const isFirst = this.#served === undefined;
    if (!again) {
      const imports = { ...guest.wasi.imports, ...(trapMissing && { [trapMissingName]: trapMissing }) };
      if (this.#served === undefined) this.#served = serve(imports, wasiServeOptions);
      else this.#served.rebind(imports);
    }
    const { connection, references, errorBehind } = this.#served!;
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
        const task: HttpRequest & object = {
          connection: isFirst ? connection : undefined,
          again,
          isLast: guest.isLast,
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
    this.#dropKept();
    this.#served?.[Symbol.dispose]();
    this.#onOver();
  }
}

/** A guest in a thread, in which there may be another by the time that its response has left. */
class ThreadGuest implements Guest {
  readonly wasi: Wasi;
  readonly #thread: HttpThread;
  readonly #threads: HttpThreads;
  #answered = 0;

  constructor(wasi: Wasi, thread: HttpThread, threads: HttpThreads) {
    this.wasi = wasi;
    this.#thread = thread;
    this.#threads = threads;
  }

  /** The request that it has, or gets, is the last. */
  get isLast(): boolean {
    return this.#answered + 1 >= this.#threads.options.count;
  }

  /** Throws a `TimeLimitError` when its time is up. */
  async answer(request: IncomingRequest, out: ResponseOutparam): Promise<boolean> {
    const thread = this.#thread;
    const { options } = this.#threads;
    try {
      await thread.run(this, request, out, options);
      const isKept = !this.isLast && out.complete && !thread.over && holdsLittle(this.wasi, thread.resources);
      this.#answered++;
      if (isKept) thread.keep(this);
      return isKept;
    } finally {
      this.#threads.release(thread);
    }
  }

  [Symbol.dispose](): void {
    this.wasi.dispose();
  }
}

/** Who is told of what becomes of the guest. */
interface Current {
  readonly ended: (failure: GuestFailure | undefined) => void;
  readonly fail: (error: Error) => void;
}

const idle: Current = { ended: () => {}, fail: () => {} };
