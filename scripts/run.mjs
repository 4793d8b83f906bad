/**
 * `node scripts/run.mjs setup|test|demo`: installs what the repository needs, builds it, and runs the command.
 *
 * Starts on any Node from 20 on with npm beside it. pnpm comes from the npm registry into `.setup/`; the workspace's
 * own Node (newer than the one that started this script) comes with the workspace's dependencies.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const bin = join(root, 'node_modules', '.bin');
const [command = 'setup', ...rest] = process.argv.slice(2);
const pnpmVersion = '10.34.9';

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`This repository needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}

/** Runs a program in the repository with the workspace's binaries first on the PATH; a failure ends this script. */
function run(title, program, args) {
  const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env, shell: windows });
  if (error !== undefined || status !== 0) {
    console.error(
      `${title} failed${error === undefined ? ` with exit code ${status}` : `: ${error.message}`}`,
    );
    process.exit(status || 1);
  }
}

function setup() {
  const folder = join(root, '.setup');
  const manifest = join(folder, 'node_modules', 'pnpm', 'package.json');
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== pnpmVersion) {
    console.log(`Installing pnpm ${pnpmVersion} into .setup/ …`);
    mkdirSync(folder, { recursive: true });
    run('npm install pnpm', 'npm', [
      ...['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'],
      `pnpm@${pnpmVersion}`,
    ]);
  }
  run('pnpm install', join(folder, 'node_modules', '.bin', 'pnpm'), [
    'install',
    '--frozen-lockfile',
    '--reporter',
    'append-only',
    '--loglevel',
    'warn',
  ]);
  run('tsc -b', join(bin, 'tsc'), ['-b']);
}

const node = join(bin, windows ? 'node.exe' : 'node');
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
];
const commands = {
  setup: () => {},
  test: () => {
    run('The linter', join(bin, 'oxlint'), ['--deny-warnings']);
    run('The formatter', join(bin, 'prettier'), ['--check', '.', '--log-level', 'warn']);
    run('The type check of the tests', join(bin, 'tsc'), ['-p', 'tsconfig.test.json']);
    mkdirSync(join(root, 'out'), { recursive: true });
    run('The tests', node, [...jest, '--json', '--outputFile=out/jest.json', ...rest]);
  },
  demo: () =>
    run('The demo', node, ['--disable-warning=ExperimentalWarning', 'examples/tcp-echo/demo.mjs', ...rest]),
};

if (!Object.hasOwn(commands, command)) {
  console.error(`Unknown command ${command}; it is one of ${Object.keys(commands).join(', ')}.`);
  process.exit(1);
}
setup();
commands[command]();
