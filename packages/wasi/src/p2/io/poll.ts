/** `wasi:io/poll`: waiting for one or more events. */
import type { Host } from '../../generated/imports/wasi/io/poll.ts';
import type { Instance, Waitable } from '../../host/instance.ts';
import type { Readiness } from '../../host/readiness.ts';
import { WasiTrap } from '../../host/trap.ts';

/** Counts the pollables that must be dropped before it. */
export interface PollableOwner {
  pollables: number;
}

/** WIT: `resource pollable`. */
export class Pollable implements Waitable {
  /** The event. */
  readonly readiness: Readiness;
  /** Whose event loop it waits on. */
  readonly instance: Instance;
  #owner: PollableOwner | undefined;

  /** `owner`: the stream that may not be dropped before this. */
  constructor(instance: Instance, readiness: Readiness, owner?: PollableOwner) {
    this.instance = instance;
    this.readiness = readiness;
    this.#owner = owner;
    if (owner !== undefined) owner.pollables++;
  }

  ready(): boolean {
    return this.readiness.ready;
  }

  block(): void | Promise<void> {
    const done = this.instance.when([this], () => this.readiness.ready || undefined);
    return done === true ? undefined : (done as Promise<true>).then(() => {});
  }

  [Symbol.dispose](): void {
    if (this.#owner !== undefined) this.#owner.pollables--;
    this.#owner = undefined;
  }
}

/** WIT: `poll`. The indices of the ready ones, at least one, in ascending order. */
export function poll(pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> {
  const first = pollables[0];
  if (first === undefined) throw new WasiTrap('wasi:io/poll.poll: the list of pollables is empty');
  return first.instance.when(pollables, () => readyIndices(pollables));
}

export const pollInterface: Host = { Pollable, poll };

function readyIndices(pollables: readonly Pollable[]): Uint32Array | undefined {
  let indices: number[] | undefined;
  for (let index = 0; index < pollables.length; index++) {
    if (pollables[index]!.readiness.ready) (indices ??= []).push(index);
  }
  return indices === undefined ? undefined : Uint32Array.from(indices);
}
