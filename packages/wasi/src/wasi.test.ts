/** The small interfaces, and the instance as a whole. */
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createWasi, WasiExit, WasiTrap } from './index.ts';

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
  const codeOf = (run: () => never): number => {
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
  expect(() => getRandomBytes(0xffff_ffff_ffff_ffffn)).toThrow(WasiTrap);
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
