/**
 * The echo server in C of ../tcp-echo, whose sockets go through a layer in TypeScript.
 *
 *     node main.ts [<address> [<port> [<clients>]]]
 *
 * `wittle generate` makes what is in `generated/`.
 */
import { createAdapter } from '@wittle/adapter';
import { createWasi, WasiExit } from '@wittle/wasi';
import { firewall } from './firewall.ts';
import { instantiateGuest } from './generated/firewall/instantiate.ts';
import { instantiate, type Imports } from './generated/program/index.ts';

const [address = '127.0.0.1', port = '0', clients = '0'] = process.argv.slice(2);

// The host allows all of the loopback network, and the layer one address of it.
const wasi = createWasi({
  args: ['tcp-echo', address, port, clients],
  network: { listen: ['127.0.0.0/8:*'], connect: ['127.0.0.0/8:*'] },
});
const layer = instantiateGuest(
  firewall({
    allows: (_, to) => to.startsWith('127.0.0.1:'),
    log: (line) => console.error(`firewall: ${line}`),
  }),
  wasi.imports,
);
const imports: Imports = { ...wasi.imports, ...layer };

try {
  const program = new URL('../tcp-echo/guest/tcp-echo.wasm', import.meta.url);
  const { run } = await instantiate(program, imports, { adapter: createAdapter(wasi.imports) });
  await run.run();
} catch (error) {
  if (!(error instanceof WasiExit)) throw error;
  process.exitCode = error.code;
} finally {
  wasi.dispose();
}
