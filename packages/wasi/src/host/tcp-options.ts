/** The options of a TCP socket, as far as Node's public API can apply them. */
import { Socket } from 'node:net';
import { networkError } from './error-codes.ts';
import type { WasiLimits } from './instance.ts';
import { clampBufferSize, defaultHopLimit, requirePositive } from './option-values.ts';

const second = 1_000_000_000n;
/** What kernels accept at most, in seconds and probes. */
const maxKeepAlive = { time: 32_767n * second, count: 127 };
/** Node 24.19 and newer pass interval and count on; older ones always use 1 s and 10. */
const canSetProbes = Socket.prototype.setKeepAlive.length >= 4;

/** Values of the options; setters throw `ComponentError<ErrorCode>`. Durations are nanoseconds. */
export class TcpOptions {
  keepAliveEnabled = false;
  receiveBufferSize: number;
  sendBufferSize: number;
  readonly #limits: WasiLimits;
  #idleTime = 7200n * second;
  #interval = canSetProbes ? 75n * second : second;
  #count = canSetProbes ? 9 : 10;
  #touched = false;

  constructor(limits: WasiLimits) {
    this.#limits = limits;
    this.receiveBufferSize = limits.bufferSize;
    this.sendBufferSize = limits.bufferSize;
  }

  /** The same values, independent from now on. */
  clone(): TcpOptions {
    const copy = new TcpOptions(this.#limits);
    copy.keepAliveEnabled = this.keepAliveEnabled;
    copy.receiveBufferSize = this.receiveBufferSize;
    copy.sendBufferSize = this.sendBufferSize;
    copy.#idleTime = this.#idleTime;
    copy.#interval = this.#interval;
    copy.#count = this.#count;
    return copy;
  }

  get keepAliveIdleTime(): bigint {
    return this.#idleTime;
  }

  set keepAliveIdleTime(value: bigint) {
    this.#idleTime = wholeSeconds(value);
  }

  get keepAliveInterval(): bigint {
    return this.#interval;
  }

  set keepAliveInterval(value: bigint) {
    const interval = wholeSeconds(value);
    requireSupport(canSetProbes || interval === this.#interval, 'the keep-alive interval');
    this.#interval = interval;
  }

  get keepAliveCount(): number {
    return this.#count;
  }

  set keepAliveCount(value: number) {
    requirePositive(value, 'the keep-alive count');
    const count = Math.min(value, maxKeepAlive.count);
    requireSupport(canSetProbes || count === this.#count, 'the keep-alive count');
    this.#count = count;
  }

  get hopLimit(): number {
    return defaultHopLimit;
  }

  set hopLimit(value: number) {
    requirePositive(value, 'the hop limit');
    requireSupport(value === defaultHopLimit, 'the hop limit of a TCP socket');
  }

  /** The buffer size in effect for a wish. */
  bufferSize(value: bigint): number {
    return clampBufferSize(value, this.#limits);
  }

  /** Puts keep-alive into effect on a connected socket. */
  applyKeepAlive(socket: Socket): void {
    if (!this.keepAliveEnabled && !this.#touched) return;
    this.#touched = true;
    socket.setKeepAlive(
      this.keepAliveEnabled,
      milliseconds(this.#idleTime),
      milliseconds(this.#interval),
      this.#count,
    );
  }
}

/** Kernels count keep-alive in seconds: rounded up, and within what they accept. */
function wholeSeconds(value: bigint): bigint {
  requirePositive(value, 'a keep-alive time');
  const rounded = ((value + second - 1n) / second) * second;
  return rounded > maxKeepAlive.time ? maxKeepAlive.time : rounded;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}

function requireSupport(supported: boolean, what: string): void {
  if (supported) return;
  throw networkError('not-supported', new Error(`Node ${process.version} has no public API to set ${what}`));
}
