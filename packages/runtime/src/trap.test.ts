import { describe, expect, test } from '@jest/globals';
import { op, wasmModule } from '../test/wasm-module.ts';
import { escaped, Trap, trap, trapIf } from './trap.ts';

/** Core code that calls `f`, catches everything and gives 1 when there was something to catch. */
function catching(f: () => void): () => number {
  const module = wasmModule({
    imports: [{ module: '', name: 'f' }],
    functions: [
      {
        export: 'run',
        results: ['i32'],
        // try … catch_all return 1 end; 0
        body: [0x06, 0x40, ...op.call(0), 0x19, ...op.i32(1), 0x0f, 0x0b, ...op.i32(0)],
      },
    ],
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { '': { f } });
  return exports['run'] as () => number;
}

describe('a trap', () => {
  test('is an Error with the rule as its message', () => {
    let thrown: unknown;
    try {
      trap('a rule');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Trap);
    expect(String(thrown)).toBe('Trap: a rule');
    expect((thrown as Error).stack).toMatch(/^.*a rule\n {4}at /);
    expect((thrown as Error).stack).toContain('trap.test.ts');
    expect(() => trapIf(true, 'another')).toThrow(new Trap('another'));
    expect(trapIf(false, 'another')).toBeUndefined();
  });

  test('cannot be caught by core code, which can catch an error of the host', () => {
    expect(
      catching(() => {
        throw new Error('of the host');
      })(),
    ).toBe(1);
    expect(catching(() => {})()).toBe(0);
    expect(() => catching(() => trap('a rule'))()).toThrow('a rule');
  });
});

test('an exception of core code that leaves a component is a trap, and nothing else is', () => {
  const tag = new WebAssembly.Tag({ parameters: [] });
  const exception = new WebAssembly.Exception(tag, []);
  const error = new Error('of the host');
  expect(escaped(error)).toBe(error);
  expect(escaped(undefined)).toBeUndefined();
  expect(escaped(exception)).toBeInstanceOf(Trap);
  expect(() =>
    catching(() => {
      throw escaped(exception);
    })(),
  ).toThrow('uncaught exception propagated out of component');
});
