/**
 * Makes each case's component.wasm from the world.wit or component.wat beside it, with the tools of jco, which
 * `pnpm bench` installs. With --check it only compares.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { componentEmbed, componentNew, parse } = await import(
  new URL('../../../bench/peers/node_modules/@bytecodealliance/jco/dist/api.js', import.meta.url)
);
const check = process.argv.includes('--check');
const stale = [];
for (const name of readdirSync(import.meta.dirname)) {
  const [world, text, out] = ['world.wit', 'component.wat', 'component.wasm'].map((file) =>
    join(import.meta.dirname, name, file),
  );
  if (!existsSync(world) && !existsSync(text)) continue;
  const bytes = Buffer.from(
    await (existsSync(world) ? componentOf(world) : parse(readFileSync(text, 'utf8'))),
  );
  if (existsSync(out) && readFileSync(out).equals(bytes)) continue;
  stale.push(name);
  if (!check) writeFileSync(out, bytes);
}
console.log(
  stale.length === 0 ? 'all as they should be' : `${check ? 'stale' : 'made'}: ${stale.join(', ')}`,
);
if (check && stale.length > 0) process.exitCode = 1;

/** A component of the world `w`; its functions trap. */
async function componentOf(world) {
  return componentNew(
    await componentEmbed({ dummy: true, witSource: readFileSync(world, 'utf8'), world: 'w' }),
    [],
  );
}
