/** One TCP connection: a Node socket with its bytes in both directions and what may hold on to it. */
import type { Socket } from 'node:net';
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
  readonly remote: IpSocketAddress;
  readonly #socket: Socket;
  readonly #instance: Instance;
  #holders = 0;

  /** `socket` is connected. The connection stays in `instance.open`, and counts as a socket, until it is closed. */
  constructor(instance: Instance, socket: Socket, options: TcpOptions) {
    this.#instance = instance;
    this.#socket = socket;
    this.local = parseSocketAddress(socket.localAddress ?? '0.0.0.0', socket.localPort ?? 0);
    this.remote = parseSocketAddress(socket.remoteAddress ?? '0.0.0.0', socket.remotePort ?? 0);
    this.input = new ReadableSource(socket, options.receiveBufferSize, true, instance.lendsBytes);
    this.output = new WritableSink(socket, options.sendBufferSize, true, true);
    this.apply(options);
    instance.open.add(this);
    instance.sockets++;
    this.input.start();
    if (socket.destroyed) this.#onClose();
    else socket.once('close', this.#onClose);
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
