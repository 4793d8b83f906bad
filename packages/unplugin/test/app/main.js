/** The same guest in the three ways that it can be imported. */
import { compile } from '@wittle/component';
import { instantiate as instantiateCore } from './shop-core.wasm';
import { instantiate, url } from './shop.wasm';
import { instantiate as instantiateWit } from './shop.wit';

const imports = { log: (text) => console.log(text) };
const instances = [
  await instantiate(imports),
  await instantiateCore(imports),
  await instantiateWit(await compile(url), imports),
];
for (const { prices } of instances) console.log(prices.total([{ name: 'tea', count: 42 }]));
