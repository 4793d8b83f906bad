/** Running other programs: installation, compilers, generators. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bench, peers, repository } from './folders.mjs';

const windows = process.platform === 'win32';

/** A JavaScript program in the Node that runs this, to its end; throws with what it said when it fails. */
export function runNode(args, options = {}) {
  run(process.execPath, ['--no-warnings', ...args], options);
}

/** Installs the peers where one is missing or another version, exactly as their lockfile says. */
export function installPeers() {
  const folder = new URL('peers/', bench);
  const { dependencies } = readJson(new URL('package.json', folder));
  const isThere = ([name, version]) => {
    const manifest = new URL(`${name}/package.json`, peers);
    return existsSync(manifest) && version.endsWith(readJson(manifest).version);
  };
  if (Object.entries(dependencies).every(isThere)) return;
  console.error('Installing jco, preview2-shim, wit2ts and clang (650 MB) into packages/bench/peers …');
  const own = fileURLToPath(new URL('.setup/node_modules/.bin/pnpm', repository));
  run(
    existsSync(own) ? own : 'pnpm',
    ['install', '--frozen-lockfile', '--ignore-workspace', '--ignore-scripts'],
    {
      cwd: folder,
      shell: windows,
    },
  );
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What jco transpiled imports preview2-shim by its name, which is not known outside of the peers. */
export function importShim(script) {
  const shim = new URL('@bytecodealliance/preview2-shim/dist/nodejs/', peers);
  const source = readFileSync(script, 'utf8');
  writeFileSync(script, source.replace(/'@bytecodealliance\/preview2-shim\/(.*?)'/g, `'${shim}$1.js'`));
}

/** Compiles our packages. What has not changed is not compiled again. */
export function buildPackages(names) {
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', repository));
  runNode([tsc, '-b', ...names.map((name) => fileURLToPath(new URL(`packages/${name}`, repository)))]);
}

function run(program, args, options) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (error?.code === 'ENOENT') throw new Error(`there is no ${program} here; \`npm run setup\` brings it`);
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed with ${status}:\n${stdout}${stderr}`);
}
