/** Native clients and servers on loopback, those that behave and those that do not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Sends it all, ends, and gives what came back until the other side ended. */
export function exchange(port, data) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(data));
    const received = [];
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(received)));
  });
}

/** How many of so many clients, some at a time, got back what they sent. */
export async function echoes(port, count, atOnce, size) {
  let right = 0;
  let next = 0;
  const one = async () => {
    while (next < count) {
      const data = Buffer.alloc(size, `client ${next++} `);
      if (data.equals(await exchange(port, data))) right++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return right;
}

/** A connected socket, whose errors are nobody's. */
export async function client(port, options = {}) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, ...options });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

export async function server(onConnection) {
  const listener = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { listener, port: listener.address().port };
}

/** Resolves when the socket is closed, however. */
export function closed(socket) {
  return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));
}

export async function datagram(port, text) {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.send(text, port, '127.0.0.1', resolve));
  await new Promise((resolve) => socket.close(resolve));
}

/** Ends an echo server; its exit code. */
export async function quit({ guest, port }) {
  await datagram(port, 'quit');
  return await guest.ended;
}
