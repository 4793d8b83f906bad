/** TCP through guests: many connections, and peers that do not keep to the rules. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { until } from './checks.mjs';
import { echoServer } from './guests.mjs';
import { client, closed, echoes, exchange, quit } from './peers.mjs';
import { Api } from './api.mjs';

/** Uses everything once, so that what is made only once is there. */
async function warmUp() {
  const server = await echoServer();
  await echoes(server.port, 50, 10, 1000);
  await quit(server);
}

export const connections = {
  sequential: {
    title: '10,000 connections to a guest, one after another',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const { guest, port } = await echoServer(10_000);
      checks.equal('every one got back what it sent', await echoes(port, 10_000, 1, 100), 10_000);
      checks.equal('the guest ends with 0', await guest.ended, 0);
      checks.equal('it has counted them', guest.lines.at(-1), 'served 10000 clients');
      const counts = guest.lines.filter((line) => line.startsWith('100 bytes from 127.0.0.1:'));
      checks.equal('and told of each', counts.length, 10_000);
      guest.lines.length = 0;
      await checks.end({ guests: [guest.instance] });
    },
  },

  concurrent: {
    title: '200 connections to a guest at a time, 4,000 in all; it serves 128 at a time',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const { guest, port } = await echoServer(4000);
      checks.equal('every one got back what it sent', await echoes(port, 4000, 200, 20_000), 4000);
      checks.equal('the guest ends with 0', await guest.ended, 0);
      await checks.end({ guests: [guest.instance] });
    },
  },

  api: {
    title: '10,000 connections one after another and 200 at a time, with both ends on the JavaScript API',
    run: async (checks) => {
      const warm = new Api();
      await warm.pairs(50, 10);
      warm.dispose();
      await checks.begin();
      const api = new Api();
      checks.equal('one after another', await api.pairs(10_000, 1), 10_000);
      await until(() => api.open === 1);
      checks.equal('the instance holds nothing but its listener', [api.open, api.instance.sockets], [1, 1]);
      checks.equal('200 at a time', await api.pairs(1000, 200), 1000);
      api.dispose();
      await checks.end({ guests: [api.instance] });
    },
  },

  'half-open': {
    title: 'peers that close one direction only, or never',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const server = await echoServer();
      // Those who say nothing and stay.
      const silent = [];
      for (let count = 0; count < 60; count++) silent.push(await client(server.port));
      // Those who have said everything and listen on.
      checks.equal('who ends its direction gets the answer', await echoes(server.port, 500, 50, 5000), 500);

      const api = new Api();
      const peers = [];
      for (let count = 0; count < 60; count++) {
        const peer = await client(api.port);
        const { input, output, socket } = await api.accept();
        await api.write(output, Buffer.from('goodbye'));
        for (const part of [input, output, socket]) part[Symbol.dispose]();
        peers.push(peer);
      }
      const said = await Promise.all(peers.map(async (peer) => String((await once(peer, 'data'))[0])));
      checks.equal('what was written before the end arrives', new Set(said), new Set(['goodbye']));
      await until(() => api.open === 1);
      checks.equal('peers that never close hold nothing of a guest that has', api.open, 1);
      api.dispose();
      for (const peer of peers) peer.destroy();

      const ends = silent.map((peer) => once(peer.resume(), 'end'));
      checks.equal('the guest ends with silent peers', await quit(server), 0);
      await Promise.all(ends);
      checks.equal('and they are told', silent.filter((peer) => peer.readableEnded).length, 60);
      for (const peer of silent) peer.destroy();
      await checks.end({ guests: [server.guest.instance, api.instance] });
    },
  },

  reset: {
    title: '3,000 peers that break off with a reset, among 1,000 that do not',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const server = await echoServer();
      const data = Buffer.alloc(100_000, 'soon over ');
      const ways = [
        async () => {
          const peer = await client(server.port);
          peer.resetAndDestroy();
          await closed(peer);
        },
        async () => {
          const peer = await client(server.port);
          peer.write(data);
          peer.resetAndDestroy();
          await closed(peer);
        },
        async () => {
          const peer = await client(server.port);
          peer.write(data);
          await once(peer, 'data');
          peer.resetAndDestroy();
          await closed(peer);
        },
      ];
      let right = 0;
      for (let round = 0; round < 50; round++) {
        const good = Array.from({ length: 20 }, async (_, index) => {
          const sent = Buffer.alloc(10_000, `round ${round} client ${index} `);
          if (sent.equals(await exchange(server.port, sent))) right++;
        });
        const bad = Array.from({ length: 60 }, (_, index) => ways[index % ways.length]());
        await Promise.all([...good, ...bad]);
      }
      checks.equal('all others got back what they sent', right, 1000);
      checks.equal('the guest ends with 0', await quit(server), 0);
      await checks.end({ guests: [server.guest.instance] });
    },
  },

  'slow-readers': {
    title: '30 peers that send on and on and do not read',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const server = await echoServer();
      const peers = [];
      for (let index = 0; index < 30; index++) {
        const socket = await client(server.port);
        const peer = { socket, sent: 0, digest: createHash('sha1') };
        peers.push(peer);
        const send = () => {
          if (peer.done) return;
          const chunk = Buffer.alloc(65_536, `peer ${index} at ${peer.sent} `);
          peer.sent += chunk.length;
          peer.digest.update(chunk);
          socket.write(chunk, send);
        };
        send();
      }
      // Until nobody gets on any more.
      for (let last = -1, idle = 0; idle < 20;) {
        const sent = peers.reduce((sum, peer) => sum + peer.sent, 0);
        idle = sent === last ? idle + 1 : 0;
        last = sent;
        await sleep(25);
      }
      const most = Math.max(...peers.map(({ sent }) => sent));
      checks.that(`all are held back, after at most ${most} bytes`, most < 64 * 1024 * 1024);
      checks.resident(200);
      checks.equal('others are served meanwhile', await echoes(server.port, 200, 20, 10_000), 200);
      const same = await Promise.all(
        peers.map(async (peer) => {
          const { socket, digest } = peer;
          const received = createHash('sha1');
          let count = 0;
          peer.done = true;
          socket.end();
          for await (const chunk of socket) {
            received.update(chunk);
            count += chunk.length;
          }
          return count === peer.sent && received.digest('hex') === digest.digest('hex');
        }),
      );
      checks.equal('nothing of what was sent is lost', same.filter(Boolean).length, 30);
      checks.equal('the guest ends with 0', await quit(server), 0);
      await checks.end({ guests: [server.guest.instance] });
    },
  },

  'killed-peers': {
    title: 'peer processes that are killed in the middle of 50 transfers each',
    run: async (checks) => {
      await warmUp();
      await checks.begin();
      const server = await echoServer();
      const script = fileURLToPath(new URL('greedy-peer.mjs', import.meta.url));
      for (let count = 0; count < 3; count++) {
        const peer = spawn(process.execPath, [script, String(server.port), '50'], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await once(peer.stdout, 'data');
        checks.that('50 connections are under way', await until(() => server.guest.instance.sockets >= 52));
        peer.kill('SIGKILL');
        await once(peer, 'close');
        checks.equal('others are served', await echoes(server.port, 50, 10, 10_000), 50);
      }
      await until(() => server.guest.instance.open.size <= 3);
      checks.that('the guest is rid of them', server.guest.instance.open.size <= 3);
      checks.equal('the guest ends with 0', await quit(server), 0);
      await checks.end({ guests: [server.guest.instance] });
    },
  },
};
