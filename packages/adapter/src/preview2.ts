/** The Preview 2 interfaces that the adapter stands on, as much of them as it calls, in Wittle's JavaScript shapes. */

/**
 * What the adapter is given, by interface id without version. A member may throw `ComponentError` or its payload.
 * Without the terminal interfaces nothing is a terminal; without the filesystem there are no preopened directories.
 */
export interface Preview2 {
  readonly 'wasi:cli/environment': Environment;
  readonly 'wasi:cli/exit': Exit;
  readonly 'wasi:cli/stdin': Stdin;
  readonly 'wasi:cli/stdout': Stdout;
  readonly 'wasi:cli/stderr': Stderr;
  readonly 'wasi:cli/terminal-stdin'?: TerminalStdin;
  readonly 'wasi:cli/terminal-stdout'?: TerminalStdout;
  readonly 'wasi:cli/terminal-stderr'?: TerminalStderr;
  readonly 'wasi:clocks/monotonic-clock': MonotonicClock;
  readonly 'wasi:clocks/wall-clock': WallClock;
  readonly 'wasi:random/random': Random;
  readonly 'wasi:io/poll': Poll;
  /** Its resources come from other interfaces; the adapter calls nothing of the interface itself. */
  readonly 'wasi:io/streams'?: object;
  readonly 'wasi:filesystem/preopens'?: Preopens;
  readonly 'wasi:filesystem/types'?: FilesystemTypes;
}

/** A resource: the adapter drops it when it is done with it. */
export interface Droppable {
  [Symbol.dispose]?(): void;
}

/** `wasi:cli/environment` */
export interface Environment {
  getEnvironment(): readonly (readonly [name: string, value: string])[];
  getArguments(): readonly string[];
}

/** `wasi:cli/exit`. Neither function returns: the host throws something that unwinds the guest. */
export interface Exit {
  exit(status: { tag: 'ok' } | { tag: 'err' }): void;
  /** In hosts that have it: since 0.2.12. */
  exitWithCode?(statusCode: number): void;
}

/** `wasi:cli/stdin` */
export interface Stdin {
  getStdin(): InputStream;
}
/** `wasi:cli/stdout` */
export interface Stdout {
  getStdout(): OutputStream;
}
/** `wasi:cli/stderr` */
export interface Stderr {
  getStderr(): OutputStream;
}

/** `wasi:cli/terminal-input` */
export type TerminalInput = Droppable;
/** `wasi:cli/terminal-output` */
export type TerminalOutput = Droppable;
/** `wasi:cli/terminal-stdin` */
export interface TerminalStdin {
  getTerminalStdin(): TerminalInput | undefined;
}
/** `wasi:cli/terminal-stdout` */
export interface TerminalStdout {
  getTerminalStdout(): TerminalOutput | undefined;
}
/** `wasi:cli/terminal-stderr` */
export interface TerminalStderr {
  getTerminalStderr(): TerminalOutput | undefined;
}

/** `wasi:clocks/monotonic-clock`: nanoseconds. */
export interface MonotonicClock {
  now(): bigint;
  resolution(): bigint;
  subscribeInstant(when: bigint): Pollable;
  subscribeDuration(when: bigint): Pollable;
}

/** `wasi:clocks/wall-clock.datetime` */
export interface Datetime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}
/** `wasi:clocks/wall-clock` */
export interface WallClock {
  now(): Datetime;
  resolution(): Datetime;
}

/** `wasi:random/random` */
export interface Random {
  getRandomBytes(len: bigint): Uint8Array;
}

/** `wasi:io/error.error` */
export interface IoError extends Droppable {
  toDebugString(): string;
}

/** `wasi:io/poll.pollable` */
export interface Pollable extends Droppable {
  ready(): boolean;
  /** A promise only when it is not ready. */
  block(): void | Promise<void>;
}
/** `wasi:io/poll` */
export interface Poll {
  /** The indices of those that are ready; a promise only when none is. */
  poll(pollables: readonly Pollable[]): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** `wasi:io/streams.stream-error` */
export type StreamError = { tag: 'last-operation-failed'; val: IoError } | { tag: 'closed' };

/** `wasi:io/streams.input-stream`. Each method throws a `StreamError`. */
export interface InputStream extends Droppable {
  read(len: bigint): Uint8Array;
  /** A promise only when there is nothing to read yet. */
  blockingRead(len: bigint): Uint8Array | Promise<Uint8Array>;
  subscribe(): Pollable;
}

/** `wasi:io/streams.output-stream`. Each method but `subscribe` throws a `StreamError`. */
export interface OutputStream extends Droppable {
  checkWrite(): bigint;
  write(contents: Uint8Array): void;
  /** At most 4,096 bytes. A promise only when it has to wait. */
  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void>;
  flush(): void;
  /** A promise only when it has to wait. */
  blockingFlush(): void | Promise<void>;
  subscribe(): Pollable;
}

/** `wasi:filesystem/types.descriptor-type` */
export type DescriptorType =
  | 'unknown'
  | 'block-device'
  | 'character-device'
  | 'directory'
  | 'fifo'
  | 'symbolic-link'
  | 'regular-file'
  | 'socket';

/** `wasi:filesystem/types.descriptor-flags` */
export interface DescriptorFlags {
  readonly read?: boolean | undefined;
  readonly write?: boolean | undefined;
  readonly fileIntegritySync?: boolean | undefined;
  readonly dataIntegritySync?: boolean | undefined;
  readonly requestedWriteSync?: boolean | undefined;
  readonly mutateDirectory?: boolean | undefined;
}

/** `wasi:filesystem/types.open-flags` */
export interface OpenFlags {
  readonly create?: boolean | undefined;
  readonly directory?: boolean | undefined;
  readonly exclusive?: boolean | undefined;
  readonly truncate?: boolean | undefined;
}

/** `wasi:filesystem/types.path-flags` */
export interface PathFlags {
  readonly symlinkFollow?: boolean | undefined;
}

/** `wasi:filesystem/types.new-timestamp` */
export type NewTimestamp = { tag: 'no-change' } | { tag: 'now' } | { tag: 'timestamp'; val: Datetime };

/** `wasi:filesystem/types.advice` */
export type Advice = 'normal' | 'sequential' | 'random' | 'will-need' | 'dont-need' | 'no-reuse';

/** `wasi:filesystem/types.descriptor-stat` */
export interface DescriptorStat {
  readonly type: DescriptorType;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly dataAccessTimestamp?: Datetime | undefined;
  readonly dataModificationTimestamp?: Datetime | undefined;
  readonly statusChangeTimestamp?: Datetime | undefined;
}

/** `wasi:filesystem/types.metadata-hash-value` */
export interface MetadataHashValue {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** `wasi:filesystem/types.directory-entry-stream` */
export interface DirectoryEntryStream extends Droppable {
  readDirectoryEntry(): { readonly type: DescriptorType; readonly name: string } | undefined;
}

/** `wasi:filesystem/types.descriptor`. Each method throws an `error-code`. */
export interface Descriptor extends Droppable {
  appendViaStream(): OutputStream;
  advise(offset: bigint, length: bigint, advice: Advice): void;
  syncData(): void;
  getFlags(): DescriptorFlags;
  getType(): DescriptorType;
  setSize(size: bigint): void;
  setTimes(accessed: NewTimestamp, modified: NewTimestamp): void;
  /** The bytes, and whether they reach the end of the file. */
  read(length: bigint, offset: bigint): readonly [bytes: Uint8Array, end: boolean];
  write(buffer: Uint8Array, offset: bigint): bigint;
  /**
   * Beside the interface: reads up to `length` bytes from `position` on right into the guest's memory, at `start` of
   * `target`, and gives how many came: none at the end of the file. A host that has both of these spares each read and
   * write a copy.
   */
  readInto?(target: Uint8Array, start: number, length: number, position: number): number;
  /** Beside the interface: writes `length` bytes at `start` right out of the guest's memory; gives how many went. */
  writeFrom?(source: Uint8Array, start: number, length: number, position: number): number;
  /** Beside the interface: writes `length` bytes at `start` to the end of the file; gives how many went. */
  appendFrom?(source: Uint8Array, start: number, length: number): number;
  /** Beside the interface: where the last `appendFrom` has ended. A host has both or none. */
  appended?(): number;
  readDirectory(): DirectoryEntryStream;
  sync(): void;
  createDirectoryAt(path: string): void;
  stat(): DescriptorStat;
  statAt(pathFlags: PathFlags, path: string): DescriptorStat;
  setTimesAt(pathFlags: PathFlags, path: string, accessed: NewTimestamp, modified: NewTimestamp): void;
  linkAt(oldPathFlags: PathFlags, oldPath: string, newDescriptor: Descriptor, newPath: string): void;
  openAt(pathFlags: PathFlags, path: string, openFlags: OpenFlags, flags: DescriptorFlags): Descriptor;
  readlinkAt(path: string): string;
  removeDirectoryAt(path: string): void;
  renameAt(oldPath: string, newDescriptor: Descriptor, newPath: string): void;
  symlinkAt(oldPath: string, newPath: string): void;
  unlinkFileAt(path: string): void;
  metadataHash(): MetadataHashValue;
  metadataHashAt(pathFlags: PathFlags, path: string): MetadataHashValue;
  /** Beside the interface: `stat` and `metadata-hash` at once. A host that has these two looks once instead of twice. */
  statAndHash?(): readonly [DescriptorStat, MetadataHashValue];
  /** Beside the interface: `stat-at` and `metadata-hash-at` at once. */
  statAndHashAt?(pathFlags: PathFlags, path: string): readonly [DescriptorStat, MetadataHashValue];
}
/** `wasi:filesystem/types`. Its descriptors come from the preopened directories. */
export interface FilesystemTypes {
  /** The `error-code` behind a stream's error, if there is one. */
  filesystemErrorCode?(err: IoError): string | undefined;
}
/** `wasi:filesystem/preopens` */
export interface Preopens {
  getDirectories(): readonly (readonly [descriptor: Descriptor, path: string])[];
}
