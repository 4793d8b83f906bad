/** `wasi:sockets/tcp`: TCP sockets as a state machine over Node's. */
import net from 'node:net';
import type {
  IpAddressFamily,
  IpSocketAddress,
  Network,
} from '../../generated/imports/wasi/sockets/network.ts';
import type { Host, ShutdownType } from '../../generated/imports/wasi/sockets/tcp.ts';
import { hostOf } from '../../host/addresses.ts';
import { bindPort, type BoundPort } from '../../host/bound-port.ts';
import { networkError, networkErrorOf } from '../../host/error-codes.ts';
import type { Instance, Open } from '../../host/instance.ts';
import { requirePositive } from '../../host/option-values.ts';
import { Readiness } from '../../host/readiness.ts';
import { TcpConnection } from '../../host/tcp-connection.ts';
import { TcpListener } from '../../host/tcp-listener.ts';
import { TcpOptions } from '../../host/tcp-options.ts';
import { Pollable } from '../io/poll.ts';
import { InputStream, OutputStream } from '../io/streams.ts';
import { requireLocal, requireRemote } from './address-rules.ts';
import { requireSocketRoom } from './socket-room.ts';

/** What kernels take when nothing is said. */
const defaultBacklog = 511;
const maxBacklog = 0xffff;

/** What the socket is, with what it holds in that state; `result` is there once an operation can be finished. */
type State =
  | { readonly name: 'unbound' }
  | { readonly name: 'binding'; result?: BoundPort | NodeJS.ErrnoException }
  | { readonly name: 'bound'; readonly bound: BoundPort }
  | {
      readonly name: 'connecting';
      readonly socket: net.Socket;
      result?: TcpConnection | NodeJS.ErrnoException;
    }
  | { readonly name: 'connected'; readonly connection: TcpConnection; readonly release: () => void }
  | { readonly name: 'starting-to-listen'; readonly listener: TcpListener; readonly local: IpSocketAddress }
  | { readonly name: 'listening'; readonly listener: TcpListener; readonly local: IpSocketAddress }
  | { readonly name: 'closed' };

/** WIT: `resource tcp-socket`. All functions throw `ComponentError<ErrorCode>`. */
export class TcpSocket implements Open {
  readonly #instance: Instance;
  readonly #family: IpAddressFamily;
  readonly #options: TcpOptions;
  readonly #readiness = new Readiness(() => this.#isReady());
  #state: State = { name: 'unbound' };
  /** What the guest asked to bind to: port 0 is what a grant sees. */
  #requested: IpSocketAddress | undefined;
  #backlog = defaultBacklog;
  /** Whether this counts as a socket of the instance; a connection counts for itself. */
  #counted = true;
  #disposed = false;

  /** `connection`: made by a peer, for an accepted socket. */
  constructor(instance: Instance, family: IpAddressFamily, options?: TcpOptions, connection?: TcpConnection) {
    this.#instance = instance;
    this.#family = family;
    this.#options = options ?? new TcpOptions(instance.limits);
    instance.sockets++;
    if (connection !== undefined) this.#adopt(connection);
  }

  startBind(_network: Network, localAddress: IpSocketAddress): void {
    if (this.#state.name === 'binding') throw networkError('concurrency-conflict');
    if (this.#state.name !== 'unbound') throw networkError('invalid-state');
    requireLocal(localAddress, this.#family);
    const { grants } = this.#instance;
    // A port bound for connecting is harmless; whether it may listen is asked when it does.
    if (!grants.connects && !grants.allowsListen(localAddress))
      throw grants.deny('listen', localAddress, 'tcp');
    this.#requested = localAddress;
    const state: State = { name: 'binding' };
    this.#state = state;
    this.#instance.open.add(this);
    bindPort(localAddress, (result) => {
      if (this.#state !== state) {
        if ('listen' in result) result[Symbol.dispose]();
        return;
      }
      state.result = result;
      this.#readiness.notify();
    });
  }

  finishBind(): void {
    if (this.#state.name !== 'binding') throw networkError('not-in-progress');
    const { result } = this.#state;
    if (result === undefined) throw networkError('would-block');
    if (!('listen' in result)) {
      this.#state = { name: 'unbound' };
      throw networkErrorOf(result);
    }
    this.#state = { name: 'bound', bound: result };
  }

  startConnect(_network: Network, remoteAddress: IpSocketAddress): void {
    const state = this.#state;
    if (state.name === 'connecting') throw networkError('concurrency-conflict');
    if (state.name === 'binding' || state.name === 'starting-to-listen')
      throw networkError('concurrency-conflict');
    if (state.name !== 'unbound' && state.name !== 'bound') throw networkError('invalid-state');
    requireRemote(remoteAddress, this.#family, 'tcp');
    const { grants } = this.#instance;
    if (!grants.allowsConnect(remoteAddress)) throw grants.deny('connect', remoteAddress, 'tcp');
    const remote = { host: hostOf(remoteAddress), port: remoteAddress.val.port };
    const socket =
      state.name === 'bound' ? state.bound.connect(remote) : net.connect({ ...remote, allowHalfOpen: true });
    this.#connect(socket, state.name === 'bound');
  }

  finishConnect(): [InputStream, OutputStream] {
    if (this.#state.name !== 'connecting') throw networkError('not-in-progress');
    const { result } = this.#state;
    if (result === undefined) throw networkError('would-block');
    if (!(result instanceof TcpConnection)) {
      this.#state = { name: 'closed' };
      throw networkErrorOf(result);
    }
    this.#adopt(result);
    return streamsOf(this.#instance, result);
  }

  startListen(): void {
    const state = this.#state;
    if (state.name === 'starting-to-listen' || state.name === 'binding' || state.name === 'connecting') {
      throw networkError('concurrency-conflict');
    }
    if (state.name !== 'bound') throw networkError('invalid-state');
    const { grants } = this.#instance;
    if (!grants.allowsListen(this.#requested!) && !grants.allowsListen(state.bound.address)) {
      throw grants.deny('listen', this.#requested!, 'tcp');
    }
    const listener = new TcpListener(
      state.bound,
      this.#backlog,
      Math.max(this.#backlog, this.#instance.limits.pendingConnections),
      () => this.#readiness.notify(),
    );
    this.#state = { name: 'starting-to-listen', listener, local: state.bound.address };
  }

  finishListen(): void {
    const state = this.#state;
    if (state.name !== 'starting-to-listen') throw networkError('not-in-progress');
    const failure = state.listener.takeFailure();
    if (failure !== undefined) {
      state.listener.close();
      this.#state = { name: 'closed' };
      throw networkErrorOf(failure);
    }
    if (!state.listener.listening) throw networkError('would-block');
    this.#state = { ...state, name: 'listening' };
  }

  accept(): [TcpSocket, InputStream, OutputStream] {
    if (this.#state.name !== 'listening') throw networkError('invalid-state');
    const { listener } = this.#state;
    const failure = listener.takeFailure();
    if (failure !== undefined) throw networkErrorOf(failure);
    if (listener.pending === 0) throw networkError('would-block');
    requireSocketRoom(this.#instance, 'tcp');
    const options = this.#options.clone();
    const connection = new TcpConnection(this.#instance, listener.accept()!, options, listener.local);
    const socket = new TcpSocket(this.#instance, this.#family, options, connection);
    return [socket, ...streamsOf(this.#instance, connection)];
  }

  localAddress(): IpSocketAddress {
    const state = this.#state;
    switch (state.name) {
      case 'bound':
        return state.bound.address;
      case 'starting-to-listen':
      case 'listening':
        return state.local;
      case 'connected':
        return state.connection.local;
      case 'connecting':
        if (state.result instanceof TcpConnection) return state.result.local;
        throw networkError('invalid-state');
      case 'unbound':
      case 'binding':
      case 'closed':
        throw networkError('invalid-state');
    }
  }

  remoteAddress(): IpSocketAddress {
    if (this.#state.name !== 'connected') throw networkError('invalid-state');
    return this.#state.connection.remote;
  }

  isListening(): boolean {
    return this.#state.name === 'listening';
  }

  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  setListenBacklogSize(value: bigint): void {
    requirePositive(value, 'the backlog');
    const { name } = this.#state;
    if (name === 'connecting' || name === 'connected') throw networkError('invalid-state');
    if (name === 'starting-to-listen' || name === 'listening') {
      throw networkError(
        'not-supported',
        new Error('Node fixes the backlog of a server when it begins to listen'),
      );
    }
    this.#backlog = value > maxBacklog ? maxBacklog : Number(value);
  }

  keepAliveEnabled(): boolean {
    return this.#options.keepAliveEnabled;
  }

  setKeepAliveEnabled(value: boolean): void {
    this.#options.keepAliveEnabled = value;
    this.#apply();
  }

  keepAliveIdleTime(): bigint {
    return this.#options.keepAliveIdleTime;
  }

  setKeepAliveIdleTime(value: bigint): void {
    this.#options.keepAliveIdleTime = value;
    this.#apply();
  }

  keepAliveInterval(): bigint {
    return this.#options.keepAliveInterval;
  }

  setKeepAliveInterval(value: bigint): void {
    this.#options.keepAliveInterval = value;
    this.#apply();
  }

  keepAliveCount(): number {
    return this.#options.keepAliveCount;
  }

  setKeepAliveCount(value: number): void {
    this.#options.keepAliveCount = value;
    this.#apply();
  }

  hopLimit(): number {
    return this.#options.hopLimit;
  }

  setHopLimit(value: number): void {
    this.#options.hopLimit = value;
  }

  receiveBufferSize(): bigint {
    return BigInt(this.#options.receiveBufferSize);
  }

  setReceiveBufferSize(value: bigint): void {
    this.#options.receiveBufferSize = this.#options.bufferSize(value);
    this.#apply();
  }

  sendBufferSize(): bigint {
    return BigInt(this.#options.sendBufferSize);
  }

  setSendBufferSize(value: bigint): void {
    this.#options.sendBufferSize = this.#options.bufferSize(value);
    this.#apply();
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#readiness);
  }

  shutdown(shutdownType: ShutdownType): void {
    if (this.#state.name !== 'connected') throw networkError('invalid-state');
    const { input, output } = this.#state.connection;
    if (shutdownType !== 'send') input.close();
    if (shutdownType !== 'receive') output.close();
  }

  /** Ends what the socket holds; what its streams hold ends by itself. */
  closeNow(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const state = this.#state;
    this.#state = { name: 'closed' };
    this.#instance.open.delete(this);
    this.#uncount();
    switch (state.name) {
      case 'binding':
        if (state.result !== undefined && 'listen' in state.result) state.result[Symbol.dispose]();
        break;
      case 'bound':
        state.bound[Symbol.dispose]();
        break;
      case 'connecting':
        state.socket.destroy();
        break;
      case 'connected':
        state.release();
        break;
      case 'starting-to-listen':
      case 'listening':
        state.listener.close();
        break;
      case 'unbound':
      case 'closed':
        break;
    }
    this.#readiness.notify();
  }

  #connect(socket: net.Socket, bound: boolean): void {
    const state: State = { name: 'connecting', socket };
    this.#state = state;
    this.#instance.open.add(this);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Without a bind, an address that cannot be had means that the system is out of ports.
      const noPorts = error.code === 'EADDRNOTAVAIL' && !bound;
      state.result ??= noPorts ? Object.assign(error, { code: 'EADDRINUSE' }) : error;
      this.#readiness.notify();
    });
    socket.once('connect', () => {
      socket.setNoDelay(true);
      this.#uncount();
      state.result = new TcpConnection(this.#instance, socket, this.#options);
      this.#readiness.notify();
    });
  }

  #adopt(connection: TcpConnection): void {
    this.#uncount();
    this.#state = { name: 'connected', connection, release: connection.hold() };
  }

  #uncount(): void {
    if (this.#counted) this.#instance.sockets--;
    this.#counted = false;
  }

  #apply(): void {
    if (this.#state.name === 'connected') this.#state.connection.apply(this.#options);
  }

  #isReady(): boolean {
    const state = this.#state;
    switch (state.name) {
      case 'binding':
      case 'connecting':
        return state.result !== undefined;
      case 'starting-to-listen':
        return state.listener.listening || state.listener.failed;
      case 'listening':
        return state.listener.pending > 0 || state.listener.failed;
      case 'unbound':
      case 'bound':
      case 'connected':
      case 'closed':
        return true;
    }
  }
}

export const tcp: Host = { TcpSocket };

function streamsOf(instance: Instance, connection: TcpConnection): [InputStream, OutputStream] {
  return [
    new InputStream(instance, connection.input, connection.hold()),
    new OutputStream(instance, connection.output, connection.hold()),
  ];
}
