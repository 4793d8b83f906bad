/** One TCP connection: a Node socket with its bytes in both directions and what may hold on to it. */
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { IpSocketAddress } from '../generated/imports/wasi/sockets/network.ts';
import { parseSocketAddress } from './addresses.ts';
import type { Instance, Open } from './instance.ts';
import { ReadableSource } from './readable-source.ts';
import type { TcpOptions } from './tcp-options.ts';
import { WritableSink } from './writable-sink.ts';

/** Milliseconds without a byte leaving after which a connection that its guest has dropped is given up. */
const patience = 120_000;

/** Lives from the moment the socket connects until it is closed and nobody holds it. */
export class TcpConnection implements Open {
  readonly input: ReadableSource;
  readonly output: WritableSink;
  /** Kept, for Node forgets the addresses of a closed socket. */
  readonly local: IpSocketAddress;
  readonly #remoteHost: string;
  readonly #remotePort: number;
  readonly #socket: Socket;
  readonly #instance: Instance;
  #holders = 0;

  /**
   * `socket` is connected, from `local` if that is known already. The connection stays in `instance.open`, and counts as
   * a socket, until it is closed.
   */
  constructor(instance: Instance, socket: Socket, options: TcpOptions, local?: IpSocketAddress) {
    this.#instance = instance;
    this.#socket = socket;
    this.local = local ?? parseSocketAddress(socket.localAddress ?? '0.0.0.0', socket.localPort ?? 0);
    this.#remoteHost = socket.remoteAddress ?? '0.0.0.0';
    this.#remotePort = socket.remotePort ?? 0;
    this.input = new ReadableSource(socket, options.receiveBufferSize, true, instance.lendsBytes);
    this.output = new SocketSink(socket, options.sendBufferSize, true, true);
    this.apply(options);
    instance.open.add(this);
    instance.sockets++;
    this.input.start();
    if (socket.destroyed) this.#onClose();
    else socket.once('close', this.#onClose);
  }

  get remote(): IpSocketAddress {
    return parseSocketAddress(this.#remoteHost, this.#remotePort);
  }

  /** Puts the options of the guest's socket into effect. */
  apply(options: TcpOptions): void {
    this.input.limit = options.receiveBufferSize;
    this.output.limit = options.sendBufferSize;
    options.applyKeepAlive(this.#socket);
  }

  /** One more resource of the guest that uses the connection; the result is to be called when it is dropped. */
  hold(): () => void {
    this.#holders++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holders > 0) return;
      // Nothing is on its way in either direction: to close says to the peer what an end of its own would say.
      if (this.#socket.readableEnded && this.#socket.writableLength === 0) {
        this.#socket.destroy();
        return;
      }
      // What was written still leaves, as with close(2). But no peer can keep a socket by never reading.
      if (this.#socket.writableLength > 0) this.#socket.setTimeout(patience, () => this.#socket.destroy());
      this.#socket.destroySoon();
    };
  }

  closeNow(): void {
    if (this.#socket.writableLength === 0) {
      this.#socket.destroy();
      return;
    }
    const timer = setTimeout(() => this.#socket.destroy(), this.#instance.limits.linger);
    this.#socket.once('close', () => clearTimeout(timer));
    this.#socket.destroySoon();
  }

  readonly #onClose = (): void => {
    if (this.#instance.open.delete(this)) this.#instance.sockets--;
  };
}

/** Sends no end by itself if the guest closes the whole connection in the same turn of the event loop. */
class SocketSink extends WritableSink {
  protected override end(socket: Writable): void {
    // Node sends it at the next turn in any case.
    process.nextTick(endIfOpen, socket);
  }
}

function endIfOpen(socket: Writable): void {
  if (!socket.destroyed && !socket.writableEnded) socket.end();
}
