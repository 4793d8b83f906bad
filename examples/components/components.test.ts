/** The components of this folder, run by the command line and from code. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { compile, instantiate, type Component } from '@wittle/component';
import { ComponentError } from '@wittle/runtime';
import { createWasi, type Wasi } from '@wittle/wasi';
import { instantiate as instantiateShop, type Exports as Shop } from './shop/generated/index.ts';
import { instantiate as instantiateWords, type Exports as Words } from './words/generated/index.ts';

const wittle = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [wittle, 'run', ...args], (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
    child.stdin!.end(input);
  });
}

describe('words, a component in C for WASI 0.2', () => {
  const words = file('words/words.wasm');

  test('is a command', async () => {
    expect(await run([words, '--', '2'], 'The cat and the dog, and the bird')).toEqual({
      code: 0,
      stdout: '3 the\n2 and\n',
      stderr: '',
    });
  });

  test('has an exit code for its error', async () => {
    expect(await run([words], '')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test('reads as much as there is', async () => {
    const input = `${'lorem ipsum dolor '.repeat(20_000)}lorem`;
    expect(await run([words], input)).toMatchObject({ stdout: '20001 lorem\n20000 dolor\n20000 ipsum\n' });
  });

  test('is a library', async () => {
    expect(await run([words, '--invoke', 'count("a B b ç", 2)'])).toEqual({
      code: 0,
      stdout: 'ok([{word: "b", count: 2}, {word: "a", count: 1}])\n',
      stderr: '',
    });
    expect(await run([words, '--invoke', 'count("1 + 1", 2)'])).toMatchObject({
      code: 1,
      stdout: 'err(no-words)\n',
    });
  });
});

test('shop is run by the command line, too', async () => {
  const call = 'quick-sale("Zoë", [{name: "Äpfel 🍏", quantity: 3, cents: 45}])';
  expect(await run([file('shop/shop.wasm'), '--invoke', call])).toEqual({
    code: 0,
    stdout: '"Zoë\\n3 × Äpfel 🍏: 1.35 €\\n1.35 €"\n',
    stderr: '',
  });
});

describe.each([
  [
    'without generated code',
    async (words: Component, { imports }: Wasi) => instantiate<Words, object>(words, imports),
  ],
  ['with generated code', async (words: Component, { imports }: Wasi) => instantiateWords(words, imports)],
])('words, %s', (_, instantiateIt) => {
  const words = async (wasi: Wasi): Promise<Words> =>
    instantiateIt(await compile(readFileSync(file('words/words.wasm'))), wasi);

  test('waits for its standard input', async () => {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    using wasi = createWasi({ args: ['words', '1'], stdin, stdout });
    const { run: program } = await words(wasi);
    stdin.write('one two ');
    const running = program.run();
    setTimeout(() => stdin.end('two'), 20);
    await running;
    expect(String(stdout.read())).toBe('2 two\n');
    // There is nothing more to read.
    await expect(program.run()).rejects.toThrow(ComponentError);
  });

  test('counts, and throws what is an error', async () => {
    using wasi = createWasi();
    const { count } = await words(wasi);
    expect(await count("it's a dog's life: a dog's", 2)).toEqual([
      { word: 'a', count: 2 },
      { word: "dog's", count: 2 },
    ]);
    const many = Array.from({ length: 5000 }, (_, i) => `${'x'.repeat(i % 70)}${'y'.repeat(i / 70)}`);
    await expect(count(many.join(' '), 1)).rejects.toMatchObject({ payload: 'too-many-words' });
    expect(await count('fine', 1)).toEqual([{ word: 'fine', count: 1 }]);
  });
});

describe.each([
  ['without generated code', async (shop: Component) => instantiate<Shop, object>(shop, {})],
  ['with generated code', async (shop: Component) => instantiateShop(shop, {})],
])('shop, a component of two in UTF-8 and UTF-16, %s', (_, instantiateIt) => {
  const shop = async (): Promise<Shop> => instantiateIt(await compile(readFileSync(file('shop/shop.wasm'))));
  const apples = { name: 'Äpfel 🍏', quantity: 3, cents: 45n };

  test('lends a resource of the one to the other', async () => {
    const { carts, till } = await shop();
    using cart = new carts.Cart('Zoë 𝄞');
    cart.add(apples);
    cart.add({ name: 'tea', quantity: 1, cents: 250n });
    expect(cart.owner()).toBe('Zoë 𝄞');
    expect(cart.lines()).toEqual([apples, { name: 'tea', quantity: 1, cents: 250n }]);
    expect(till.receipt(cart)).toBe('Zoë 𝄞\n3 × Äpfel 🍏: 1.35 €\n1 × tea: 2.50 €\n3.85 €');
    // And again: it was given back.
    expect(till.receipt(cart)).toMatch(/3\.85 €$/);
    expect(carts.Cart.alive()).toBe(1);
  });

  test('gives a resource away, and it is gone', async () => {
    const { carts, till } = await shop();
    const cart = new carts.Cart('a');
    cart.add(apples);
    expect(till.pay(cart, 200n)).toBe(65n);
    expect(carts.Cart.alive()).toBe(0);
    expect(() => cart.owner()).toThrow(TypeError);
    expect(() => till.receipt(cart)).toThrow(TypeError);
  });

  test('throws an error value', async () => {
    const { carts, till } = await shop();
    const cart = new carts.Cart('a');
    cart.add(apples);
    expect(() => till.pay(cart, 1n)).toThrow(new ComponentError('1.34 € are missing'));
    expect(carts.Cart.alive()).toBe(0);
  });

  test('drops what is disposed of', async () => {
    const { carts } = await shop();
    {
      using cart = new carts.Cart('a');
      cart.add(apples);
      expect(carts.Cart.alive()).toBe(1);
    }
    expect(carts.Cart.alive()).toBe(0);
  });

  test('keeps carts apart, also those of other instances', async () => {
    const [one, other] = [await shop(), await shop()];
    const cart = new one.carts.Cart('a');
    expect(other.carts.Cart.alive()).toBe(0);
    expect(() => other.till.receipt(cart)).toThrow(TypeError);
    expect(one.till.receipt(cart)).toBe('a\n0.00 €');
  });

  test('makes and drops resources inside', async () => {
    const { carts, till } = await shop();
    expect(till.quickSale('Zoë', [])).toBe('Zoë\n0.00 €');
    expect(carts.Cart.alive()).toBe(0);
  });
});
