/** The small interfaces, and the instance as a whole. */
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Preview2 } from '@wittle/adapter';
import { Trap } from '@wittle/runtime';
import type { Imports } from './generated/index.ts';
import { createWasi, WasiExit, type WasiImports, WasiTrap } from './index.ts';

test('a guest gets no argument, variable, directory or terminal unless it is given one', () => {
  using wasi = createWasi({ stdout: 'ignore', stderr: 'ignore' });
  const { imports } = wasi;
  expect(imports['wasi:cli/environment'].getArguments()).toEqual([]);
  expect(imports['wasi:cli/environment'].getEnvironment()).toEqual([]);
  expect(imports['wasi:cli/environment'].initialCwd()).toBeUndefined();
  expect(imports['wasi:filesystem/preopens'].getDirectories()).toEqual([]);
  expect(imports['wasi:cli/terminal-stdin'].getTerminalStdin()).toBeUndefined();
  expect(imports['wasi:cli/terminal-stdout'].getTerminalStdout()).toBeUndefined();
  expect(imports['wasi:cli/terminal-stderr'].getTerminalStderr()).toBeUndefined();
});

test('arguments, variables, directory and terminals are what the options say', () => {
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  using wasi = createWasi({ args: ['prog', '-v'], env: { A: '1', B: '' }, cwd: '/x', stdout });
  const { imports } = wasi;
  expect(imports['wasi:cli/environment'].getArguments()).toEqual(['prog', '-v']);
  expect(imports['wasi:cli/environment'].getEnvironment()).toEqual([
    ['A', '1'],
    ['B', ''],
  ]);
  expect(imports['wasi:cli/environment'].initialCwd()).toBe('/x');
  const { TerminalOutput } = imports['wasi:cli/terminal-output'];
  expect(imports['wasi:cli/terminal-stdout'].getTerminalStdout()).toBeInstanceOf(TerminalOutput);
});

test('exit unwinds the guest with its code', () => {
  using wasi = createWasi();
  const { exit, exitWithCode } = wasi.imports['wasi:cli/exit'];
  const codeOf = (run: () => void): number | void => {
    try {
      return run();
    } catch (error) {
      expect(error).toBeInstanceOf(WasiExit);
      return (error as WasiExit).code;
    }
  };
  expect(codeOf(() => exit({ tag: 'ok' }))).toBe(0);
  expect(codeOf(() => exit({ tag: 'err' }))).toBe(1);
  expect(codeOf(() => exitWithCode(42))).toBe(42);
});

test('clocks: the monotonic one does not go back, the wall clock tells the date, the time zone is UTC', async () => {
  using wasi = createWasi();
  const { now, resolution, subscribeInstant } = wasi.imports['wasi:clocks/monotonic-clock'];
  const start = now();
  await subscribeInstant(start + 5_000_000n).block();
  expect(now() - start).toBeGreaterThanOrEqual(5_000_000n);
  expect(resolution()).toBeGreaterThan(0n);
  const { seconds, nanoseconds } = wasi.imports['wasi:clocks/wall-clock'].now();
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(2);
  expect(nanoseconds).toBeLessThan(1_000_000_000);
  const zone = wasi.imports['wasi:clocks/timezone'].display({ seconds, nanoseconds });
  expect(zone).toEqual({ utcOffset: 0, name: 'UTC', inDaylightSavingTime: false });
});

test('clocks and random bytes can be replaced', () => {
  using wasi = createWasi({
    clock: { monotonic: () => 5n, wall: () => 1_000_000_007n },
    random: (target) => target.fill(1),
  });
  expect(wasi.imports['wasi:clocks/monotonic-clock'].now()).toBe(5n);
  expect(wasi.imports['wasi:clocks/wall-clock'].now()).toEqual({ seconds: 1n, nanoseconds: 7 });
  expect(wasi.imports['wasi:random/random'].getRandomBytes(3n)).toEqual(Uint8Array.of(1, 1, 1));
  expect(wasi.imports['wasi:random/insecure'].getInsecureRandomU64()).toBe(0x0101_0101_0101_0101n);
});

test('random data is as long as asked for, fresh every time, and bounded', () => {
  using wasi = createWasi();
  const { getRandomBytes, getRandomU64 } = wasi.imports['wasi:random/random'];
  expect(getRandomBytes(0n)).toHaveLength(0);
  expect(getRandomBytes(32n)).not.toEqual(getRandomBytes(32n));
  expect(new Set(Array.from({ length: 200 }, getRandomU64)).size).toBe(200);
  // More than is drawn at once, in pieces of all sizes.
  const pieces = Array.from({ length: 1000 }, (_, index) => getRandomBytes(BigInt(8 + (index % 400))));
  expect(pieces.map((bytes) => bytes.length)).toEqual(pieces.map((_, index) => 8 + (index % 400)));
  expect(new Set(pieces.map((bytes) => bytes.subarray(0, 8).join())).size).toBe(1000);
  expect(new Set(pieces.map((bytes) => bytes.subarray(-8).join())).size).toBe(1000);
  expect(() => getRandomBytes(0xffff_ffff_ffff_ffffn)).toThrow(WasiTrap);
  expect(() => getRandomBytes(0xffff_ffff_ffff_ffffn)).toThrow(Trap);
  const { insecureSeed } = wasi.imports['wasi:random/insecure-seed'];
  expect(insecureSeed()).toEqual(insecureSeed());
});

test.each([
  [{ sokets: 5 }, /limits\.sokets does not exist; there are sockets, bufferSize/],
  [{ sockets: 0 }, /limits\.sockets is a whole number greater than 0, not 0/],
])('limits %j throw', (limits, message) => {
  expect(() => createWasi({ limits: limits as never })).toThrow(message);
});

test('disposing twice is disposing once', () => {
  const wasi = createWasi();
  wasi.dispose();
  wasi[Symbol.dispose]();
});

test('a process whose guest has left everything open can exit once the instance is disposed', async () => {
  const program = `
    import { createWasi } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
    const wasi = createWasi({ network: 'all', stdin: 'inherit' });
    const imports = wasi.imports;
    const network = imports['wasi:sockets/instance-network'].instanceNetwork();
    const address = { tag: 'ipv4', val: { port: 0, address: [127, 0, 0, 1] } };
    const listener = imports['wasi:sockets/tcp-create-socket'].createTcpSocket('ipv4');
    const udp = imports['wasi:sockets/udp-create-socket'].createUdpSocket('ipv4');
    for (const socket of [listener, udp]) {
      socket.startBind(network, address);
      await socket.subscribe().block();
      socket.finishBind();
    }
    listener.startListen();
    await listener.subscribe().block();
    listener.finishListen();
    udp.stream(undefined);
    const client = imports['wasi:sockets/tcp-create-socket'].createTcpSocket('ipv4');
    client.startConnect(network, listener.localAddress());
    await client.subscribe().block();
    const [, output] = client.finishConnect();
    output.checkWrite();
    output.write(new Uint8Array(1000));
    imports['wasi:cli/stdin'].getStdin().subscribe().block().catch(() => {});
    imports['wasi:clocks/monotonic-clock'].subscribeDuration(10n ** 12n).block().catch(() => {});
    await imports['wasi:cli/stdout'].getStdout().blockingWriteAndFlush(new Uint8Array([111, 107]));
    wasi.dispose();
  `;
  const child = spawn(
    process.execPath,
    [
      '--conditions=wittle-source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      program,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const end = await new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  clearTimeout(timer);
  expect([end, output]).toEqual([0, 'ok']);
});

test('the adapter stands on the interfaces as they are generated', () => {
  // The compiler checks what no value could: the types agree, and no optional key is misspelled.
  const asPreview2 = (imports: Imports): Preview2 => imports;
  const allThere: [Exclude<keyof Preview2, keyof WasiImports>] extends [never] ? true : false = true;
  using wasi = createWasi();
  expect([asPreview2(wasi.imports), allThere]).toEqual([wasi.imports, true]);
});
