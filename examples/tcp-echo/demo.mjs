/**
 * `npm run demo`: generates the bindings, starts the C guest behind them, and talks to it with native clients.
 *
 * Everything is real: the WIT is WASI's own, the bytes cross loopback sockets, and the guest is a C program with plain
 * BSD sockets in it. Ends by itself, with exit code 0 when everything was as it should be.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const wittle = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));
const CLIENTS = 5;
/** Nothing here takes a minute; if it does, something hangs. */
const deadline = setTimeout(() => fail('no end after 50 seconds'), 50_000);
let server;

function fail(what) {
  console.error(`\n✘ ${what}`);
  server?.kill();
  process.exit(1);
}

function step(text) {
  console.log(`\n▸ ${text}`);
}

function expect(condition, what) {
  if (!condition) fail(what);
}

step('Generating TypeScript from WIT (wasi:sockets, wasi:io, wasi:clocks, wasi:cli)');
const generate = ['generate', 'wit', '--world', 'server', '--import-suffix', '.ts', '-o', 'bindings'];
console.log(`  $ wittle ${generate.join(' ')}`);
const generating = spawn(process.execPath, [wittle, ...generate], {
  cwd: here,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const [generated] = await once(generating, 'exit');
expect(generated === 0, 'the bindings could not be generated');
const tcp = readFileSync(`${here}/bindings/imports/wasi/sockets/tcp.ts`, 'utf8').split('\n');
const shown = tcp.findIndex((line) => line.includes('startBind('));
console.log(`  bindings/imports/wasi/sockets/tcp.ts, ${tcp.length} lines, among them:`);
console.log(
  tcp
    .slice(shown, shown + 1)
    .join('\n')
    .replaceAll(/^/gm, '    '),
);

step(
  `Starting the guest: examples/tcp-echo/guest/tcp-echo.c as ${statSync(`${here}/guest/tcp-echo.wasm`).size} bytes of WebAssembly`,
);
const begun = performance.now();
server = spawn(process.execPath, ['server.ts', '0', String(CLIENTS)], {
  cwd: here,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(server, 'exit');
const lines = [];
const waiting = [];
createInterface({ input: server.stdout }).on('line', (line) => {
  console.log(`  guest │ ${line}`);
  lines.push(line);
  for (const check of waiting) check();
});
function line(pattern) {
  return new Promise((resolve) => {
    const check = () => {
      const found = lines.map((each) => pattern.exec(each)).find((match) => match !== null);
      if (found !== undefined) resolve(found);
    };
    waiting.push(check);
    check();
  });
}
ended.then(([code]) => expect(code === 0, `the guest ended with ${code}`));

const [, names] = await line(/^localhost: (.*)$/);
console.log(`  getaddrinfo("localhost") in the guest, by wasi:sockets/ip-name-lookup: ${names}`);
const [, port] = await line(/^listening on .*:(\d+)$/);
console.log(`  ready ${Math.round(performance.now() - begun)} ms after its start`);

step(`${CLIENTS} native TCP clients at once: bytes there and back`);
function client(text, size) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = text === undefined ? Buffer.alloc(size, 'wittle ') : Buffer.from(text);
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(sent));
    const received = [];
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', reject);
    socket.on('end', () =>
      resolve({ sent, received: Buffer.concat(received), time: performance.now() - started }),
    );
  });
}
const results = await Promise.all([
  client('hello, guest'),
  client('日本語 and 😀'),
  client(undefined, 1000),
  client(undefined, 1_000_000),
  client(undefined, 20_000_000),
]).catch((error) => fail(error.message));
for (const { sent, received, time } of results) {
  expect(sent.equals(received), `${sent.length} bytes went out and ${received.length} other ones came back`);
  const rate = sent.length < 100_000 ? '' : `, ${Math.round((2 * sent.length) / time / 1000)} MB/s both ways`;
  const what =
    sent.length < 40 ? JSON.stringify(received.toString()) : `${received.length.toLocaleString('en')} bytes`;
  console.log(`  ✔ ${what} came back as sent, in ${time.toFixed(1)} ms${rate}`);
}
await line(/^served/);
expect((await ended)[0] === 0, 'the guest failed');

step('A UDP exchange with a second guest');
server = spawn(process.execPath, ['server.ts', '0', '0'], {
  cwd: here,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const over = once(server, 'exit');
const heard = new Promise((resolve) => {
  createInterface({ input: server.stdout }).on('line', (text) => {
    console.log(`  guest │ ${text}`);
    const match = /^listening on .*:(\d+)$/.exec(text);
    if (match !== null) resolve(Number(match[1]));
  });
});
const udpPort = await heard;
const udp = createSocket('udp4');
const asked = performance.now();
udp.send('ping', udpPort, '127.0.0.1');
const [reply, from] = await once(udp, 'message');
expect(reply.toString() === 'ping', `UDP gave ${reply}`);
console.log(
  `  ✔ "${reply}" came back from ${from.address}:${from.port} in ${(performance.now() - asked).toFixed(1)} ms`,
);
udp.send('quit', udpPort, '127.0.0.1');
const [code] = await Promise.race([over, sleep(10_000, [1], { ref: false })]);
udp.close();
expect(code === 0, 'the guest did not end on "quit"');

clearTimeout(deadline);
console.log(`\n✔ Everything came back. WIT in, typed TypeScript out, and it runs.`);
