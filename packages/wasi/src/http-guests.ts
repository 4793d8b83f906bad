/** Guests that answer HTTP requests: each an instance of a component and its WASI instance, for one request or several. */
import type { WasiOptions } from './options.ts';
import type { IncomingRequest } from './p2/http/messages.ts';
import type { ResponseOutparam } from './p2/http/response-outparam.ts';
import { createWasi, instanceOf, type Wasi } from './wasi.ts';

/** What a guest exports as `wasi:http/incoming-handler`. */
export interface HttpHandler {
  handle(request: IncomingRequest, responseOut: ResponseOutparam): void | Promise<void>;
}

/** How often an instance may be used again. */
export interface ReuseOptions {
  /**
   * How many requests an instance answers, one after the other. One that fails, exits, is out of time, leaves its
   * response unfinished, or holds much (1,000 handles, or half of what `limits` allows of handles, sockets or files) when
   * a request is over is not used again, nor one that has had nothing to do for a second. What a guest leaves in its
   * memory and in WASI is there at the next request. Default: 1, a new instance for each request.
   */
  readonly maxInstanceReuseCount?: number;
}

/** The option with its default; throws a TypeError for what is no number of requests. */
export function reuseCountOf({ maxInstanceReuseCount: count = 1 }: ReuseOptions): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new TypeError(`maxInstanceReuseCount is a whole number greater than 0, not ${String(count)}`);
}

/** A guest for one request: nobody else has it meanwhile. Disposed of when it is not used any more. */
export interface Guest extends Disposable {
  readonly wasi: Wasi;
  /**
   * Settled when the guest has returned: with true if it is there for other requests now, and not the caller's any more.
   * Throws what the guest throws.
   */
  answer(request: IncomingRequest, out: ResponseOutparam): Promise<boolean>;
}

/** Where guests come from. */
export interface Guests {
  /** One that answers the request; `undefined` when there will be none before the client has gone (`closed`). */
  take(closed: Promise<void>): Promise<Guest | undefined>;
  /** Ends those that have nothing to do. */
  end(): void;
}

/** How long a guest that may be used again waits for that, in milliseconds. */
export const idleGuestTime = 1000;
/** More handles than this are a leak. */
const maxHandlesLeft = 1000;

/** Whether a guest holds no more than it should between two requests. */
export function holdsLittle(wasi: Wasi, handles: number): boolean {
  const { limits, sockets, files } = instanceOf(wasi);
  return (
    handles <= Math.min(maxHandlesLeft, limits.handles / 2) &&
    sockets <= limits.sockets / 2 &&
    files <= limits.files / 2
  );
}

/** A guest that was instantiated; `handles` says how many it holds, where that is known. */
export interface Instantiated {
  readonly handler: HttpHandler;
  readonly handles?: () => number;
}

/** Guests in this thread. */
export class LocalGuests implements Guests {
  readonly #options: WasiOptions;
  readonly #instantiate: (wasi: Wasi) => Instantiated | Promise<Instantiated>;
  readonly #count: number;
  /** The last one to have answered is the last. */
  readonly #idle: LocalGuest[] = [];

  /** Each answers `count` requests. */
  constructor(
    options: WasiOptions,
    count: number,
    instantiate: (wasi: Wasi) => Instantiated | Promise<Instantiated>,
  ) {
    this.#options = options;
    this.#count = count;
    this.#instantiate = instantiate;
  }

  async take(): Promise<Guest> {
    const idle = this.#idle.pop();
    if (idle === undefined)
      return new LocalGuest(createWasi(this.#options), this.#instantiate, (guest) => this.#keep(guest));
    clearTimeout(idle.timer);
    return idle;
  }

  end(): void {
    for (const guest of this.#idle.splice(0)) guest[Symbol.dispose]();
  }

  #keep(guest: LocalGuest): boolean {
    if (guest.answered >= this.#count || !holdsLittle(guest.wasi, guest.handles)) return false;
    this.#idle.push(guest);
    guest.timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(guest), 1);
      guest[Symbol.dispose]();
    }, idleGuestTime).unref();
    return true;
  }
}

class LocalGuest implements Guest {
  readonly wasi: Wasi;
  readonly #instantiate: (wasi: Wasi) => Instantiated | Promise<Instantiated>;
  readonly #keep: (guest: LocalGuest) => boolean;
  #made: Instantiated | undefined;
  /** Requests that it has answered. */
  answered = 0;
  /** Until it is not kept any longer. */
  timer: NodeJS.Timeout | undefined;

  constructor(
    wasi: Wasi,
    instantiate: (wasi: Wasi) => Instantiated | Promise<Instantiated>,
    keep: (guest: LocalGuest) => boolean,
  ) {
    this.wasi = wasi;
    this.#instantiate = instantiate;
    this.#keep = keep;
  }

  get handles(): number {
    return this.#made?.handles?.() ?? 0;
  }

  async answer(request: IncomingRequest, out: ResponseOutparam): Promise<boolean> {
    this.#made ??= await this.#instantiate(this.wasi);
    await this.#made.handler.handle(request, out);
    this.answered++;
    return out.complete && this.#keep(this);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.wasi.dispose();
  }
}
