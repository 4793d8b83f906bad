/** A listening TCP socket and the connections that wait to be accepted. */
import net from 'node:net';
import type { IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { addressOf, isUnspecified } from './addresses.ts';
import type { BoundPort } from './bound-port.ts';

/** Node accepts at once; here connections wait, unread, until the guest takes them. */
export class TcpListener {
  /** What every connection has as its local address, unless that depends on the connection. */
  readonly local: IpSocketAddress | undefined;
  readonly #maxPending: number;
  readonly #server: net.Server;
  readonly #onChange: () => void;
  readonly #pending: net.Socket[] = [];
  #failure: NodeJS.ErrnoException | undefined;

  /**
   * `onChange` is called when the listener listens or has failed, and for every connection; beyond `maxPending`
   * waiting connections further ones are reset.
   */
  constructor(bound: BoundPort, backlog: number, maxPending: number, onChange: () => void) {
    const { address } = bound;
    // A link-local address has a zone besides.
    const scoped = address.tag === 'ipv6' && address.val.address[0] >> 6 === 0x3fa;
    this.local = scoped || isUnspecified(addressOf(address)) ? undefined : address;
    this.#maxPending = maxPending;
    this.#onChange = onChange;
    this.#server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    this.#server.on('connection', this.#onConnection);
    this.#server.on('listening', onChange);
    this.#server.on('error', (error) => {
      this.#failure = error;
      onChange();
    });
    bound.listen(this.#server, backlog);
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  /** Connections that wait. */
  get pending(): number {
    return this.#pending.length;
  }

  /** The last failure to listen or accept; asking takes it. */
  takeFailure(): NodeJS.ErrnoException | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** The connection that waited longest. */
  accept(): net.Socket | undefined {
    const socket = this.#pending.shift();
    socket?.off('error', ignore);
    return socket;
  }

  close(): void {
    this.#server.close(ignore);
    for (const socket of this.#pending.splice(0)) socket.destroy();
  }

  readonly #onConnection = (socket: net.Socket): void => {
    // A connection that is already gone again has no address any more.
    if (socket.remoteAddress === undefined || this.#pending.length >= this.#maxPending) {
      socket.on('error', ignore);
      socket.resetAndDestroy();
      return;
    }
    socket.on('error', ignore);
    this.#pending.push(socket);
    this.#onChange();
  };
}

function ignore(): void {}
