/** What a UDP socket of the guest and its streams share: the endpoint, whom it may talk to, and how long it lives. */
import type { IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { addressOf, copyOf, equalSocketAddresses, formatAddress } from './addresses.ts';
import { networkError } from './error-codes.ts';
import type { Instance, Open } from './instance.ts';
import { Readiness } from './readiness.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/** Peers remembered as allowed, per socket. */
const maxPeers = 4096;

/** A bound UDP socket as the grants see it. */
export class UdpPort implements Open {
  /** Undefined before it is bound and after it is closed. */
  endpoint: UdpEndpoint | undefined;
  /** The streams in use. */
  association: UdpAssociation | undefined;
  /** A grant lets others reach this socket: it may hear everybody and answer whoever it heard. */
  reachable = false;
  readonly #instance: Instance;
  readonly #peers = new Set<string>();
  /** Whom it heard last, and whom it was last allowed to talk to: mostly the next one as well. */
  #heard: IpSocketAddress | undefined;
  #allowed: IpSocketAddress | undefined;
  #holders = 0;
  #closed = false;

  /** Counts as a socket of the instance until it is closed. */
  constructor(instance: Instance) {
    this.#instance = instance;
    instance.sockets++;
  }

  /** Makes the streams for a peer, or for everybody; older ones are of no use from now on. Throws Node's error. */
  associate(endpoint: UdpEndpoint, remote: IpSocketAddress | undefined): UdpAssociation {
    endpoint.connect(remote);
    const previous = this.association;
    this.association = new UdpAssociation(this, remote);
    previous?.notify();
    return this.association;
  }

  /** Whether a datagram from there may reach the guest. */
  accepts(sender: IpSocketAddress): boolean {
    if (sender === this.#heard) return true;
    const key = keyOf(sender);
    if (!this.#peers.has(key)) {
      if (!this.reachable && !this.#instance.grants.allowsConnect(sender)) return false;
      if (this.#peers.size >= maxPeers) this.#peers.delete(this.#peers.values().next().value!);
      this.#peers.add(key);
    }
    this.#heard = sender;
    return true;
  }

  /** Throws `access-denied` unless a grant names the address or the guest would answer. */
  requireSendable(address: IpSocketAddress): void {
    if (this.#allowed !== undefined && equalSocketAddresses(address, this.#allowed)) return;
    const { grants } = this.#instance;
    const answers = this.reachable && this.#peers.has(keyOf(address));
    if (!answers && !grants.allowsConnect(address)) throw grants.deny('connect', address, 'udp');
    this.#allowed = copyOf(address);
  }

  /** One more resource of the guest that uses the port; the result is to be called when it is dropped. */
  hold(): () => void {
    this.#holders++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holders === 0) this.#close();
    };
  }

  /** The endpoint is bound; it is closed at once when nobody waits for it any more. */
  open(endpoint: UdpEndpoint): void {
    if (this.#closed) {
      endpoint.close();
      return;
    }
    this.endpoint = endpoint;
    this.#instance.open.add(this);
  }

  closeNow(): void {
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#instance.sockets--;
    this.#instance.open.delete(this);
    this.endpoint?.close();
    this.endpoint = undefined;
    this.association?.notify();
  }
}

/** One pair of datagram streams. */
export class UdpAssociation {
  readonly remote: IpSocketAddress | undefined;
  readonly incoming: Readiness = new Readiness(() => {
    const endpoint = this.#endpoint;
    return endpoint === undefined || endpoint.received > 0 || endpoint.failed;
  });
  readonly outgoing: Readiness = new Readiness(() => {
    const endpoint = this.#endpoint;
    return endpoint === undefined || endpoint.permits > 0 || endpoint.failed;
  });
  readonly port: UdpPort;

  constructor(port: UdpPort, remote: IpSocketAddress | undefined) {
    this.port = port;
    this.remote = remote;
  }

  /** The endpoint; throws `invalid-state` once newer streams have taken over. */
  get endpoint(): UdpEndpoint {
    const endpoint = this.#endpoint;
    if (endpoint !== undefined) return endpoint;
    throw networkError(
      'invalid-state',
      new Error('these streams have been replaced, or their socket was closed'),
    );
  }

  notify(): void {
    this.incoming.notify();
    this.outgoing.notify();
  }

  get #endpoint(): UdpEndpoint | undefined {
    return this.port.association === this ? this.port.endpoint : undefined;
  }
}

function keyOf(address: IpSocketAddress): string {
  return `${formatAddress(addressOf(address))} ${address.val.port}`;
}
