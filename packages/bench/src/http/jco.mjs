/**
 * What `jco serve` runs, of a component that jco transpiled: `node jco.mjs <its JavaScript> [instance]`, with `instance`
 * what `--isolate-requests instance` makes of it.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { peers } from '../folders.mjs';

const [script, isolation] = process.argv.slice(2);
const shim = new URL('@bytecodealliance/preview2-shim/', peers);
const { HTTPServer } = await import(new URL('dist/nodejs/http.js', shim));
const guest = await import(pathToFileURL(script));
const server = new HTTPServer(isolation === undefined ? guest.incomingHandler : await isolated());
server.listen(0, '127.0.0.1');
console.log(`listening on 127.0.0.1:${server.address().port}`);

async function isolated() {
  const { WASIShim } = await import(new URL('dist/common/instantiation.js', shim));
  const modules = new Map();
  const module = (path) => {
    if (!modules.has(path))
      modules.set(path, new WebAssembly.Module(readFileSync(new URL(path, pathToFileURL(script)))));
    return modules.get(path);
  };
  return {
    handle: (request, out) =>
      guest.instantiate(module, new WASIShim().getImportObject()).incomingHandler.handle(request, out),
  };
}
