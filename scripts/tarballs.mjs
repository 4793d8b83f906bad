/** The packages as they would be published: tarballs, and a registry that has them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pnpm = join(root, '.setup', 'node_modules', '.bin', 'pnpm');

/** The folders of all that is published, each after those that it depends on. */
export const published = ['parser', 'runtime', 'codegen', 'component', 'adapter', 'wasi', 'cli', 'unplugin'];

/** Packs `packages/<name>`. Gives the path of the tarball, or what went wrong. */
export function pack(name, into) {
  const destination = join(into, name);
  mkdirSync(destination);
  const { status, stdout, stderr } = spawnSync(pnpm, ['pack', '--pack-destination', destination], {
    cwd: join(root, 'packages', name),
    encoding: 'utf8',
  });
  const text = `${stdout ?? ''}${stderr ?? ''}`;
  return status === 0
    ? { ok: true, text, tarball: join(destination, readdirSync(destination)[0]) }
    : { ok: false, text };
}

/**
 * A registry on the loopback that has these tarballs, and sends npm to `upstream` for everything else. Gives its URL, and
 * what ends it.
 */
export async function registry(tarballs, upstream) {
  const packages = new Map(tarballs.map((path) => [manifestOf(path).name, path]));
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    const path = packages.get(name);
    const file = name.startsWith('-/')
      ? tarballs.find((each) => basename(each) === name.slice(2))
      : undefined;
    if (path !== undefined) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(entryOf(path, `http://${request.headers.host}/-/${basename(path)}`)));
    } else if (file !== undefined) response.end(readFileSync(file));
    else response.writeHead(302, { location: new URL(request.url.slice(1), upstream).href }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** What a registry says of a package with one version. */
function entryOf(path, tarball) {
  const manifest = manifestOf(path);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    // For `npm --before`: they are as old as anything.
    time: { [manifest.version]: '2000-01-01T00:00:00.000Z' },
    versions: { [manifest.version]: { ...manifest, dist: { tarball, integrity } } },
  };
}

function manifestOf(path) {
  const { stdout } = spawnSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(stdout);
}
