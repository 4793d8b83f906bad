/** Choosing a world by name, or the only one. */
import { expect, test } from '@jest/globals';
import { resolve } from './resolve.ts';
import { selectWorld } from './select-world.ts';

const text = `package demo:shop@1.0.0;
world shop {}
world market {}
package demo:bank@1.0.0 { world bank {} }
package demo:bank@2.0.0 { world bank {} }
package demo:clock { world clock {} }
`;

function select(name?: string, from = text): string {
  const { model } = resolve({ sources: [{ name: 'a.wit', text: from }] });
  const { world, diagnostics } = selectWorld(model!, name);
  if (world !== undefined) return world.name;
  const [found] = diagnostics;
  return `${found?.code}: ${found?.hint ?? ''}`;
}

test.each([
  ['market', 'market'],
  ['demo:shop/shop@1.0.0', 'shop'],
  ['demo:shop/shop', 'shop'],
  ['demo:bank/bank@2.0.0', 'bank'],
  ['demo:clock/clock', 'clock'],
])('%s is a world', (name, expected) => {
  expect(select(name)).toBe(expected);
});

test.each([
  [undefined, 'ambiguous-world: there is `demo:shop/shop@1.0.0`, `demo:shop/market@1.0.0`'],
  ['shopp', 'unknown-world: did you mean `shop`?'],
  ['demo:bank/bank', 'ambiguous-package-version: there is `demo:bank@1.0.0`, `demo:bank@2.0.0`'],
  ['demo:bank/bank@3.0.0', 'unknown-package: there is `demo:bank@1.0.0`, `demo:bank@2.0.0`'],
  ['a b', 'invalid-world-name: it looks like `my-world` or `namespace:package/my-world@1.2.3`'],
  ['shop}', 'invalid-world-name: it looks like `my-world` or `namespace:package/my-world@1.2.3`'],
])('%s is no world, and the hint says what there is', (name, expected) => {
  expect(select(name)).toBe(expected);
});

test('without a name the only world is chosen', () => {
  expect(select(undefined, 'package a:b; world only {} package c:d { world other {} }')).toBe('only');
});

test('a package without worlds says so', () => {
  expect(select(undefined, 'package a:b; interface c {}')).toBe('no-worlds: ');
});
