/** Waiting for the first of several events. Preview 1: `poll_oneoff`, `subscription`, `event`. */
import type { Context } from '../context.ts';
import { inputStream, outputStream, positionIn } from '../descriptors.ts';
import { Failure, errno } from '../errno.ts';
import { attempt } from '../file-errors.ts';
import { clockid } from '../layouts.ts';
import type { GuestMemory } from '../memory.ts';
import type { Pollable } from '../preview2.ts';
import type { Functions } from '../signatures.ts';
import { outputErrno, streamErrno } from '../stream-errors.ts';
import { finallyDo, andThen } from '../wait.ts';
import { timeOf } from './clock.ts';

/** The most subscriptions in one call, so that a guest cannot ask for a million timers: `inval` beyond. */
const maximumSubscriptions = 65_536;

const subscriptionSize = 48;
const eventSize = 32;

/** Preview 1: `eventtype`, which also tells a subscription's kind. */
const eventtype = { clock: 0, fdRead: 1, fdWrite: 2 } as const;

/** Preview 1: `subclockflags.subscription_clock_abstime`. */
const absoluteTime = 1;

/** Preview 1: `eventrwflags.fd_readwrite_hangup`. */
const hangup = 1;

export function pollFunctions(context: Context): Pick<Functions, 'poll_oneoff'> {
  const { host, memory } = context;
  return {
    /**
     * Waits until a subscription has an event, and writes one event for each that has. No subscription: `inval`. A
     * subscription that cannot be waited for (a descriptor that is not open, an unknown clock) has its event at once,
     * with the error in it.
     */
    poll_oneoff: (input, output, count, countPointer) => {
      if (count === 0 || count > maximumSubscriptions) return errno.inval;
      memory.check(input, count * subscriptionSize);
      memory.check(output, count * eventSize);
      memory.check(countPointer, 4);
      const subscriptions = Array.from({ length: count }, (_, index) =>
        loadSubscription(memory, input + index * subscriptionSize),
      );
      const watches: Watch[] = [];
      return finallyDo<number>(
        () => {
          for (const subscription of subscriptions) watches.push(watch(context, subscription));
          const waiting = watches.filter((one) => one.pollable !== undefined);
          const pollables = waiting.map((one) => one.pollable!);
          // With an event at hand nobody waits: the others tell how they stand.
          const ready =
            waiting.length < watches.length
              ? [...pollables.keys()].filter((index) => pollables[index]!.ready())
              : host['wasi:io/poll'].poll(pollables);
          return andThen<ArrayLike<number>, number>(ready, (indices) => {
            for (const index of Array.from(indices)) waiting[index]!.ready = true;
            return storeEvents(memory, watches, output, countPointer);
          });
        },
        () => {
          for (const { pollable } of watches) pollable?.[Symbol.dispose]?.();
        },
      );
    },
  };
}

type Subscription =
  | {
      readonly kind: typeof eventtype.clock;
      readonly userdata: bigint;
      readonly id: number;
      readonly timeout: bigint;
      readonly flags: number;
    }
  | {
      readonly kind: typeof eventtype.fdRead | typeof eventtype.fdWrite;
      readonly userdata: bigint;
      readonly fd: number;
    };

/** A subscription being waited for, or one with an error. */
interface Watch {
  readonly subscription: Subscription;
  readonly pollable?: Pollable;
  /** What to tell when it is ready. */
  readonly outcome: () => Outcome;
  ready: boolean;
}

interface Outcome {
  readonly error: number;
  readonly bytes: bigint;
  readonly flags: number;
}

function loadSubscription(memory: GuestMemory, at: number): Subscription {
  const userdata = memory.loadU64(at);
  const kind = memory.loadU8(at + 8);
  switch (kind) {
    case eventtype.clock:
      return {
        kind,
        userdata,
        id: memory.loadU32(at + 16),
        timeout: memory.loadU64(at + 24),
        flags: memory.loadU16(at + 40),
      };
    case eventtype.fdRead:
    case eventtype.fdWrite:
      return { kind, userdata, fd: memory.loadU32(at + 16) };
    default:
      throw new Failure(errno.inval);
  }
}

/** Starts to wait for a subscription. */
function watch(context: Context, subscription: Subscription): Watch {
  try {
    return subscription.kind === eventtype.clock
      ? {
          subscription,
          pollable: timer(context, subscription),
          outcome: () => outcome(errno.success),
          ready: false,
        }
      : watchDescriptor(context, subscription);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { subscription, outcome: () => outcome(thrown.errno), ready: true };
  }
}

function timer(
  { host }: Context,
  { id, timeout, flags }: Extract<Subscription, { kind: typeof eventtype.clock }>,
): Pollable {
  const clock = host['wasi:clocks/monotonic-clock'];
  const absolute = (flags & absoluteTime) !== 0;
  if (absolute && id === clockid.monotonic) return clock.subscribeInstant(timeout);
  const now = timeOf(host, id);
  if (!absolute) return clock.subscribeDuration(timeout);
  // Preview 2 cannot wait for a time of day: setting the clock during the wait does not change it.
  return clock.subscribeDuration(timeout > now ? timeout - now : 0n);
}

function watchDescriptor(
  context: Context,
  subscription: Exclude<Subscription, { kind: typeof eventtype.clock }>,
): Watch {
  const watched = watchStream(context, subscription.kind, subscription.fd);
  return { subscription, ...watched, ready: watched.pollable === undefined };
}

function watchStream(
  { host, descriptors }: Context,
  kind: typeof eventtype.fdRead | typeof eventtype.fdWrite,
  fd: number,
): Pick<Watch, 'pollable' | 'outcome'> {
  const entry = descriptors.get(fd);
  switch (entry.kind) {
    case 'stdin': {
      if (kind !== eventtype.fdRead) throw new Failure(errno.badf);
      const stream = inputStream(entry);
      // Reading no byte tells whether the stream is closed; how many bytes there are, Preview 2 does not tell.
      return {
        pollable: stream.subscribe(),
        outcome: () =>
          probe(
            () => (stream.read(0n), 1n),
            (thrown) => streamErrno(host, thrown),
          ),
      };
    }
    case 'stdout':
    case 'stderr': {
      if (kind !== eventtype.fdWrite) throw new Failure(errno.badf);
      const stream = outputStream(entry);
      return {
        pollable: stream.subscribe(),
        outcome: () =>
          probe(
            () => stream.checkWrite(),
            (thrown) => outputErrno(host, entry, thrown),
          ),
      };
    }
    case 'file': {
      if (kind === eventtype.fdRead ? !entry.read : !entry.write) throw new Failure(errno.badf);
      // A file is always ready; there is as much to read as lies behind the position.
      const { descriptor } = entry;
      const left =
        kind === eventtype.fdRead ? attempt(() => descriptor.stat().size) - BigInt(positionIn(entry)) : 1n;
      return { outcome: () => ({ error: errno.success, bytes: left > 0n ? left : 0n, flags: 0 }) };
    }
    case 'directory':
      throw new Failure(errno.badf);
  }
}

/** How many bytes a ready stream takes or gives; a closed one has hung up. */
function probe(bytes: () => bigint, errnoOf: (thrown: unknown) => number): Outcome {
  try {
    return { error: errno.success, bytes: bytes(), flags: 0 };
  } catch (thrown) {
    const code = errnoOf(thrown);
    return code === errno.pipe ? { error: errno.success, bytes: 0n, flags: hangup } : outcome(code);
  }
}

function outcome(error: number): Outcome {
  return { error, bytes: 0n, flags: 0 };
}

function storeEvents(
  memory: GuestMemory,
  watches: readonly Watch[],
  output: number,
  countPointer: number,
): number {
  let at = output;
  let count = 0;
  for (const { subscription, outcome, ready } of watches) {
    if (!ready) continue;
    const { error, bytes, flags } = outcome();
    memory.clear(at, eventSize);
    memory.storeU64(at, subscription.userdata);
    memory.storeU16(at + 8, error);
    memory.storeU8(at + 10, subscription.kind);
    memory.storeU64(at + 16, bytes);
    memory.storeU16(at + 24, flags);
    at += eventSize;
    count++;
  }
  memory.storeU32(countPointer, count);
  return errno.success;
}
