/** A process that sends and receives over so many connections until it is killed: `greedy-peer.mjs <port> <count>`. */
import { argv } from 'node:process';
import { client } from './peers.mjs';

const data = Buffer.alloc(65_536, 'more and ');
for (let count = Number(argv[3]); count > 0; count--) {
  const socket = await client(Number(argv[2]));
  const send = () => socket.write(data, send);
  send();
  socket.resume();
}
console.log('under way');
