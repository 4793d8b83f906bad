/** One bound UDP socket of Node: queues what arrives, counts what leaves, keeps its port when its peer changes. */
import dgram from 'node:dgram';
import type { IpAddressFamily, IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import type { IncomingDatagram } from '../generated/imports/wasi/sockets/udp.ts';
import { copyOf, equalSocketAddresses, hostOf, parseSocketAddress } from './addresses.ts';

/** How a UDP endpoint is bounded, and whom it tells. */
export interface UdpSettings {
  readonly hopLimit: number;
  /** Undefined: the system's default. */
  readonly receiveBufferSize: number | undefined;
  readonly sendBufferSize: number | undefined;
  /** Datagrams and bytes that may wait; the last datagram may pass the limit of bytes. */
  readonly maxDatagrams: number;
  readonly maxBytes: () => number;
  /** Whether a datagram from there is for the guest. */
  readonly accepts: (sender: IpSocketAddress) => boolean;
  /** Something arrived, or failed. */
  readonly onArrival: () => void;
  /** Something left, or failed. */
  readonly onDeparture: () => void;
}

/** An address as WASI has it, and as Node does. */
interface NodeAddress {
  readonly address: IpSocketAddress;
  readonly host: string;
  readonly port: number;
}

/** Called once, with the endpoint or with why there is none. */
export type OnEndpoint = (endpoint: UdpEndpoint | NodeJS.ErrnoException) => void;

/** Datagrams that may wait in Node to leave. */
const maxQueued = 64;

/** Binds a UDP socket. */
export function bindUdp(address: IpSocketAddress, settings: UdpSettings, onEndpoint: OnEndpoint): void {
  bindSocket(address, address.val.port, settings, (endpoint) => {
    if (!(endpoint instanceof UdpEndpoint) || address.val.port !== 0) {
      onEndpoint(endpoint);
      return;
    }
    // Linux forgets a port that it chose itself when a socket is disconnected from its peer, so it is asked for again.
    const { port } = endpoint.address().val;
    endpoint.close();
    bindSocket(address, port, settings, onEndpoint);
  });
}

/** A bound socket with its queue. */
export class UdpEndpoint {
  readonly #socket: dgram.Socket;
  readonly #settings: UdpSettings;
  #queue: IncomingDatagram[] = [];
  #bytes = 0;
  #failure: NodeJS.ErrnoException | undefined;
  #address: IpSocketAddress;
  #peer: NodeAddress | undefined;
  /** Of the last datagram in each direction, for the next one has mostly the same. */
  #sender: NodeAddress | undefined;
  #receiver: NodeAddress | undefined;

  constructor(socket: dgram.Socket, settings: UdpSettings) {
    this.#socket = socket;
    this.#settings = settings;
    const { address, port } = socket.address();
    this.#address = parseSocketAddress(address, port);
    socket.on('message', this.#onMessage);
    socket.on('error', this.#onError);
    this.setHopLimit(settings.hopLimit);
    if (settings.receiveBufferSize !== undefined) this.setReceiveBufferSize(settings.receiveBufferSize);
    if (settings.sendBufferSize !== undefined) this.setSendBufferSize(settings.sendBufferSize);
  }

  /** Where it is bound; a connected socket on an unspecified address has the address of its route. */
  address(): IpSocketAddress {
    return this.#address;
  }

  /** Datagrams that wait. */
  get received(): number {
    return this.#queue.length;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** The last failure to send or receive; asking takes it. */
  takeFailure(): NodeJS.ErrnoException | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** At most `max` datagrams in the order they came. */
  receive(max: number): IncomingDatagram[] {
    const datagrams = this.#queue.splice(0, max);
    for (const { data } of datagrams) this.#bytes -= data.length;
    return datagrams;
  }

  /** Datagrams that may be sent now. */
  get permits(): number {
    const waiting = this.#socket.getSendQueueCount();
    return waiting >= maxQueued ? 0 : maxQueued - waiting;
  }

  /** Sends or queues one datagram, to the peer when there is no address. */
  send(data: Uint8Array, to: IpSocketAddress | undefined): void {
    if (to === undefined || this.#peer !== undefined) this.#socket.send(data, this.#onSent);
    else {
      const { host, port } = this.#receiverOf(to);
      this.#socket.send(data, port, host, this.#onSent);
    }
  }

  /** Takes datagrams from this peer only, those already queued included; undefined: from everybody. Throws Node's error. */
  connect(remote: IpSocketAddress | undefined): void {
    if (this.#peer !== undefined) this.#socket.disconnect();
    this.#peer = undefined;
    this.#failure = undefined;
    if (remote !== undefined) {
      const peer = { address: remote, host: hostOf(remote), port: remote.val.port };
      connectNow(this.#socket, peer.port, peer.host);
      this.#peer = peer;
      this.#queue = this.#queue.filter(({ remoteAddress }) => equalSocketAddresses(remoteAddress, remote));
      this.#bytes = this.#queue.reduce((sum, { data }) => sum + data.length, 0);
    }
    const { address, port } = this.#socket.address();
    this.#address = parseSocketAddress(address, port);
  }

  setHopLimit(value: number): void {
    this.#socket.setTTL(value);
  }

  setReceiveBufferSize(value: number): void {
    clamped(() => this.#socket.setRecvBufferSize(value));
  }

  setSendBufferSize(value: number): void {
    clamped(() => this.#socket.setSendBufferSize(value));
  }

  close(): void {
    this.#socket.close();
    this.#socket.off('message', this.#onMessage);
  }

  readonly #onMessage = (data: Buffer, { address: host, port }: dgram.RemoteInfo): void => {
    const peer = this.#peer;
    if (peer !== undefined && (peer.host !== host || peer.port !== port)) return;
    if (this.#queue.length >= this.#settings.maxDatagrams || this.#bytes >= this.#settings.maxBytes()) return;
    const remoteAddress = this.#senderAt(host, port);
    if (!this.#settings.accepts(remoteAddress)) return;
    this.#queue.push({
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      remoteAddress,
    });
    this.#bytes += data.length;
    this.#settings.onArrival();
  };

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#failure = error;
    this.#settings.onArrival();
    this.#settings.onDeparture();
  };

  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.#onError(error);
    else this.#settings.onDeparture();
  };

  #senderAt(host: string, port: number): IpSocketAddress {
    const last = this.#sender;
    if (last !== undefined && last.host === host && last.port === port) return last.address;
    const address = parseSocketAddress(host, port);
    this.#sender = { address, host, port };
    return address;
  }

  #receiverOf(address: IpSocketAddress): NodeAddress {
    const last = this.#receiver;
    if (last !== undefined && equalSocketAddresses(last.address, address)) return last;
    this.#receiver = { address: copyOf(address), host: hostOf(address), port: address.val.port };
    return this.#receiver;
  }
}

function bindSocket(address: IpSocketAddress, port: number, settings: UdpSettings, done: OnEndpoint): void {
  const family = address.tag === 'ipv4' ? 4 : 6;
  const socket = dgram.createSocket({
    type: typeOf(address.tag),
    ipv6Only: address.tag === 'ipv6',
    // Addresses are numeric: answering at once keeps bind, connect and send synchronous.
    lookup: (host, _options, callback) => callback(null, host, family),
  });
  const onError = (error: NodeJS.ErrnoException): void => {
    socket.close();
    done(error);
  };
  socket.once('error', onError);
  socket.bind({ port, address: hostOf(address), exclusive: true }, () => {
    socket.off('error', onError);
    done(new UdpEndpoint(socket, settings));
  });
}

function typeOf(family: IpAddressFamily): dgram.SocketType {
  return family === 'ipv4' ? 'udp4' : 'udp6';
}

/** Connects at once; Node before 24.19 tells why it could not only later, as an error of the socket. */
function connectNow(socket: dgram.Socket, port: number, host: string): void {
  if ('connectSync' in socket) {
    socket.connectSync(port, host);
    return;
  }
  const older = socket as dgram.Socket;
  older.connect(port, host);
  older.remoteAddress();
}

/** Some systems refuse sizes where others take what they can. */
function clamped(setSize: () => void): void {
  try {
    setSize();
  } catch {
    // The size stays as it was, which the WIT allows.
  }
}
