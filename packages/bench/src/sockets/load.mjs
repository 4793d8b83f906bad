/**
 * The load, in its own process, the same for every server: `node load.mjs <port> <seconds>`. Loopback only; each
 * measurement ends after `seconds`, or at a number of connections that leaves the system's ports alone. Every byte that comes
 * back is compared. Prints one line of JSON, then tells the server to quit.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';

const host = '127.0.0.1';
const [port, seconds] = process.argv.slice(2).map(Number);
const mostConnections = 3000;

const results = {
  'TCP echo, 1 connection': { unit: 'MB/s', value: await echo(1) },
  'TCP echo, 16 connections': { unit: 'MB/s', value: await echo(16) },
  'TCP round trips of 64 bytes': { unit: '/s', value: await tcpRoundTrips() },
  'TCP connections, 8 at a time': { unit: '/s', value: await connections(8) },
  'UDP round trips, 1 in flight': { unit: '/s', value: await datagrams(1) },
  'UDP round trips, 16 in flight': { unit: '/s', value: await datagrams(16) },
};
console.log(JSON.stringify(results));
quit();

/** A stopwatch for one measurement. */
function startClock() {
  const start = performance.now();
  return {
    running: () => performance.now() - start < seconds * 1000,
    per: (amount) => amount / ((performance.now() - start) / 1000),
  };
}

async function open() {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Megabytes a second that came back over so many connections, each with 256 KiB on their way at most. */
async function echo(count) {
  const sockets = await Promise.all(Array.from({ length: count }, open));
  const clock = startClock();
  const bytes = await Promise.all(sockets.map((socket) => echoOver(socket, clock)));
  return clock.per(bytes.reduce((sum, each) => sum + each, 0) / 1e6);
}

function echoOver(socket, clock) {
  const piece = Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 31 + (i >> 8)) & 255));
  const twice = Buffer.concat([piece, piece]);
  const { promise, resolve, reject } = Promise.withResolvers();
  let sent = 0;
  let received = 0;
  const fill = () => {
    while (clock.running() && sent - received < 4 * piece.length) {
      socket.write(piece);
      sent += piece.length;
    }
    if (received === sent) socket.end();
  };
  socket.on('data', (data) => {
    for (let at = 0; at < data.length; at += piece.length) {
      const part = data.subarray(at, at + piece.length);
      const from = (received + at) % piece.length;
      if (!part.equals(twice.subarray(from, from + part.length))) {
        reject(new Error('other bytes came back'));
        socket.destroy();
        return;
      }
    }
    received += data.length;
    fill();
  });
  socket.on('error', reject);
  socket.on('close', () => resolve(received));
  fill();
  return promise;
}

async function tcpRoundTrips() {
  const socket = await open();
  const message = Buffer.alloc(64, 'm');
  const clock = startClock();
  let count = 0;
  while (clock.running()) {
    socket.write(message);
    for (let got = 0; got < message.length;) got += (await once(socket, 'data'))[0].length;
    count++;
  }
  const rate = clock.per(count);
  socket.end();
  await once(socket, 'close');
  return rate;
}

/** Connections a second: connect, one byte there and back, orderly close from both sides. */
async function connections(atATime) {
  const clock = startClock();
  let count = 0;
  const one = async () => {
    while (clock.running() && count < mostConnections) {
      count++;
      const socket = await open();
      socket.end('x');
      socket.resume();
      await once(socket, 'close');
      if (socket.bytesRead !== 1) throw new Error(`${socket.bytesRead} bytes came back instead of 1`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  return clock.per(count);
}

/** Round trips of 64 bytes a second. A datagram that is lost is sent again after 200 ms. */
async function datagrams(inFlight) {
  const socket = createSocket('udp4');
  socket.connect(port, host);
  await once(socket, 'connect');
  const sentAt = new Map();
  const { promise, resolve, reject } = Promise.withResolvers();
  const clock = startClock();
  let next = 0;
  let count = 0;
  const send = () => {
    const message = Buffer.alloc(64);
    message.writeUInt32LE(next);
    sentAt.set(next++, performance.now());
    socket.send(message);
  };
  const lost = setInterval(() => {
    for (const [number, time] of sentAt) {
      if (performance.now() - time < 200) continue;
      sentAt.delete(number);
      if (clock.running()) send();
    }
    if (!clock.running() && sentAt.size === 0) resolve();
  }, 50);
  socket.on('message', (message) => {
    if (!sentAt.delete(message.readUInt32LE())) return;
    count++;
    if (clock.running()) send();
    else resolve();
  });
  socket.on('error', reject);
  for (let i = 0; i < inFlight; i++) send();
  await promise;
  const rate = clock.per(count);
  clearInterval(lost);
  socket.close();
  return rate;
}

function quit() {
  const socket = createSocket('udp4');
  socket.send('quit', port, host, () => socket.close());
}
