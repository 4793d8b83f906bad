/** The JavaScript API as a guest would use it: a WASI instance with a listener. */
import { ComponentError } from '../../packages/runtime/dist/index.js';
import { createWasi } from '../../packages/wasi/dist/index.js';
import { instanceOf } from '../../packages/wasi/dist/wasi.js';

export function loopback(port) {
  return { tag: 'ipv4', val: { port, address: [127, 0, 0, 1] } };
}

/** Calls until it would no longer block. */
export async function finish(socket, operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (!(error instanceof ComponentError) || error.payload !== 'would-block') throw error;
    }
    const pollable = socket.subscribe();
    await pollable.block();
    pollable[Symbol.dispose]();
  }
}

/** The error value that is thrown, at once or later; `none` when there is none. */
export async function failureOf(run) {
  try {
    await run();
  } catch (error) {
    if (error instanceof ComponentError) return error.payload;
    throw error;
  }
  return 'none';
}

export class Api {
  constructor(options = {}) {
    this.wasi = createWasi({ stdout: 'ignore', stderr: 'ignore', network: 'all', ...options });
    this.instance = instanceOf(this.wasi);
    this.network = this.wasi.imports['wasi:sockets/instance-network'].instanceNetwork();
    this.listener = this.tcp();
    this.listener.startBind(this.network, loopback(0));
    this.listener.finishBind();
    this.listener.setListenBacklogSize(1000n);
    this.listener.startListen();
    this.ready = finish(this.listener, () => this.listener.finishListen());
  }

  get port() {
    return this.listener.localAddress().val.port;
  }

  /** How much is open. */
  get open() {
    return this.instance.open.size;
  }

  tcp() {
    return this.wasi.imports['wasi:sockets/tcp-create-socket'].createTcpSocket('ipv4');
  }

  async bind(socket, port = 0) {
    socket.startBind(this.network, loopback(port));
    await finish(socket, () => socket.finishBind());
  }

  async udp(port = 0) {
    const socket = this.wasi.imports['wasi:sockets/udp-create-socket'].createUdpSocket('ipv4');
    try {
      await this.bind(socket, port);
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
    return socket;
  }

  async connect(port = this.port) {
    await this.ready;
    const socket = this.tcp();
    try {
      socket.startConnect(this.network, loopback(port));
      const [input, output] = await finish(socket, () => socket.finishConnect());
      return { socket, input, output };
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
  }

  async accept() {
    await this.ready;
    const [socket, input, output] = await finish(this.listener, () => this.listener.accept());
    return { socket, input, output };
  }

  async write(output, bytes) {
    for (let offset = 0; offset < bytes.length;) {
      const permit = Number(output.checkWrite());
      if (permit > 0) output.write(bytes.slice(offset, (offset += Math.min(permit, bytes.length - offset))));
      else {
        const pollable = output.subscribe();
        await pollable.block();
        pollable[Symbol.dispose]();
      }
    }
    await output.blockingFlush();
  }

  /** All bytes until the stream is closed. */
  async read(input) {
    const chunks = [];
    for (;;) {
      try {
        chunks.push(await input.blockingRead(65_536n));
      } catch (error) {
        if (error instanceof ComponentError && error.payload.tag === 'closed') return Buffer.concat(chunks);
        throw error;
      }
    }
  }

  /** Connects to itself so many times, some at once; how many times bytes got through in both directions. */
  async pairs(count, atOnce) {
    let right = 0;
    let next = 0;
    const serve = async () => {
      const { socket, input, output } = await this.accept();
      await this.write(output, await this.read(input));
      for (const part of [input, output, socket]) part[Symbol.dispose]();
    };
    const one = async () => {
      while (next < count) {
        const sent = Buffer.from(`pair ${next++}`);
        const served = serve();
        const { socket, input, output } = await this.connect();
        await this.write(output, sent);
        socket.shutdown('send');
        if (sent.equals(await this.read(input))) right++;
        for (const part of [input, output, socket]) part[Symbol.dispose]();
        await served;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return right;
  }

  dispose() {
    this.wasi.dispose();
  }
}
