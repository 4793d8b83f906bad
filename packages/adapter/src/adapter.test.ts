import { describe, expect, test } from '@jest/globals';
import { Guest } from '../test/guest.ts';
import { Double } from '../test/preview2-double.ts';
import { createAdapter, errno, moduleName, signatures } from './index.ts';

describe('the core module', () => {
  test('has the 46 functions of Preview 1 and the two of the adapter, each with its signature', () => {
    const { imports } = new Guest();
    expect(Object.keys(imports)).toEqual(['wasi_snapshot_preview1']);
    const functions = imports[moduleName]!;
    expect(Object.keys(functions)).toEqual(Object.keys(signatures));
    expect(Object.keys(functions).length).toBe(48);
    expect(functions['path_open']).toMatchObject({
      params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i32', 'i32'],
      results: ['i32'],
      mayBlock: false,
    });
    expect(functions['proc_exit']).toMatchObject({ params: ['i32'], results: [] });
  });

  test('says which functions may block', () => {
    const functions = Object.entries(new Guest().imports[moduleName]!);
    expect(functions.filter(([, { mayBlock }]) => mayBlock).map(([name]) => name)).toEqual([
      'fd_close',
      'fd_read',
      'fd_renumber',
      'fd_write',
      'poll_oneoff',
    ]);
  });

  test('numbers 77 errors without a gap', () => {
    expect(Object.values(errno)).toEqual(Array.from({ length: 77 }, (_, index) => index));
  });
});

describe('exports', () => {
  const { exports } = createAdapter(new Double().preview2);

  test('give _start as wasi:cli/run, the very function', () => {
    const start = () => undefined;
    expect(exports!({ _start: start, other: start })).toEqual({ 'wasi:cli/run@0.2.12#run': start });
  });

  test('are none without _start', () => {
    expect(exports!({ _initialize: () => undefined })).toEqual({});
  });
});

describe('a core module', () => {
  test('writes a line, reserves a number and exits, all synchronously', () => {
    const double = new Double();
    const adapter = createAdapter(double.preview2);
    let memory: WebAssembly.Memory | undefined;
    const guest = {
      get memory() {
        return memory!;
      },
    };
    const functions = adapter.imports(guest)[moduleName]!;
    const module = new WebAssembly.Module(helloModule());
    const instance = new WebAssembly.Instance(module, {
      [moduleName]: Object.fromEntries(
        Object.entries(functions).map(([name, { call }]) => [name, call as () => void]),
      ),
    });
    memory = instance.exports['memory'] as WebAssembly.Memory;
    const run = adapter.exports!(instance.exports)['wasi:cli/run@0.2.12#run'] as () => void;
    expect(run).toThrow('exited');
    expect(double.stdout.text).toBe('hello\n');
    expect(new DataView(memory.buffer).getUint32(32, true)).toBe(3);
  });
});

/**
 * A module whose `_start` writes "hello\n" to stdout, reserves a descriptor (its number goes to 32) and exits with the
 * sum of both error numbers.
 */
function helloModule(): Uint8Array<ArrayBuffer> {
  const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
  const section = (id: number, content: number[]) => [id, content.length, ...content];
  const [i32, func, constant, call] = [0x7f, 0x60, 0x41, 0x10];
  const iovec = [16, 0, 0, 0, 6, 0, 0, 0];
  const code = [
    ...[0, constant, 1, constant, 8, constant, 1, constant, 24, call, 0],
    ...[constant, 32, call, 1],
    ...[0x6a, call, 2, 0x0b],
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [
      4,
      ...[func, 4, i32, i32, i32, i32, 1, i32],
      ...[func, 1, i32, 1, i32],
      ...[func, 1, i32, 0],
      ...[func, 0, 0],
    ]),
    ...section(2, [
      3,
      ...[...text(moduleName), ...text('fd_write'), 0, 0],
      ...[...text(moduleName), ...text('adapter_open_badfd'), 0, 1],
      ...[...text(moduleName), ...text('proc_exit'), 0, 2],
    ]),
    ...section(3, [1, 3]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('_start'), 0, 3]),
    ...section(10, [1, code.length, ...code]),
    ...section(11, [1, 0, constant, 8, 0x0b, 14, ...iovec, ...new TextEncoder().encode('hello\n')]),
  ]);
}
