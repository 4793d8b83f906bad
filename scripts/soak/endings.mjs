/** How guests end: by themselves, with everything left open, by a trap, or from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { until } from './checks.mjs';
import { MemoryDirectory } from '../../packages/wasi/dist/index.js';
import { programs, soakProgram, wittle, WorkerGuest } from './guests.mjs';
import { client, closed, echoes } from './peers.mjs';

/** What a guest of `soak serve` ends with. */
const ends = { return: 0, exit: 3, trap: 'RuntimeError' };

/** Reads to the end, perhaps only after a while. */
async function readAll(socket, after = 0) {
  await sleep(after);
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => socket.end());
  if (socket.readableEnded) socket.end();
  await closed(socket);
  return Buffer.concat(chunks);
}

const alphabet = (length) => {
  const block = Buffer.from(Uint8Array.from({ length: 4096 }, (_, index) => 97 + (index % 26)));
  return Buffer.alloc(length, block);
};

function nameOf(end) {
  return end instanceof Error ? end.constructor.name : end;
}

/** Whether nothing of it stays open. */
function gone({ instance }) {
  return until(() => instance.open.size === 0 && instance.files === 0);
}

async function refused(port) {
  const socket = connect(port, '127.0.0.1');
  return await new Promise((resolve) => {
    socket.once('error', ({ code }) => resolve(code));
    socket.once('connect', () => resolve('connected'));
  });
}

export const endings = {
  leaks: {
    title: '60 guests that leave 20 sockets of each kind, files and directories open',
    run: async (checks) => {
      const folder = mkdtempSync(join(tmpdir(), 'wittle-soak-'));
      const round = async (end) => {
        const guest = await soakProgram(['serve', 10, 20, end], { preopens: { '/': folder } });
        const socket = await client(await guest.port());
        const held = [guest.instance.open.size, guest.instance.sockets, guest.instance.files];
        await readAll(socket.end());
        return { guest, held, end: nameOf(await guest.ended) };
      };
      await round('trap');
      await checks.begin();
      const found = [];
      const left = [];
      let least = Infinity;
      for (let count = 0; count < 20; count++) {
        for (const how of Object.keys(ends)) {
          const { guest, held, end } = await round(how);
          if (!(await gone(guest))) left.push(how);
          found.push(end === ends[how]);
          least = Math.min(least, ...held);
        }
      }
      checks.equal('they end as they want to', found.filter(Boolean).length, 60);
      checks.that(`and each left at least ${least} of everything open`, least >= 20);
      checks.equal('of which nothing stays', left, []);
      rmSync(folder, { recursive: true });
      await checks.end();
    },
  },

  'command-line': {
    title: '`wittle run` with guests that leave everything open, and many pending connections',
    run: async (checks) => {
      const codes = { return: 0, exit: 3, trap: 1 };
      for (const [how, code] of Object.entries(codes)) {
        const folder = mkdtempSync(join(tmpdir(), 'wittle-soak-'));
        const args = ['--allow-net', 'all', '--dir', `${folder}::/`, '--', 'serve', '100000', '50', how];
        const child = spawn(process.execPath, [wittle, 'run', programs.soak, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        let errors = '';
        child.stdout.on('data', (chunk) => (output += String(chunk)));
        child.stderr.on('data', (chunk) => (errors += String(chunk)));
        await until(() => /listening on \d+\n/.test(output));
        const port = Number(/\d+/.exec(output)[0]);
        const sockets = await Promise.all(Array.from({ length: 20 }, () => client(port)));
        const over = once(child, 'close');
        const received = await Promise.all(sockets.map((socket) => readAll(socket)));
        checks.equal(
          `${how}: one client gets all of it`,
          received.filter(({ length }) => length === 100_000).length,
          1,
        );
        checks.equal('the others nothing', received.filter(({ length }) => length === 0).length, 19);
        const [ended] = await over;
        checks.equal('the process ends by itself', [ended, how === 'trap' || errors === ''], [code, true]);
        checks.equal('a trap is told of', /trapped: unreachable/.test(errors), how === 'trap');
        checks.equal('the port is free', await refused(port), 'ECONNREFUSED');
        rmSync(folder, { recursive: true });
      }
    },
  },

  disposed: {
    title: '100 guests that wait, and are ended from outside',
    run: async (checks) => {
      const round = async () => {
        const guest = await soakProgram(['serve', 1000, 0, 'wait']);
        const socket = await client(await guest.port());
        await once(socket, 'data');
        guest.dispose();
        const end = nameOf(await guest.ended);
        await readAll(socket.end());
        return [end, await gone(guest)];
      };
      await round();
      await checks.begin();
      const rounds = [];
      for (let count = 0; count < 100; count++) rounds.push(await round());
      checks.equal(
        'each is told by a trap, and nothing of it stays',
        new Set(rounds.map(String)),
        new Set(['WasiTrap,true']),
      );
      await checks.end();
    },
  },

  acknowledged: {
    title:
      '90 guests that end right after send has taken 1 MB, without waiting for the client, which reads later',
    run: async (checks) => {
      const round = async (how, after) => {
        const guest = await soakProgram(['serve', 1_000_000, 0, how]);
        const socket = await client(await guest.port());
        const received = await readAll(socket, after);
        const end = nameOf(await guest.ended);
        return [end === ends[how], received.equals(alphabet(1_000_000)), await gone(guest)];
      };
      await round('trap', 0);
      await checks.begin();
      const rounds = [];
      for (let count = 0; count < 10; count++) {
        const all = Object.keys(ends).flatMap((how) => [0, 10, 500].map((after) => round(how, after)));
        rounds.push(...(await Promise.all(all)));
      }
      const whole = rounds.filter(([, all]) => all);
      checks.equal('every client has got all of it', whole.length, 90);
      checks.equal(
        'all ended as they wanted to, and nothing stays',
        rounds.filter(([end, , all]) => end && all).length,
        90,
      );
      await checks.end();
    },
  },

  spinning: {
    title:
      'guests that never end by themselves: their process is told to, killed, or their worker is terminated',
    run: async (checks) => {
      const inProcess = async (signal) => {
        const args = [wittle, 'run', programs.soak, '--allow-net', 'all', '--', 'serve', '1000', '0', 'spin'];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        while (!output.includes('\n')) output += String((await once(child.stdout, 'data'))[0]);
        const port = Number(/\d+/.exec(output)[0]);
        const socket = await client(port);
        const all = readAll(socket);
        while (!output.includes('sent 1000\n')) output += String((await once(child.stdout, 'data'))[0]);
        const over = once(child, 'close');
        await sleep(50);
        child.kill(signal);
        const [, by] = await over;
        const { length } = await all;
        socket.destroy();
        return [by, length, await refused(port)];
      };
      const inWorker = async () => {
        const worker = new Worker(new URL('spinning-worker.mjs', import.meta.url));
        const [port] = await once(worker, 'message');
        const socket = await client(port);
        const all = readAll(socket);
        await once(socket, 'data');
        await sleep(50);
        await worker.terminate();
        await all;
        socket.destroy();
        return await refused(port);
      };
      await inWorker();
      await inProcess('SIGKILL');
      await checks.begin();
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL']) {
        checks.equal(
          `${signal}: what was sent arrives, the end too, and the port is free`,
          await inProcess(signal),
          [signal, 1000, 'ECONNREFUSED'],
        );
      }
      for (let count = 0; count < 5; count++) {
        checks.equal('terminated: its sockets are closed', await inWorker(), 'ECONNREFUSED');
      }
      await checks.end({ heap: 32 });
    },
  },

  workers: {
    title: 'guests in workers: 2,000 connections, and 4 that spin until their time is up',
    run: async (checks) => {
      const served = async (count) => {
        const guest = new WorkerGuest('echo', ['127.0.0.1', 0, count]);
        const right = await echoes(await guest.port(), count, 50, 10_000);
        return [right, await guest.ended];
      };
      const limited = async () => {
        const guest = new WorkerGuest('soak', ['serve', 1000, 20, 'spin'], {
          timeLimit: 8000,
          preopens: { '/': new MemoryDirectory() },
        });
        const port = await guest.port();
        const { length } = await readAll(await client(port));
        return [nameOf(await guest.ended), length, await refused(port)];
      };
      await served(10);
      await checks.begin();
      checks.equal(
        'all clients get back what they sent, and the guest ends with 0',
        await served(2000),
        [2000, 0],
      );
      const ended = await Promise.all(Array.from({ length: 4 }, limited));
      checks.equal(
        'those that spin are ended, their clients have got all, their ports are free',
        new Set(ended.map(String)),
        new Set(['TimeLimitError,1000,ECONNREFUSED']),
      );
      await checks.end();
    },
  },
};
