import { instantiate as instantiateWit } from './shop.wit';
import { instantiate, url } from './shop.wasm';
import { instantiate as instantiateCore } from './shop-core.wasm';
import { compile } from '@wittle/component';

export async function run() {
  const lines = [];
  const imports = { log: (text) => lines.push(text) };
  const cart = [
    { name: 'tea', count: 2 },
    { name: 'cup', count: 40 },
  ];
  const totals = [];
  for (const { prices } of [
    await instantiate(imports),
    await instantiateCore(imports),
    await instantiateWit(await compile(url), imports),
  ])
    totals.push(prices.total(cart));
  return { totals, lines, url: url.href };
}
