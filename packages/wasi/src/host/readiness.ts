/** A condition that a guest can wait for: ready or not, and a signal when that may have changed. */

/** Is told when a readiness it watches may have changed; it looks at that later, not when it is told. */
export interface Waiter {
  wake(): void;
}

/** What a pollable stands for. Readiness is asked for, never stored, so it cannot be out of date. */
export class Readiness {
  readonly #isReady: () => boolean;
  /** Hardly ever more than one. */
  #waiters: Waiter[] | undefined;

  constructor(isReady: () => boolean) {
    this.#isReady = isReady;
  }

  get ready(): boolean {
    return this.#isReady();
  }

  /** Whether anybody waits. */
  get watched(): boolean {
    return this.#waiters !== undefined && this.#waiters.length > 0;
  }

  /** Wakes the waiter at every change, until as many calls of `unwatch`. */
  watch(waiter: Waiter): void {
    if (this.#waiters === undefined) this.#waiters = [waiter];
    else this.#waiters.push(waiter);
  }

  unwatch(waiter: Waiter): void {
    const waiters = this.#waiters;
    const index = waiters === undefined ? -1 : waiters.lastIndexOf(waiter);
    if (index < 0) return;
    const last = waiters!.pop()!;
    if (index < waiters!.length) waiters![index] = last;
  }

  /** To be called after anything that may have made this ready. */
  notify(): void {
    if (this.#waiters === undefined) return;
    for (const waiter of this.#waiters) waiter.wake();
  }
}

/** The moment a clock reaches an instant. A timer exists only while somebody waits. */
export class DeadlineReadiness extends Readiness {
  readonly #remaining: () => bigint;
  #timer: NodeJS.Timeout | undefined;

  /** `remaining` says how many nanoseconds are left; zero or less is ready. */
  constructor(remaining: () => bigint) {
    super(() => remaining() <= 0n);
    this.#remaining = remaining;
  }

  override watch(waiter: Waiter): void {
    super.watch(waiter);
    if (this.#timer === undefined) this.#arm();
  }

  override unwatch(waiter: Waiter): void {
    super.unwatch(waiter);
    if (this.watched) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    // Rounded up, so that a timer is never early by a fraction, and within what setTimeout can count: the deadline may
    // have passed since it was looked at.
    const milliseconds = (this.#remaining() + 999_999n) / 1_000_000n;
    const delay = milliseconds > 0x7fff_ffffn ? 0x7fff_ffff : Math.max(Number(milliseconds), 0);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.ready) this.notify();
      else this.#arm();
    }, delay);
  }
}
