/** A host that runs out: of open files, of room on disk, of answers from its resolver. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, failureOf } from './api.mjs';
import { descriptors, until } from './checks.mjs';
import { echoServer, programs, soakProgram, wittle } from './guests.mjs';
import { client, datagram, echoes, exchange, quit, server } from './peers.mjs';

/** Runs a program to its end. */
function run(program, args, options) {
  const { status, signal, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  return { end: status ?? signal, stdout, stderr };
}

/** A program that runs another in a small file system of its own, or why there cannot be one. */
function smallDisk(folder) {
  const args = ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m none "$0" && exec "$@"', folder];
  const { end, stderr } = run('unshare', [...args, 'true']);
  return end === 0 ? { args } : { why: stderr?.trim() || 'there is no unshare(1)' };
}

export const shortages = {
  'no-descriptors': {
    title: '150 peers at once of a guest whose process may open 64 files',
    run: async (checks) => {
      const args = [wittle, 'run', programs.echo, '--allow-net', 'all', '--', '127.0.0.1', '0'];
      const child = spawn('sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk) => (output += String(chunk)));
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      await until(() => /listening on .*:\d+\n/.test(output));
      const port = Number(/listening on .*:(\d+)\n/.exec(output)[1]);
      await echoes(port, 5, 1, 100);
      const before = descriptors(child.pid);
      for (let round = 0; round < 5; round++) {
        const peers = await Promise.all(
          Array.from({ length: 150 }, async () => {
            const peer = await client(port);
            const said = new Promise((resolve) => {
              peer.once('data', () => resolve('served'));
              peer.once('end', () => resolve('turned away'));
              peer.once('close', () => resolve('turned away'));
            });
            peer.write('x');
            return { peer, said };
          }),
        );
        const said = await Promise.all(peers.map((each) => each.said));
        const served = said.filter((each) => each === 'served').length;
        checks.that(`${served} are served, the others turned away`, served > 10 && served < 64);
        for (const { peer } of peers) peer.destroy();
        await until(async () => (await exchange(port, 'y').catch(() => '')).length === 1);
        checks.equal('there is room for others afterwards', await echoes(port, 50, 5, 1000), 50);
      }
      if (before !== undefined) {
        const open = () => descriptors(child.pid);
        await until(() => open() <= before);
        checks.that(`${open()} files are open, of at most ${before} as before`, open() <= before);
      }
      await datagram(port, 'quit');
      const [code] = await once(child, 'close');
      checks.equal('the guest ends with 0, and without a word', [code, errors], [0, '']);
    },
  },

  'no-descriptors-left': {
    title: 'the JavaScript API when not one more file can be opened',
    files: 64,
    run: async (checks) => {
      const folder = mkdtempSync(join(tmpdir(), 'wittle-soak-'));
      writeFileSync(join(folder, 'file'), 'text');
      mkdirSync(join(folder, 'folder'));
      const api = new Api({
        preopens: { '/': folder },
        resolver: (_name, done) => done(null, [{ address: '127.0.0.1' }]),
      });
      await api.pairs(5, 1);
      (await api.udp())[Symbol.dispose]();
      const [[root]] = api.wasi.imports['wasi:filesystem/preopens'].getDirectories();
      const attempts = {
        bind: async () => {
          const socket = api.tcp();
          try {
            await api.bind(socket);
          } finally {
            socket[Symbol.dispose]();
          }
        },
        connect: async () => {
          const { socket, input, output } = await api.connect();
          const accepted = await api.accept();
          for (const part of [input, output, socket]) part[Symbol.dispose]();
          for (const part of Object.values(accepted)) part[Symbol.dispose]();
        },
        udp: async () => (await api.udp())[Symbol.dispose](),
        open: () => root.openAt({}, 'file', {}, { read: true })[Symbol.dispose](),
        create: () => root.openAt({}, 'new', { create: true }, { write: true })[Symbol.dispose](),
        list: () => {
          const entries = root.readDirectory();
          while (entries.readDirectoryEntry() !== undefined) {}
          entries[Symbol.dispose]();
        },
        stat: () => root.statAt({}, 'folder/.'),
      };
      const outcomes = async () => {
        const found = {};
        for (const [name, attempt] of Object.entries(attempts)) found[name] = await failureOf(attempt);
        return found;
      };
      const works = Object.fromEntries(Object.keys(attempts).map((name) => [name, 'none']));
      checks.equal('all of it works', await outcomes(), works);
      await checks.begin();
      for (let round = 0; round < 100; round++) {
        const taken = [];
        try {
          for (;;) taken.push(openSync('/dev/null'));
        } catch (error) {
          if (error.code !== 'EMFILE') throw error;
        }
        const found = await outcomes();
        for (const file of taken) closeSync(file);
        if (round > 0) continue;
        checks.equal('everything says so', found, {
          bind: 'new-socket-limit',
          connect: 'new-socket-limit',
          udp: 'new-socket-limit',
          open: 'insufficient-memory',
          create: 'insufficient-memory',
          list: 'insufficient-memory',
          stat: 'insufficient-memory',
        });
      }
      checks.equal('all of it works again', await outcomes(), works);
      await until(() => api.instance.sockets === 1);
      checks.equal('nothing is left of what failed', [api.instance.sockets, api.instance.files], [1, 1]);
      await checks.end();
      api.dispose();
      rmSync(folder, { recursive: true });
    },
  },

  'no-room': {
    title: 'a guest that writes until the disk is full',
    run: async (checks) => {
      const folder = mkdtempSync(join(tmpdir(), 'wittle-soak-'));
      const { args, why } = smallDisk(folder);
      if (args === undefined) console.log(`        left out, for no file system can be mounted: ${why}`);
      else {
        const guest = [
          process.execPath,
          wittle,
          'run',
          programs.soak,
          '--dir',
          `${folder}::/`,
          '--',
          'fill',
          'file',
        ];
        const { end, stdout, stderr } = run('unshare', [...args, ...guest]);
        const [, written = '0'] = /^written (\d+)/.exec(stdout) ?? [];
        checks.equal(
          'what write says it has taken is there, it says what it could not, and goes on',
          [end, stdout, stderr],
          [
            0,
            `written ${written}, found ${written}, size ${written}, No space left on device, then room\n`,
            '',
          ],
        );
        checks.that(`${written} bytes`, Number(written) > 500_000 && Number(written) <= 1_048_576);
      }
      rmSync(folder, { recursive: true });
      const full = ['run', programs.soak, '--dir', '/dev::/', '--', 'refused', 'full'];
      checks.equal('a device that is always full', run(process.execPath, [wittle, ...full]), {
        end: 0,
        stdout: 'write gives -1, No space left on device\n',
        stderr: '',
      });
    },
  },

  'full-output': {
    title: 'guests whose standard output takes nothing, or is gone',
    run: async (checks) => {
      const { listener, port } = await server(() => {});
      await new Promise((resolve) => listener.close(resolve));
      const echo = ['--allow-net', 'all', '--', '127.0.0.1', String(port), '1', 'localhost'];
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [wittle, 'run', programs.echo, ...echo], {
        stdio: ['ignore', full, 'pipe'],
      });
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      const over = once(child, 'close');
      const served = await until(async () => (await exchange(port, 'hello').catch(() => '')).length === 5);
      const [code] = await over;
      checks.equal('a server goes on, without a word', [served, code, errors], [true, 0, '']);
      const small = [wittle, 'run', programs.soak, '--', 'refused', 'none'];
      checks.equal(
        'what it says on standard error is heard',
        run(process.execPath, small, { stdio: ['ignore', full, 'pipe'] }).stderr,
        'none: No such file or directory\n',
      );
      closeSync(full);
      const piped = run('sh', ['-c', '"$0" "$@" | true', process.execPath, ...small]);
      checks.equal('nobody reads', [piped.end, piped.stderr], [0, 'none: No such file or directory\n']);
      const usage = [wittle, 'run', programs.soak];
      checks.equal(
        'and standard error as well',
        run('sh', ['-c', '"$0" "$@" 2>/dev/full', process.execPath, ...usage]).end,
        2,
      );
    },
  },

  'no-answers': {
    title: 'a resolver that never answers, late, twice, or breaks',
    run: async (checks) => {
      const warm = await echoServer();
      await echoes(warm.port, 10, 5, 100);
      await quit(warm);
      await checks.begin();
      const pending = [];
      const resolver = (_name, done) => pending.push(done);
      const server = await echoServer();
      const api = new Api({ resolver });
      const { resolveAddresses } = api.wasi.imports['wasi:sockets/ip-name-lookup'];
      const streams = Array.from({ length: 64 }, (_, index) =>
        resolveAddresses(api.network, `name-${index}.example`),
      );
      const waits = streams.map((stream) => failureOf(() => stream.resolveNextAddress()));
      checks.equal('none is there yet', new Set(await Promise.all(waits)), new Set(['would-block']));
      checks.equal(
        'one more is too many',
        await failureOf(() => resolveAddresses(api.network, 'more.example')),
        'temporary-resolver-failure',
      );
      const guests = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const guest = await soakProgram(['find', 'never.example'], { resolver });
          await guest.line(/^looking for/);
          return guest;
        }),
      );
      await until(() => pending.length === 74);
      checks.equal('others are served meanwhile', await echoes(server.port, 200, 20, 1000), 200);
      checks.equal('and the API too', await api.pairs(50, 10), 50);
      const done = guests.map(async (guest) => (await guest.ended).constructor.name);
      for (const guest of guests) guest.dispose();
      checks.equal('guests that wait can be ended', new Set(await Promise.all(done)), new Set(['WasiTrap']));
      api.dispose();
      // Answers that come after all.
      for (const each of pending) each(null, [{ address: '127.0.0.1' }]);

      const again = new Api({
        resolver: (name, finished) => {
          if (name === 'broken.example') throw new Error('the resolver is broken');
          finished(null, [{ address: '127.0.0.1' }]);
          finished(null, [{ address: '127.0.0.2' }]);
        },
      });
      const names = again.wasi.imports['wasi:sockets/ip-name-lookup'];
      const outcomes = new Set();
      for (let count = 0; count < 200; count++) {
        outcomes.add(
          await failureOf(() => names.resolveAddresses(again.network, 'broken.example').resolveNextAddress()),
        );
      }
      checks.equal(
        'one that breaks is a failure, and never too many',
        outcomes,
        new Set(['permanent-resolver-failure']),
      );
      const twice = [];
      for (let count = 0; count < 200; count++) {
        const stream = names.resolveAddresses(again.network, 'twice.example');
        twice.push(stream.resolveNextAddress().val.join('.'), stream.resolveNextAddress());
      }
      checks.equal('of two answers the first counts', new Set(twice), new Set(['127.0.0.1', undefined]));
      again.dispose();
      checks.equal('the guest ends with 0', await quit(server), 0);
      await checks.end({ guests: [server.guest, ...guests, api, again].map(({ instance }) => instance) });
    },
  },
};
