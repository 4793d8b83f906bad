/** `wasi:sockets/udp`: UDP sockets and their streams of datagrams. */
import type {
  IpAddressFamily,
  IpSocketAddress,
  Network,
} from '../../generated/imports/wasi/sockets/network.ts';
import type { Host, IncomingDatagram, OutgoingDatagram } from '../../generated/imports/wasi/sockets/udp.ts';
import { equalSocketAddresses } from '../../host/addresses.ts';
import { networkError, networkErrorOf } from '../../host/error-codes.ts';
import type { Instance } from '../../host/instance.ts';
import { clampBufferSize, defaultHopLimit, requirePositive } from '../../host/option-values.ts';
import { Readiness } from '../../host/readiness.ts';
import { WasiTrap } from '../../host/trap.ts';
import { bindUdp, UdpEndpoint } from '../../host/udp-endpoint.ts';
import { type UdpAssociation, UdpPort } from '../../host/udp-port.ts';
import { Pollable } from '../io/poll.ts';
import { requireLocal, requireRemote } from './address-rules.ts';

/** What fits into one IP packet. */
const maxDatagram: Readonly<Record<IpAddressFamily, number>> = { ipv4: 65_507, ipv6: 65_527 };
/** The most one `receive` hands out, however many are asked for. */
const maxReceive = 1024;

/** WIT: `resource udp-socket`. All functions throw `ComponentError<ErrorCode>`. */
export class UdpSocket {
  readonly #instance: Instance;
  readonly #family: IpAddressFamily;
  readonly #port: UdpPort;
  readonly #release: () => void;
  readonly #readiness = new Readiness(() => !this.#binding || this.#result !== undefined);
  #binding = false;
  /** How a bind in progress has ended. */
  #result: 'bound' | NodeJS.ErrnoException | undefined;
  #hopLimit = defaultHopLimit;
  #receiveBufferSize: number;
  #sendBufferSize: number;
  /** Whether the guest chose the size: otherwise the system's is left alone. */
  readonly #chosen = { receive: false, send: false };

  constructor(instance: Instance, family: IpAddressFamily) {
    this.#instance = instance;
    this.#family = family;
    this.#port = new UdpPort(instance);
    this.#release = this.#port.hold();
    this.#receiveBufferSize = instance.limits.bufferSize;
    this.#sendBufferSize = instance.limits.bufferSize;
  }

  startBind(_network: Network, localAddress: IpSocketAddress): void {
    if (this.#binding) throw networkError('concurrency-conflict');
    if (this.#port.endpoint !== undefined) throw networkError('invalid-state');
    requireLocal(localAddress, this.#family);
    const { grants } = this.#instance;
    // A port of the system's choice is what every client has; grants then say whom it may talk to.
    const reachable = grants.allowsListen(localAddress);
    if (!reachable && (localAddress.val.port !== 0 || !grants.connects)) {
      throw grants.deny('listen', localAddress, 'udp');
    }
    this.#port.reachable = reachable;
    this.#binding = true;
    const settings = {
      hopLimit: this.#hopLimit,
      receiveBufferSize: this.#chosen.receive ? this.#receiveBufferSize : undefined,
      sendBufferSize: this.#chosen.send ? this.#sendBufferSize : undefined,
      maxDatagrams: this.#instance.limits.pendingDatagrams,
      maxBytes: () => this.#receiveBufferSize,
      accepts: (sender: IpSocketAddress) => this.#port.accepts(sender),
      onArrival: () => this.#port.association?.incoming.notify(),
      onDeparture: () => this.#port.association?.outgoing.notify(),
    };
    bindUdp(localAddress, settings, (result) => {
      if (result instanceof UdpEndpoint) this.#port.open(result);
      this.#result = result instanceof UdpEndpoint ? 'bound' : result;
      this.#readiness.notify();
    });
  }

  finishBind(): void {
    if (!this.#binding) throw networkError('not-in-progress');
    const result = this.#result;
    if (result === undefined) throw networkError('would-block');
    this.#binding = false;
    this.#result = undefined;
    if (result !== 'bound') throw networkErrorOf(result);
  }

  stream(remoteAddress: IpSocketAddress | undefined): [IncomingDatagramStream, OutgoingDatagramStream] {
    const endpoint = this.#bound();
    if (remoteAddress !== undefined) {
      requireRemote(remoteAddress, this.#family, 'udp');
      this.#port.requireSendable(remoteAddress);
    }
    let association: UdpAssociation;
    try {
      association = this.#port.associate(endpoint, remoteAddress);
    } catch (error) {
      throw networkErrorOf(error as NodeJS.ErrnoException);
    }
    return [
      new IncomingDatagramStream(this.#instance, association),
      new OutgoingDatagramStream(this.#instance, association, this.#family),
    ];
  }

  localAddress(): IpSocketAddress {
    return this.#bound().address();
  }

  remoteAddress(): IpSocketAddress {
    const remote = this.#port.association?.remote;
    if (remote === undefined) throw networkError('invalid-state');
    return remote;
  }

  addressFamily(): IpAddressFamily {
    return this.#family;
  }

  unicastHopLimit(): number {
    return this.#hopLimit;
  }

  setUnicastHopLimit(value: number): void {
    requirePositive(value, 'the hop limit');
    this.#hopLimit = value;
    this.#port.endpoint?.setHopLimit(value);
  }

  receiveBufferSize(): bigint {
    return BigInt(this.#receiveBufferSize);
  }

  setReceiveBufferSize(value: bigint): void {
    this.#receiveBufferSize = clampBufferSize(value, this.#instance.limits);
    this.#chosen.receive = true;
    this.#port.endpoint?.setReceiveBufferSize(this.#receiveBufferSize);
  }

  sendBufferSize(): bigint {
    return BigInt(this.#sendBufferSize);
  }

  setSendBufferSize(value: bigint): void {
    this.#sendBufferSize = clampBufferSize(value, this.#instance.limits);
    this.#chosen.send = true;
    this.#port.endpoint?.setSendBufferSize(this.#sendBufferSize);
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#readiness);
  }

  [Symbol.dispose](): void {
    this.#release();
    this.#binding = false;
    this.#readiness.notify();
  }

  #bound(): UdpEndpoint {
    if (this.#binding || this.#port.endpoint === undefined) throw networkError('invalid-state');
    return this.#port.endpoint;
  }
}

/** WIT: `resource incoming-datagram-stream`. All functions throw `ComponentError<ErrorCode>`. */
export class IncomingDatagramStream {
  readonly #instance: Instance;
  readonly #association: UdpAssociation;
  readonly #release: () => void;

  constructor(instance: Instance, association: UdpAssociation) {
    this.#instance = instance;
    this.#association = association;
    this.#release = association.port.hold();
  }

  receive(maxResults: bigint): IncomingDatagram[] {
    const { endpoint } = this.#association;
    if (maxResults === 0n) return [];
    if (endpoint.received === 0) {
      const failure = endpoint.takeFailure();
      if (failure !== undefined) throw networkErrorOf(failure);
      return [];
    }
    return endpoint.receive(maxResults < maxReceive ? Number(maxResults) : maxReceive);
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#association.incoming);
  }

  [Symbol.dispose](): void {
    this.#release();
  }
}

/** WIT: `resource outgoing-datagram-stream`. All functions throw `ComponentError<ErrorCode>`. */
export class OutgoingDatagramStream {
  readonly #instance: Instance;
  readonly #association: UdpAssociation;
  readonly #family: IpAddressFamily;
  readonly #release: () => void;
  #permits = 0;

  constructor(instance: Instance, association: UdpAssociation, family: IpAddressFamily) {
    this.#instance = instance;
    this.#association = association;
    this.#family = family;
    this.#release = association.port.hold();
  }

  checkSend(): bigint {
    const { endpoint } = this.#association;
    this.#permits = endpoint.permits;
    return BigInt(this.#permits);
  }

  send(datagrams: readonly OutgoingDatagram[]): bigint {
    if (datagrams.length > this.#permits) {
      throw new WasiTrap(
        `wasi:sockets/udp.outgoing-datagram-stream.send: ${datagrams.length} datagrams, but check-send permitted ${this.#permits}`,
      );
    }
    const { endpoint } = this.#association;
    if (datagrams.length === 0) return 0n;
    // Each permission is for one call.
    this.#permits = 0;
    const failure = endpoint.takeFailure();
    if (failure !== undefined) throw networkErrorOf(failure);
    let sent = 0n;
    for (const { data, remoteAddress } of datagrams) {
      try {
        this.#check(data, remoteAddress);
      } catch (error) {
        if (sent === 0n) throw error;
        return sent;
      }
      endpoint.send(data, remoteAddress);
      sent++;
    }
    return sent;
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#association.outgoing);
  }

  [Symbol.dispose](): void {
    this.#release();
  }

  #check(data: Uint8Array, to: IpSocketAddress | undefined): void {
    const { remote, port } = this.#association;
    if (to === undefined) {
      if (remote === undefined)
        throw networkError('invalid-argument', new Error('a datagram has no address'));
    } else if (remote === undefined) {
      requireRemote(to, this.#family, 'udp');
      port.requireSendable(to);
    } else if (!equalSocketAddresses(to, remote)) {
      throw networkError('invalid-argument', new Error('a datagram has another address than its stream'));
    }
    if (data.length > maxDatagram[this.#family]) throw networkError('datagram-too-large');
  }
}

export const udp: Host = { UdpSocket, IncomingDatagramStream, OutgoingDatagramStream };
