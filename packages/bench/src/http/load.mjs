/**
 * The load, in its own process, the same for every server: `node load.mjs <port> <seconds>`. Requests over connections that
 * are kept, each with one request at a time, written and read as bytes so that the client takes little of a processor. Every
 * body that comes back is compared. Prints one line of JSON: requests a second.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const host = '127.0.0.1';
const [port, seconds] = process.argv.slice(2).map(Number);
const body = Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 31 + (i >> 8)) & 255));
const authority = `${host}:${port}`;

const hello = {
  sent: Buffer.from(`GET / HTTP/1.1\r\nHost: ${authority}\r\n\r\n`),
  expected: Buffer.from(`${authority} /`),
};
const echo = {
  sent: Buffer.concat([
    Buffer.from(`POST /echo HTTP/1.1\r\nHost: ${authority}\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]),
  expected: body,
};

const results = {};
for (const [name, request] of Object.entries({ 'hello, world': hello, 'echo of 64 KiB': echo })) {
  for (const count of [1, 16]) {
    await requests(count, request, 0.5);
    const unit = '/s';
    const what = `${name}, ${count} connection${count === 1 ? '' : 's'}`;
    results[what] = { unit, value: await requests(count, request, seconds) };
  }
}
console.log(JSON.stringify(results));

/** Requests a second over so many connections. */
async function requests(connections, request, time) {
  const start = performance.now();
  const running = () => performance.now() - start < time * 1000;
  const counts = await Promise.all(Array.from({ length: connections }, () => over(request, running)));
  return counts.reduce((sum, each) => sum + each, 0) / ((performance.now() - start) / 1000);
}

/** How many responses came on a connection. */
async function over({ sent, expected }, running) {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  const { promise, resolve, reject } = Promise.withResolvers();
  let count = 0;
  let pieces = [];
  socket.on('data', (data) => {
    pieces.push(data);
    const all = pieces.length === 1 ? data : Buffer.concat(pieces);
    pieces = [all];
    const content = bodyOf(all);
    if (content === undefined) return;
    if (!content.equals(expected)) return reject(new Error(`another answer: ${all.subarray(0, 300)}`));
    pieces = [];
    count++;
    if (running()) socket.write(sent);
    else resolve(count);
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the server has closed the connection')));
  socket.write(sent);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** The body of a response; `undefined` until all of it is there. */
function bodyOf(response) {
  const end = response.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = response.toString('latin1', 0, end).toLowerCase();
  if (!head.startsWith('http/1.1 200 ')) throw new Error(`no response: ${head}`);
  const [, length] = /\ncontent-length: *(\d+)/.exec(head) ?? [];
  let at = end + 4;
  if (length !== undefined)
    return response.length - at < Number(length) ? undefined : response.subarray(at, at + Number(length));
  const chunks = [];
  for (;;) {
    const line = response.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = parseInt(response.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (response.length < next) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(response.subarray(line + 2, next - 2));
    at = next;
  }
}
