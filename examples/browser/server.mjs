/**
 * Serves the page of this folder on loopback, with the packages as they are built: `node server.mjs [port]`, then open
 * the address it prints.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = join(here, '../..');

/** Where the paths of addresses begin, and what they stand for. */
const places = [
  [/^\/packages\/([a-z]+\/dist\/.+)$/, (path) => join(repository, 'packages', path)],
  [/^\/((?:words|shop)\/.+)$/, (path) => join(repository, 'examples/components', path)],
  [/^\/((?:page|worker)\.js)$/, (path) => join(here, path)],
  [/^\/()$/, () => join(here, 'index.html')],
];
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.wit': 'text/plain; charset=utf-8',
};

/** Serves until it is closed. `onReport` is given what the page found. Returns the server and its address. */
export async function serve(port, onReport = () => {}) {
  // WebAssembly is allowed, `eval` is not; of inline scripts only the import map, which cannot be a file.
  const page = await readFile(join(here, 'index.html'), 'utf8');
  const [, importMap] = /<script type="importmap">([^]*?)<\/script>/.exec(page);
  const hash = createHash('sha256').update(importMap).digest('base64');
  const { imports } = JSON.parse(importMap);
  // Workers have no import map: for them, names are replaced as bundlers do.
  const resolved = (content) =>
    String(content).replace(/(?<=from )'(@wittle\/[^']+)'/g, (_, name) => `'/resolved${imports[name]}'`);
  const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`;

  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/report') {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text) => (body += text));
      request.on('end', () => {
        response.end();
        onReport(JSON.parse(body));
      });
      return;
    }
    const [, forWorker, path] = /^(\/resolved)?(.*)$/.exec(
      normalize(new URL(request.url, 'http://localhost').pathname),
    );
    const [pattern, file] = places.find(([each]) => each.test(path)) ?? [];
    const bytes = file === undefined ? undefined : readFile(file(pattern.exec(path)[1]));
    Promise.resolve(bytes).then(
      (content) => {
        if (content === undefined) return response.writeHead(404).end();
        const type = types[extname(path)] ?? types['.html'];
        response
          .writeHead(200, {
            'content-type': type,
            'content-security-policy': policy,
            // Memory that threads share is only for pages that are isolated from other origins.
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
          })
          .end(forWorker === undefined ? content : resolved(content));
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await serve(Number(argv[2] ?? 8080));
  console.log(address);
}
