/**
 * The host of the echo server: the generated bindings between a C guest and WASI on Node.
 *
 *     node server.ts [<port> [<clients>]]
 *
 * The bindings in `bindings/` come from `wittle generate wit --world server --import-suffix .ts -o bindings`.
 */
import { createAdapter } from '@wittle/adapter';
import { createWasi, WasiExit } from '@wittle/wasi';
import { instantiate } from './bindings/index.ts';

const [port = '0', clients = '0'] = process.argv.slice(2);

const wasi = createWasi({
  args: ['tcp-echo', '127.0.0.1', port, clients, 'localhost'],
  // Nothing on the network is reachable but this.
  network: { listen: ['127.0.0.1:*'], resolve: ['localhost'], connect: ['127.0.0.1:*'] },
  onDenied: ({ message }) => console.error(message),
  // The bindings copy what they are lent.
  lendBytes: true,
});

try {
  const { run } = await instantiate(new URL('guest/tcp-echo.wasm', import.meta.url), wasi.imports, {
    adapter: createAdapter(wasi.imports),
  });
  await run.run();
} catch (error) {
  if (!(error instanceof WasiExit)) throw error;
  process.exitCode = error.code;
} finally {
  wasi.dispose();
}
