/** UDP: more datagrams than anybody takes. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api, failureOf, loopback } from './api.mjs';
import { until } from './checks.mjs';
import { echoServer } from './guests.mjs';
import { echoes, quit } from './peers.mjs';

/** Sends so many numbered datagrams of 1000 bytes as fast as the system takes them. */
async function flood(socket, port, count) {
  for (let sent = 0; sent < count;) {
    const batch = [];
    for (let end = Math.min(sent + 100, count); sent < end; sent++) {
      const data = Buffer.alloc(1000);
      data.writeUInt32LE(sent);
      batch.push(new Promise((resolve) => socket.send(data, port, '127.0.0.1', resolve)));
    }
    await Promise.all(batch);
    // Node sends at once, and would not come to receive anything.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function bound() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** What comes back of a datagram that is sent until something does: each may get lost. */
async function answers(port) {
  const socket = await bound();
  const found = [];
  socket.on('message', (data) => found.push(String(data)));
  await until(async () => {
    socket.send('still there?', port, '127.0.0.1');
    await sleep(50);
    return found.length > 0;
  });
  socket.close();
  return found[0];
}

export const datagrams = {
  'udp-flood': {
    title: '200,000 datagrams of 8 senders to a guest',
    run: async (checks) => {
      const warm = await echoServer();
      await answers(warm.port);
      await echoes(warm.port, 10, 10, 1000);
      await quit(warm);
      await checks.begin();
      const server = await echoServer();
      const senders = await Promise.all(Array.from({ length: 8 }, bound));
      let back = 0;
      for (const sender of senders) sender.on('message', () => back++);
      const served = echoes(server.port, 500, 5, 2000);
      await Promise.all(senders.map((sender) => flood(sender, server.port, 25_000)));
      checks.resident(256);
      checks.that('some came back', back > 0);
      checks.equal('TCP clients were served meanwhile', await served, 500);
      for (const sender of senders) sender.close();
      checks.equal('the guest still answers', await answers(server.port), 'still there?');
      checks.equal('and ends with 0', await quit(server), 0);
      await checks.end({ guests: [server.guest.instance] });
    },
  },

  'udp-unread': {
    title: '100,000 datagrams to sockets that nobody receives from, and to nobody',
    run: async (checks) => {
      const warm = new Api();
      const used = await warm.udp();
      used.stream(undefined);
      const sender = await bound();
      await flood(sender, used.localAddress().val.port, 1000);
      warm.dispose();
      await checks.begin();
      const api = new Api();
      const socket = await api.udp();
      const { port } = socket.localAddress().val;
      await flood(sender, port, 100_000);
      await sleep(100);
      checks.resident(128);
      const [input, output] = socket.stream(undefined);
      const kept = [];
      for (let some; (some = input.receive(1000n)).length > 0;) {
        kept.push(...some.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(0, true)));
      }
      checks.that(`${kept.length} are kept, of at most 1024`, kept.length > 0 && kept.length <= 1024);
      checks.that(
        'in their order',
        kept.every((number, index) => index === 0 || number > kept[index - 1]),
      );
      await until(async () => {
        await flood(sender, port, 1);
        return input.receive(10n).length > 0;
      });
      // A port where nobody is.
      const gone = await api.udp();
      const remote = gone.localAddress().val.port;
      gone[Symbol.dispose]();
      const [, connected] = (await api.udp()).stream(loopback(remote));
      const found = new Set();
      for (let count = 0; count < 10_000; count++) {
        const [permits, data] = [connected, new Uint8Array(100)];
        found.add(
          await failureOf(async () => {
            if (permits.checkSend() === 0n) await sleep(1);
            else connected.send([{ data }]);
          }),
        );
        if (count % 100 === 0) await sleep(0);
      }
      checks.equal(
        'sending to nobody is refused, or lost',
        [...found].filter((each) => !['none', 'connection-refused', 'connection-reset'].includes(each)),
        [],
      );
      output.checkSend();
      checks.equal(
        'others can be sent to',
        output.send([{ data: new Uint8Array(1), remoteAddress: loopback(port) }]),
        1n,
      );
      checks.that('and receive', await until(() => input.receive(1n).length === 1));
      api.dispose();
      await checks.end({ guests: [api.instance] });
      sender.close();
    },
  },
};
