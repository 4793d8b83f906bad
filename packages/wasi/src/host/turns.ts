/** Keeps a guest that never has to wait from starving the event loop. */

const patience = { calls: 64, milliseconds: 10 };

/**
 * Counts waits that were over at once. Sockets make progress only between turns of the event loop, so after enough
 * such waits, or enough time, the next one takes a turn although it need not wait.
 */
export class Turns {
  readonly #anythingOpen: () => boolean;
  #calls = 0;
  #since = performance.now();

  /** `anythingOpen` says whether there is anything that turns would move: without, no turn is ever due. */
  constructor(anythingOpen: () => boolean) {
    this.#anythingOpen = anythingOpen;
  }

  /** Counts one wait that is over at once; true when a turn must come first. */
  due(): boolean {
    if (!this.#anythingOpen()) return false;
    this.#calls++;
    if (this.#calls >= patience.calls) return true;
    // The clock costs more than the rest of a wait: ask it at every eighth.
    return (this.#calls & 7) === 0 && performance.now() - this.#since > patience.milliseconds;
  }

  /** The event loop has turned since the last call. */
  passed(): void {
    this.#calls = 0;
    this.#since = performance.now();
  }
}
