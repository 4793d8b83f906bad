import { describe, expect, test } from '@jest/globals';
import { bytesOf, load, thrownBy } from '../test/load.ts';
import { compile, compileSync, ComponentBinaryError } from './component.ts';
import { instantiateSync } from './instantiate.ts';

describe('compiling', () => {
  test('lists what is imported and exported, in order', () => {
    const greeter = load('greeter');
    expect(greeter.imports).toEqual([
      { name: 'clock', kind: 'function' },
      { name: 'demo:host/log@1.2.0', kind: 'instance' },
    ]);
    expect(greeter.exports.map(({ name }) => name)).toEqual([
      'demo:greet/api@1.0.0',
      'then',
      'say-again',
      'trap',
    ]);
  });

  test.each([
    ['bytes', () => bytesOf('counters')],
    ['a buffer', () => bytesOf('counters').buffer],
    ['a view of a buffer', () => new DataView(Uint8Array.of(0, ...bytesOf('counters')).buffer, 1)],
    ['a promise of bytes', () => Promise.resolve(bytesOf('counters'))],
    ['a response', () => new Response(bytesOf('counters'))],
    ['a URL', () => new URL('../test/components/counters.wasm', import.meta.url)],
  ])('takes %s', async (_, source) => {
    const component = await compile(source());
    expect(component.exports).toEqual([{ name: 'demo:count/counters@0.3.1', kind: 'instance' }]);
    expect(component.modules).toHaveLength(2);
  });

  test('takes core modules that were compiled before', () => {
    const { modules } = load('counters');
    const again = compileSync(bytesOf('counters'), { modules });
    expect(again.modules).toEqual(modules);
    expect(again.modules[0]).toBe(modules[0]);
    expect(instantiateSync(again)['counters']!['live']!()).toBe(0);
  });

  test('names what is malformed and where', () => {
    const error = thrownBy(() => compileSync(bytesOf('counters').subarray(0, 600))) as ComponentBinaryError;
    expect(error).toBeInstanceOf(ComponentBinaryError);
    expect(error.problems).toEqual([{ message: expect.any(String), offset: expect.any(Number) }]);
    expect(error.message).toMatch(/ \(at offset 0x[0-9a-f]+\)$/);
  });

  test('says that a core module is none', async () => {
    await expect(compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).rejects.toThrow(
      'this is a core module, not a component',
    );
  });

  test('says where a core module is that the engine refuses', async () => {
    // `i32.add` of the function `add` becomes an unknown instruction.
    const bytes = bytesOf('greeter');
    const at = bytes.findIndex(
      (_, i) =>
        bytes[i] === 0x20 &&
        bytes[i + 1] === 0 &&
        bytes[i + 2] === 0x20 &&
        bytes[i + 3] === 1 &&
        bytes[i + 4] === 0x6a,
    );
    bytes[at + 4] = 0xff;
    const error = thrownBy(() => compileSync(bytes)) as ComponentBinaryError;
    expect(error).toBeInstanceOf(ComponentBinaryError);
    expect(error.problems[0]!.message).toMatch(/^core module: /);
    expect(error.problems[0]!.offset).toBeLessThan(at);
    const later = await compile(bytes).catch((reason: unknown) => reason);
    expect((later as ComponentBinaryError).problems[0]!.offset).toBe(error.problems[0]!.offset);
  });

  test('refuses what is no source', async () => {
    await expect(compile('file.wasm' as never)).rejects.toThrow(
      'a component is compiled from bytes, a URL or a Response',
    );
    await expect(compile(new Response('', { status: 404, statusText: 'Not Found' }))).rejects.toThrow(
      '404 Not Found',
    );
  });
});
