/** HTTP: many requests to guests, and clients that go away or take their time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, get as getFrom, request as requestOf } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compile, instantiate } from '../../packages/component/dist/index.js';
import { ComponentError } from '../../packages/runtime/dist/index.js';
import { httpListener } from '../../packages/wasi/dist/index.js';
import { Api, failureOf } from './api.mjs';
import { descriptors, until } from './checks.mjs';
import { wittle } from './guests.mjs';
import { client, closed } from './peers.mjs';

const component = fileURLToPath(new URL('../../packages/cli/test/components/server.wasm', import.meta.url));
const block = new Uint8Array(4096).fill(120);
const handler = 'wasi:http/incoming-handler';

function get(port, path, agent) {
  return new Promise((resolve, reject) => {
    getFrom({ port, host: '127.0.0.1', path, agent }, async (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks)}`));
    }).on('error', reject);
  });
}

/** So many requests, some at a time: how many were answered with their path. */
async function requests(port, count, atOnce) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let right = 0;
  let next = 0;
  const one = async () => {
    while (next < count) {
      const path = `/request/${next++}`;
      if ((await get(port, path, agent)) === `200 path: ${path}`) right++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  agent.destroy();
  return right;
}

async function listening(listener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: server.address().port };
}

async function stop(server) {
  const over = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await over;
}

/** A guest in JavaScript: `/echo` sends the body of the request back, `/large` sends 10 MB. */
function answering(outcomes) {
  return async (imports) => {
    const { Fields, OutgoingResponse, OutgoingBody, ResponseOutparam, IncomingBody } =
      imports['wasi:http/types'];
    const handle = async (request, out) => {
      const incoming = request.consume();
      const input = incoming.stream();
      const response = new OutgoingResponse(new Fields());
      const body = response.body();
      ResponseOutparam.set(out, { tag: 'ok', val: response });
      const output = body.write();
      let count = 0;
      let end = 'closed';
      try {
        if (request.pathWithQuery() === '/large') {
          for (; count < 2500; count++) await output.blockingWriteAndFlush(block);
        } else {
          for (;;) {
            const bytes = await input.blockingRead(4096n);
            await output.blockingWriteAndFlush(bytes);
            count += bytes.length;
          }
        }
      } catch (error) {
        if (!(error instanceof ComponentError)) throw error;
        end = error.payload.tag;
      }
      outcomes.push({ path: request.pathWithQuery(), count, end });
      for (const part of [input, output]) part[Symbol.dispose]();
      IncomingBody.finish(incoming)[Symbol.dispose]();
      if (end === 'closed') OutgoingBody.finish(body, undefined);
      else body[Symbol.dispose]();
    };
    return { handle };
  };
}

/** A request of so many bytes in chunks, one every few milliseconds; its answer. */
function slowly(port, chunks, milliseconds) {
  return new Promise((resolve, reject) => {
    const request = requestOf(
      { port, host: '127.0.0.1', path: '/echo', method: 'POST', agent: false },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(parts).toString()));
      },
    );
    request.on('error', reject);
    void (async () => {
      for (const chunk of chunks) {
        request.write(chunk);
        await sleep(milliseconds);
      }
      request.end();
    })();
  });
}

const headers = (method, path, rest = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\n${rest}\r\n`;

/** Clients that go away at every moment of a request. */
const departures = [
  async (port) => client(port),
  async (port) => {
    const socket = await client(port);
    socket.write('GET / HT');
    return socket;
  },
  async (port) => {
    const socket = await client(port);
    socket.write(headers('GET', '/away'));
    return socket;
  },
  async (port) => {
    const socket = await client(port);
    socket.write(headers('POST', '/echo', 'Content-Length: 100000\r\n') + 'x'.repeat(50_000));
    return socket;
  },
  async (port) => {
    const socket = await client(port);
    socket.write(headers('POST', '/echo', 'Transfer-Encoding: chunked\r\n') + '5\r\nhello\r\n');
    await once(socket, 'data');
    return socket;
  },
  async (port) => {
    const socket = await client(port);
    socket.write(headers('GET', '/large'));
    await Promise.race([once(socket, 'data'), sleep(2000)]);
    return socket;
  },
];

async function depart(port, index) {
  const socket = await departures[index % departures.length](port);
  if (index % 2 === 0) socket.resetAndDestroy();
  else socket.destroy();
  await closed(socket);
}

export const http = {
  'http-requests': {
    title: '5,000 requests, 100 at a time, each to an instance of a component',
    run: async (checks) => {
      const compiled = await compile(readFileSync(component));
      const failures = [];
      const listener = httpListener(async (imports) => (await instantiate(compiled, imports))[handler], {
        onFailure: (error) => failures.push(error.message),
      });
      const { server, port } = await listening(listener);
      await requests(port, 300, 100);
      server.closeIdleConnections();
      await sleep(50);
      await checks.begin();
      checks.equal('all are answered', await requests(port, 5000, 100), 5000);
      checks.equal('and none with a failure', failures, []);
      server.closeIdleConnections();
      await checks.end({ heap: 24 });
      await stop(server);
    },
  },

  'http-bodies': {
    title: 'slow bodies, slow readers and 300 clients that go away, at a guest that streams',
    limit: 90,
    run: async (checks) => {
      const outcomes = [];
      const failures = [];
      const { server, port } = await listening(
        httpListener(answering(outcomes), { onFailure: (error) => failures.push(error.message) }),
      );
      await slowly(port, ['warm'], 1);
      await depart(port, 5);
      await checks.begin();
      const chunks = Array.from({ length: 40 }, (_, index) => `part ${index} `);
      const slow = Promise.all(Array.from({ length: 100 }, () => slowly(port, chunks, 10)));
      for (let index = 0; index < 300; index += 30) {
        await Promise.all(Array.from({ length: 30 }, (_, each) => depart(port, index + each)));
      }
      checks.equal('slow bodies come back whole', new Set(await slow), new Set([chunks.join('')]));
      const large = Array.from({ length: 20 }, async () => {
        const socket = await client(port);
        socket.pause();
        socket.write(headers('GET', '/large', 'Connection: close\r\n'));
        return socket;
      });
      const readers = await Promise.all(large);
      await sleep(1000);
      checks.resident(256);
      const counts = await Promise.all(
        readers.map(async (socket) => {
          let count = 0;
          for await (const chunk of socket) count += chunk.length;
          socket.destroy();
          return count > 2500 * block.length;
        }),
      );
      checks.equal('slow readers get all of 10 MB', counts.filter(Boolean).length, 20);
      await until(() => outcomes.filter(({ path }) => path === '/large').length >= 70);
      checks.equal(
        'no failure but of bodies that broke off',
        new Set(outcomes.map(({ end }) => end)).difference(new Set(['closed', 'last-operation-failed'])),
        new Set(),
      );
      checks.equal('and none at all of the host', new Set(failures), new Set());
      checks.equal('others are served', await slowly(port, ['still ', 'there'], 1), 'still there');
      server.closeIdleConnections();
      outcomes.length = 0;
      await checks.end({ heap: 24 });
      await stop(server);
    },
  },

  'http-outgoing': {
    title: '3,000 requests of a guest to a server that answers, is slow, breaks off or says nothing',
    run: async (checks) => {
      const { server, port } = await listening((request, response) => {
        const path = request.url;
        if (path === '/reset') request.socket.resetAndDestroy();
        else if (path === '/half') {
          response.writeHead(200, { 'Content-Length': 100 });
          response.write('half', () => request.socket.destroy());
        } else if (path === '/slow') {
          response.write('slo');
          setTimeout(() => response.end('w'), 20);
        } else if (path !== '/silent') response.end(path);
      });
      const api = new Api({ limits: { sockets: 200 } });
      const types = api.wasi.imports['wasi:http/types'];
      const { handle } = api.wasi.imports['wasi:http/outgoing-handler'];
      const send = (path) => {
        const request = new types.OutgoingRequest(new types.Fields());
        request.setScheme({ tag: 'HTTP' });
        request.setAuthority(`127.0.0.1:${port}`);
        request.setPathWithQuery(path);
        return handle(request, undefined);
      };
      const wait = async (from) => {
        const pollable = from.subscribe();
        await pollable.block();
        pollable[Symbol.dispose]();
      };
      const ask = async (path) => {
        const future = send(path);
        await wait(future);
        const { val: arrived } = future.get();
        future[Symbol.dispose]();
        if (arrived.tag === 'err') return arrived.val.tag;
        const body = arrived.val.consume();
        const stream = body.stream();
        const chunks = [];
        let end;
        while (end === undefined) {
          try {
            chunks.push(await stream.blockingRead(1000n));
          } catch (error) {
            end = error.payload.tag;
          }
        }
        stream[Symbol.dispose]();
        types.IncomingBody.finish(body)[Symbol.dispose]();
        arrived.val[Symbol.dispose]();
        return `${end}: ${Buffer.concat(chunks)}`;
      };
      const paths = {
        '/fine': 'closed: /fine',
        '/slow': 'closed: slow',
        '/reset': 'connection-terminated',
        '/half': 'last-operation-failed: half',
      };
      const round = async (count) => {
        const wrong = new Set();
        const ones = Object.entries(paths).map(async ([path, expected]) => {
          const found = await ask(path);
          if (found !== expected) wrong.add(`${path} gives ${found}`);
        });
        // Given up while nothing has come.
        const silent = Array.from({ length: count }, () => send('/silent'));
        await Promise.all(ones);
        for (const future of silent) future[Symbol.dispose]();
        return [...wrong];
      };
      await round(2);
      await sleep(50);
      await checks.begin();
      const wrong = [];
      for (let index = 0; index < 50; index++) {
        wrong.push(...(await Promise.all(Array.from({ length: 12 }, () => round(1)))).flat());
      }
      checks.equal('each ends as it should', [...new Set(wrong)], []);
      await until(() => api.instance.sockets === 1);
      checks.equal('all are over', [api.instance.sockets, api.open], [1, 1]);
      const kept = [];
      const refused = await failureOf(() => {
        for (;;) kept.push(send('/silent'));
      });
      checks.equal(
        '200 sockets are the limit',
        [kept.length, refused.tag],
        [199, 'connection-limit-reached'],
      );
      api.dispose();
      server.closeIdleConnections();
      await checks.end({ guests: [api.instance] });
      await stop(server);
    },
  },

  'http-serve': {
    title: '`wittle serve`: 2,000 requests among 600 clients that go away, and a guest that traps',
    run: async (checks) => {
      const child = spawn(process.execPath, [wittle, 'serve', component, '--addr', '0'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      await until(() => errors.includes('\n'));
      const port = Number(/:(\d+)\/\n/.exec(errors)[1]);
      await requests(port, 200, 50);
      await sleep(200);
      const before = descriptors(child.pid);
      errors = '';
      const good = requests(port, 2000, 50);
      const traps = new Set();
      for (let index = 0; index < 600; index += 30) {
        await Promise.all(Array.from({ length: 30 }, (_, each) => depart(port, index + each)));
        traps.add(await get(port, '/trap'));
      }
      checks.equal('all are answered', await good, 2000);
      checks.equal('a trap is status 500', traps, new Set(['500 ']));
      const other = errors
        .split('\n')
        .filter((line) => line !== '' && !/^wittle: GET \/trap: .* trapped: unreachable$/.test(line));
      checks.equal('and nothing else is said', other, []);
      if (before !== undefined) {
        await until(() => descriptors(child.pid) <= before);
        checks.that('as many files are open as before', descriptors(child.pid) <= before);
      }
      child.kill('SIGTERM');
      const [code] = await once(child, 'close');
      checks.equal('it ends with 0 when it is told to', code, 0);
    },
  },
};
