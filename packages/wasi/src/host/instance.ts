/** What all interfaces of one WASI instance share: grants, limits, clocks, what is open, and waiting. */
import type { Grants } from './grants.ts';
import type { Readiness, Waiter } from './readiness.ts';
import { WasiTrap } from './trap.ts';
import { Turns } from './turns.ts';

/** Bounds of what one guest may hold of the host. */
export interface WasiLimits {
  /**
   * TCP and UDP sockets at a time, accepted ones and requests of HTTP included; more is `new-socket-limit`, or
   * `connection-limit-reached`. Default 4096.
   */
  readonly sockets: number;
  /** Bytes of a stream or UDP socket kept on the host in each direction until the guest asks otherwise. Default 256 KiB. */
  readonly bufferSize: number;
  /** The most that `set-receive-buffer-size` and `set-send-buffer-size` can ask for; more is clamped. Default 4 MiB. */
  readonly maxBufferSize: number;
  /** Connections that wait for `accept`, per listener, on top of the kernel's backlog; more are reset. Default 1024. */
  readonly pendingConnections: number;
  /** Datagrams that wait for `receive`, per socket; more are dropped, as a kernel does. Default 1024. */
  readonly pendingDatagrams: number;
  /** Open files and directories at a time; more is `insufficient-memory`. Default 4096. */
  readonly files: number;
  /** Name lookups at a time; more is `temporary-resolver-failure`. Default 64. */
  readonly lookups: number;
  /** Bytes of one call to `get-random-bytes`; more traps. Default 16 MiB. */
  readonly randomBytes: number;
  /**
   * Handles that each instance of a component may have at a time, of streams, pollables, headers and all other
   * resources; one more is a trap. `runCommand` and `httpServer` see to it; who instantiates a guest gives it to
   * `instantiate`. Default 1,048,576.
   */
  readonly handles: number;
  /** Milliseconds that bytes already accepted from a guest may take to leave after it has ended. Default 2000. */
  readonly linger: number;
}

/** Where time comes from. */
export interface WasiClock {
  /** Nanoseconds from an arbitrary start, never going back. */
  readonly monotonic: () => bigint;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly wall: () => bigint;
}

/** Something that can be waited for. */
export interface Waitable {
  readonly readiness: Readiness;
}

/** Something held in the host that ends with the instance. */
export interface Open {
  /** Ends it now, except for bytes on their way out. */
  closeNow(): void;
}

/** One WASI instance. */
export class Instance {
  readonly grants: Grants;
  readonly limits: WasiLimits;
  readonly clock: WasiClock;
  /** See `WasiOptions.lendBytes`. */
  readonly lendsBytes: boolean;
  /** What is open in the host now. */
  readonly open: Set<Open> = new Set();
  /** To be done when the instance ends, for what is lent to it. */
  readonly atEnd: (() => void)[] = [];
  /** Files and directories go nowhere by themselves. */
  readonly turns: Turns = new Turns(() => this.open.size > this.files);
  /** Sockets the guest has or has had and that the host has not yet got rid of. */
  sockets = 0;
  /** Files and directories that are open for the guest. */
  files = 0;
  readonly #waits: Set<Wait<unknown>> = new Set();
  #disposed = false;

  constructor(grants: Grants, limits: WasiLimits, clock: WasiClock, lendsBytes = false) {
    this.grants = grants;
    this.limits = limits;
    this.clock = clock;
    this.lendsBytes = lendsBytes;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * The value of `collect` at once when there is one, and otherwise a promise of it; `collect` gives undefined while
   * none of the waitables is ready and is asked again after one of them says so.
   */
  when<T>(waitables: readonly Waitable[], collect: () => T | undefined): T | Promise<T> {
    const value = collect();
    const due = value !== undefined && this.turns.due();
    return value !== undefined && !due ? value : this.#wait(waitables, collect, due);
  }

  /** True at once when it is ready, and otherwise a promise of that. */
  whenReady(waitable: Waitable): true | Promise<true> {
    const { readiness } = waitable;
    const isReady = readiness.ready;
    const due = isReady && this.turns.due();
    return isReady && !due ? true : this.#wait([waitable], () => readiness.ready || undefined, due);
  }

  /** `due`: it need not wait, but a turn of the event loop comes first. */
  #wait<T>(waitables: readonly Waitable[], collect: () => T | undefined, due: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const wait = new Wait(waitables, collect, (result) => {
        this.#waits.delete(wait as Wait<unknown>);
        this.turns.passed();
        if (result === undefined)
          reject(new WasiTrap('the WASI instance was disposed while its guest waited'));
        else resolve(result);
      });
      this.#waits.add(wait as Wait<unknown>);
      wait.start();
      if (this.#disposed) wait.stop();
      else if (due) wait.wake();
    });
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const wait of this.#waits) wait.stop();
    for (const open of this.open) open.closeNow();
    for (const task of this.atEnd) task();
  }
}

/** One suspended call. */
class Wait<T> implements Waiter {
  /** Each once: what is watched twice is looked for among all who watch it. */
  readonly #watched: Iterable<Readiness>;
  readonly #collect: () => T | undefined;
  readonly #done: (value: T | undefined) => void;
  #turn: NodeJS.Immediate | undefined;

  constructor(
    waitables: readonly Waitable[],
    collect: () => T | undefined,
    done: (value: T | undefined) => void,
  ) {
    const watched = waitables.map(({ readiness }) => readiness);
    this.#watched = watched.length > 1 ? new Set(watched) : watched;
    this.#collect = collect;
    this.#done = done;
  }

  start(): void {
    for (const readiness of this.#watched) readiness.watch(this);
  }

  /** Goes on when this turn of the event loop is over: all that it makes ready is seen at once. */
  wake(): void {
    this.#turn ??= setImmediate(look, this);
  }

  /** Ends the wait if there is a value now. */
  look(): void {
    this.#turn = undefined;
    const value = this.#collect();
    if (value !== undefined) this.#end(value);
  }

  stop(): void {
    clearImmediate(this.#turn);
    this.#end(undefined);
  }

  #end(value: T | undefined): void {
    for (const readiness of this.#watched) readiness.unwatch(this);
    this.#done(value);
  }
}

function look(wait: { look(): void }): void {
  wait.look();
}
