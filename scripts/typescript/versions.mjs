/** The versions of TypeScript beside each other: those of `scripts/typescript`, which come there at first use (90 MB). */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Each with its folder, its `version`, the `name` of its minor version (`5.9`) and the path of its `tsc`; the newest last. */
export function typescriptVersions() {
  const aliases = Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies);
  if (!aliases.every((name) => existsSync(join(folder, 'node_modules', name)))) {
    console.log('installing older versions of TypeScript (90 MB) into scripts/typescript');
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  return [
    ...aliases.map((name) => join(folder, 'node_modules', name)),
    join(folder, '../../node_modules/typescript'),
  ].map((path) => {
    const { version, bin } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    return { path, version, name: version.replace(/\.\d+$/, ''), tsc: join(path, bin.tsc) };
  });
}
