/** The echo server of examples/tcp-echo as one writes it for Node: the same arguments, output and end. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [address, port] = process.argv.slice(2);

const tcp = createServer((socket) => {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  socket.setNoDelay(true);
  socket.pipe(socket);
  socket.on('error', () => {});
  socket.on('close', () => process.stdout.write(`${socket.bytesRead} bytes from ${peer}\n`));
});
const udp = createSocket('udp4');

udp.on('message', (message, { address: host, port: from }) => {
  if (message.length === 4 && message.toString() === 'quit') {
    tcp.close();
    udp.close();
  } else {
    udp.send(message, from, host);
  }
});
tcp.listen(Number(port), address, () => {
  const local = tcp.address();
  udp.bind(local.port, local.address, () =>
    process.stdout.write(`listening on ${local.address}:${local.port}\n`),
  );
});
