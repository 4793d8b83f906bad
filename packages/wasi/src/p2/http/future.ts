/** `wasi:http/types`: what the two futures have in common: an answer that comes once and is given once. */
import type { ErrorCode } from '../../generated/imports/wasi/http/types.ts';
import type { Instance } from '../../host/instance.ts';
import { Readiness } from '../../host/readiness.ts';
import { Pollable } from '../io/poll.ts';

/** What a future comes to. */
export type Arrived<T> = { tag: 'ok'; val: T } | { tag: 'err'; val: ErrorCode };

/** WIT: the functions of `future-trailers` and `future-incoming-response`. */
export abstract class Future<T> {
  readonly #instance: Instance;
  readonly #readiness: Readiness = new Readiness(() => this.#arrived !== undefined);
  #arrived: Arrived<T> | 'given' | undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** The first answer counts; whether it was this. */
  settle(arrived: Arrived<T>): boolean {
    if (this.#arrived !== undefined) return false;
    this.#arrived = arrived;
    this.#readiness.notify();
    return true;
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#readiness);
  }

  get(): { tag: 'ok'; val: Arrived<T> } | { tag: 'err' } | undefined {
    const arrived = this.#arrived;
    if (arrived === undefined) return undefined;
    if (arrived === 'given') return { tag: 'err' };
    this.#arrived = 'given';
    return { tag: 'ok', val: arrived };
  }

  /** Takes no answer any more; whether there was none yet. */
  protected close(): boolean {
    const waits = this.#arrived === undefined;
    this.#arrived ??= 'given';
    return waits;
  }
}
