/** How many bytes an adapter's glue has with its runtime, bundled, minified and compressed, without the core module. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { abiOut, bench, packages, peers } from '../folders.mjs';
import { installPeers } from '../programs.mjs';

/** Bytes after gzip, or `undefined` for an adapter whose files are not known here. */
export async function sizeOf(adapter) {
  const entry = entryOf(adapter);
  if (entry === undefined) return undefined;
  installPeers();
  const esbuild = await import(new URL('esbuild/lib/main.js', peers));
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['*/host.mjs'],
    plugins: [{ name: 'file URLs', setup: resolveFileUrls }],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function entryOf(adapter) {
  const [name, version] = adapter.split(':');
  switch (name) {
    case 'hand':
      return new URL('adapters/hand.mjs', bench);
    case 'wittle':
      return version === 'dynamic'
        ? new URL('component/dist/index.js', packages)
        : new URL('wittle/index.ts', abiOut);
    case 'jco':
      return new URL(`jco/${version}/micro.js`, abiOut);
    case 'wit2ts':
      return new URL('wit2ts/micro.mjs', abiOut);
    default:
      return undefined;
  }
}

function resolveFileUrls(build) {
  build.onResolve({ filter: /^file:/ }, ({ path }) => ({ path: fileURLToPath(path) }));
}
