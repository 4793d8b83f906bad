/** The components of this folder, run by the command line and from code. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { compile, instantiate } from '@wittle/component';
import { ComponentError } from '@wittle/runtime';

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

describe('shop, a component of two in UTF-8 and UTF-16', () => {
  interface Cart extends Disposable {
    add(item: object): void;
    owner(): string;
    lines(): readonly object[];
  }
  interface Shop {
    readonly carts: { readonly Cart: { new (owner: string): Cart; alive(): number } };
    readonly till: {
      receipt(cart: Cart): string;
      pay(cart: Cart, cents: bigint): bigint;
      quickSale(owner: string, items: readonly object[]): string;
    };
  }
  const shop = async (): Promise<Shop> =>
    instantiate<Shop>(await compile(readFileSync(file('shop/shop.wasm'))));
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
    expect(
      await run([
        file('shop/shop.wasm'),
        '--invoke',
        'quick-sale("Zoë", [{name: "Äpfel 🍏", quantity: 3, cents: 45}])',
      ]),
    ).toEqual({ code: 0, stdout: '"Zoë\\n3 × Äpfel 🍏: 1.35 €\\n1.35 €"\n', stderr: '' });
    const { carts, till } = await shop();
    expect(till.quickSale('Zoë', [])).toBe('Zoë\n0.00 €');
    expect(carts.Cart.alive()).toBe(0);
  });
});
