/** A Preview 2 host in memory, with every knob that the tests turn. */
import type {
  Descriptor,
  DescriptorFlags,
  DescriptorType,
  InputStream,
  IoError,
  OutputStream,
  Pollable,
  Preview2,
} from '../src/preview2.ts';
import { ComponentError } from '@wittle/runtime';

/** Thrown by the double's `exit`. */
export class Exited extends Error {
  readonly status: unknown;
  constructor(status: unknown) {
    super('exited');
    this.status = status;
  }
}

/** A pollable that is ready when its source says so; whoever waits is woken by `wake`. */
class DoublePollable implements Pollable {
  disposed = false;
  readonly #source: Source;
  constructor(source: Source) {
    this.#source = source;
    source.host.pollables.add(this);
  }
  ready(): boolean {
    return this.#source.ready();
  }
  block(): void | Promise<void> {
    if (!this.ready()) return this.#source.host.waitUntil(() => this.ready());
  }
  [Symbol.dispose](): void {
    this.#source.host.pollables.delete(this);
  }
}

interface Source {
  readonly host: Double;
  ready(): boolean;
}

export class DoubleInput implements InputStream, Source {
  readonly host: Double;
  chunks: Uint8Array[] = [];
  ended = false;
  failing = false;
  disposed = false;
  reads: bigint[] = [];
  constructor(host: Double) {
    this.host = host;
  }
  push(text: string): void {
    this.chunks.push(new TextEncoder().encode(text));
    this.host.wake();
  }
  end(): void {
    this.ended = true;
    this.host.wake();
  }
  ready(): boolean {
    return this.chunks.length > 0 || this.ended || this.failing;
  }
  read(length: bigint): Uint8Array {
    this.reads.push(length);
    if (this.failing) {
      this.failing = false;
      this.ended = true;
      throw this.host.operationFailed();
    }
    const chunk = this.chunks[0];
    if (chunk === undefined) {
      if (this.ended) throw new ComponentError({ tag: 'closed' });
      return new Uint8Array();
    }
    if (length === 0n) return new Uint8Array();
    const taken = chunk.slice(0, Number(length));
    if (taken.length === chunk.length) this.chunks.shift();
    else this.chunks[0] = chunk.slice(taken.length);
    return taken;
  }
  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    if (this.ready()) return this.read(length);
    return this.host.waitUntil(() => this.ready()).then(() => this.read(length));
  }
  subscribe(): Pollable {
    return new DoublePollable(this);
  }
  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

export class DoubleOutput implements OutputStream, Source {
  readonly host: Double;
  writes: Uint8Array[] = [];
  permit = 1n << 40n;
  closed = false;
  failing = false;
  slow = false;
  flushes = 0;
  disposed = false;
  #permitted = 0n;
  constructor(host: Double) {
    this.host = host;
  }
  get text(): string {
    return new TextDecoder().decode(Buffer.concat(this.writes));
  }
  ready(): boolean {
    return this.permit > 0n || this.closed || this.failing;
  }
  #check(): void {
    if (this.failing) {
      this.failing = false;
      this.closed = true;
      throw this.host.operationFailed();
    }
    // Hosts may throw the bare payload too.
    if (this.closed) throw { tag: 'closed' } as const;
  }
  checkWrite(): bigint {
    this.#check();
    this.#permitted = this.permit;
    return this.permit;
  }
  write(contents: Uint8Array): void {
    if (BigInt(contents.length) > this.#permitted) throw new Error('written without a permit');
    this.#check();
    this.writes.push(contents);
    this.permit -= BigInt(contents.length);
    this.#permitted = 0n;
  }
  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    if (contents.length > 4096) throw new Error('more than 4096 bytes');
    this.#check();
    if (!this.slow) {
      this.writes.push(contents);
      return;
    }
    return this.host
      .waitUntil(() => !this.slow)
      .then(() => {
        this.#check();
        this.writes.push(contents);
      });
  }
  flush(): void {
    this.#check();
    this.flushes++;
  }
  blockingFlush(): void | Promise<void> {
    this.flush();
    if (this.slow) return this.host.waitUntil(() => !this.slow).then(() => this.#check());
  }
  subscribe(): Pollable {
    return new DoublePollable(this);
  }
  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

/** The host's state; `preview2` is what an adapter is given. */
export class Double {
  readonly stdin: DoubleInput = new DoubleInput(this);
  readonly stdout: DoubleOutput = new DoubleOutput(this);
  readonly stderr: DoubleOutput = new DoubleOutput(this);
  args: string[] = [];
  environment: [string, string][] = [];
  terminals: Set<string> = new Set();
  /** Of the monotonic clock. */
  time = 1_000n;
  wallTime: { seconds: bigint; nanoseconds: number } = { seconds: 1_700_000_000n, nanoseconds: 5 };
  resolution = 1n;
  directories: string[] = [];
  droppedDirectories: string[] = [];
  droppedErrors = 0;
  /** Those not dropped yet. */
  readonly pollables: Set<Pollable> = new Set();
  #waiting: { condition: () => boolean; resolve: () => void }[] = [];

  /** Moves the clock on and wakes who waits. */
  pass(duration: bigint): void {
    this.time += duration;
    this.wake();
  }
  wake(): void {
    const woken = this.#waiting.filter(({ condition }) => condition());
    this.#waiting = this.#waiting.filter((one) => !woken.includes(one));
    for (const { resolve } of woken) resolve();
  }
  waitUntil(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }
  operationFailed(): ComponentError<{ tag: 'last-operation-failed'; val: IoError }> {
    const drop = () => this.droppedErrors++;
    return new ComponentError({
      tag: 'last-operation-failed',
      val: { toDebugString: () => 'broken', [Symbol.dispose]: drop },
    });
  }
  #timer(when: bigint): Pollable {
    return new DoublePollable({ host: this, ready: () => this.time >= when });
  }
  #terminal(name: string): Disposable | undefined {
    return this.terminals.has(name) ? { [Symbol.dispose]: () => undefined } : undefined;
  }

  readonly preview2: Preview2 = {
    'wasi:cli/environment': {
      getArguments: () => this.args,
      getEnvironment: () => this.environment,
    },
    'wasi:cli/exit': {
      exit: (status) => {
        throw new Exited(status);
      },
    },
    'wasi:cli/stdin': { getStdin: () => this.stdin },
    'wasi:cli/stdout': { getStdout: () => this.stdout },
    'wasi:cli/stderr': { getStderr: () => this.stderr },
    'wasi:cli/terminal-stdin': { getTerminalStdin: () => this.#terminal('stdin') },
    'wasi:cli/terminal-stdout': { getTerminalStdout: () => this.#terminal('stdout') },
    'wasi:cli/terminal-stderr': { getTerminalStderr: () => this.#terminal('stderr') },
    'wasi:clocks/monotonic-clock': {
      now: () => this.time,
      resolution: () => this.resolution,
      subscribeInstant: (when) => this.#timer(when),
      subscribeDuration: (duration) => this.#timer(this.time + duration),
    },
    'wasi:clocks/wall-clock': {
      now: () => this.wallTime,
      resolution: () => ({ seconds: 0n, nanoseconds: Number(this.resolution) }),
    },
    'wasi:random/random': {
      getRandomBytes: (length) => new Uint8Array(Number(length)).fill(0xa5),
    },
    'wasi:io/poll': {
      poll: (pollables) => {
        const ready = () =>
          Uint32Array.from([...pollables.keys()].filter((index) => pollables[index]!.ready()));
        if (ready().length > 0) return ready();
        return this.waitUntil(() => ready().length > 0).then(ready);
      },
    },
    'wasi:io/streams': {},
    'wasi:filesystem/preopens': {
      getDirectories: () =>
        this.directories.map((path) => [new DirectoryDouble(() => this.droppedDirectories.push(path)), path]),
    },
  };
}

/** A directory that has no operation: what the functions make of files is tested over real ones, beside the host. */
class DirectoryDouble implements Descriptor {
  readonly #drop: () => void;

  constructor(drop: () => void) {
    this.#drop = drop;
  }
  getFlags(): DescriptorFlags {
    return { read: true };
  }
  getType(): DescriptorType {
    return 'directory';
  }
  readonly appendViaStream = unsupported;
  readonly advise = unsupported;
  readonly syncData = unsupported;
  readonly setSize = unsupported;
  readonly setTimes = unsupported;
  readonly read = unsupported;
  readonly write = unsupported;
  readonly readDirectory = unsupported;
  readonly sync = unsupported;
  readonly createDirectoryAt = unsupported;
  readonly stat = unsupported;
  readonly statAt = unsupported;
  readonly setTimesAt = unsupported;
  readonly linkAt = unsupported;
  readonly openAt = unsupported;
  readonly readlinkAt = unsupported;
  readonly removeDirectoryAt = unsupported;
  readonly renameAt = unsupported;
  readonly symlinkAt = unsupported;
  readonly unlinkFileAt = unsupported;
  readonly metadataHash = unsupported;
  readonly metadataHashAt = unsupported;
  [Symbol.dispose](): void {
    this.#drop();
  }
}

function unsupported(): never {
  throw new ComponentError('unsupported');
}
