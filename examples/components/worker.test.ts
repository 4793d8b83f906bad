/** The components of this folder in workers, as they run where there is no JSPI. */
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { compile, type CompileOptions, type Component } from '@wittle/component';
import { ComponentError } from '@wittle/runtime';
import { runCommand, type RunOptions } from '@wittle/wasi';

const compiled = (name: string, options: CompileOptions = { portable: true }): Promise<Component> =>
  compile(readFileSync(new URL(`${name}/${name}.wasm`, import.meta.url)), options);

const inWorker: RunOptions = { blocking: 'worker', stdout: 'ignore' };

describe('words', () => {
  const words = compiled('words');

  test('waits for its standard input', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const running = runCommand(words, { ...inWorker, args: ['words', '1'], stdin, stdout });
    stdin.write('one two ');
    setTimeout(() => stdin.end('two'), 300);
    expect(await running).toBe(0);
    expect(String(stdout.read())).toBe('2 two\n');
  });

  test('has an exit code for its error', async () => {
    expect(await runCommand(words, inWorker)).toBe(1);
  });

  test('is a library', async () => {
    interface Words {
      readonly count: (text: string, atMost: number) => Promise<unknown>;
    }
    const results: unknown[] = [];
    const code = await runCommand(words, {
      ...inWorker,
      call: async ({ count }: Words) => {
        results.push(await Promise.all([count("it's a dog's life: a dog's", 1), count('two words', 2)]));
        results.push(await count('1 + 1', 1).catch((error: unknown) => error));
        return 9;
      },
    });
    expect(code).toBe(9);
    expect(results).toEqual([
      [
        [{ word: 'a', count: 2 }],
        [
          { word: 'two', count: 1 },
          { word: 'words', count: 1 },
        ],
      ],
      new ComponentError('no-words'),
    ]);
  });
});

test('shop makes resources inside; they stay there', async () => {
  interface Shop {
    readonly till: { readonly quickSale: (owner: string, lines: readonly object[]) => Promise<string> };
    readonly carts: { readonly Cart: (owner: string) => Promise<unknown> };
  }
  await runCommand(compiled('shop'), {
    ...inWorker,
    call: async ({ till, carts }: Shop) => {
      const tea = { name: 'tea', quantity: 1, cents: 250n };
      expect(await till.quickSale('Zoë', [tea])).toBe('Zoë\n1 × tea: 2.50 €\n2.50 €');
      await expect(carts.Cart('Zoë')).rejects.toThrow(TypeError);
    },
  });
});

test('what the caller of exports throws comes out, at once or later', async () => {
  const boom = new Error('boom');
  const thrown = runCommand(compiled('words'), {
    ...inWorker,
    call: () => {
      throw boom;
    },
  });
  await expect(thrown).rejects.toBe(boom);
  const rejected = runCommand(compiled('words'), { ...inWorker, call: () => Promise.reject(boom) });
  await expect(rejected).rejects.toBe(boom);
});

test('a component must have been compiled for it', async () => {
  await expect(runCommand(compiled('words', { portable: false }), inWorker)).rejects.toThrow(
    /`portable: true`/,
  );
});
