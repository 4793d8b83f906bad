/**
 * Compiles C programs together with the socket library of this folder to a core module for wasm32-wasip1.
 *
 *     node build.mjs <entry.c>... -o out.wasm [-DNAME=VALUE]...
 *
 * The compiler is clang compiled to WebAssembly (`@yowasp/clang`); it is installed into this folder's own node_modules
 * when it is missing. The compiler sees fixed names only, so the same sources give the same bytes in any folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { argv, cwd, env, exit, platform, stderr } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** libc's functions that have to look at the descriptor first; src/io.c and src/poll.c say what they do. */
const WRAPPED = ['read', 'readv', 'write', 'writev', 'close', 'fcntl', 'ioctl', 'fstat', 'poll'];

const FLAGS = [
  '--target=wasm32-wasip1',
  '-std=c11',
  '-D_GNU_SOURCE',
  '-O2',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Iinclude',
  ...WRAPPED.map((name) => `-Wl,--wrap=${name}`),
  '-Wl,--strip-all',
  '-Wl,--gc-sections',
];

/**
 * Compiles `entry` (paths of C files) with the library and writes the module to `out`.
 * `defines` are macros, `{ NAME: 'VALUE' }`. Returns the bytes; throws with the compiler's messages.
 */
export async function build({ entry, out, defines = {}, log = () => {} }) {
  const runClang = await loadCompiler(log);
  const library = readTree(join(here, 'src'));
  const programs = entry.map((path) => [`program/${basename(path)}`, readFileSync(path, 'utf8')]);
  const files = { include: readTree(join(here, 'include')), src: library, program: {} };
  for (const [name, text] of programs) files.program[basename(name)] = text;

  const sources = Object.keys(library).filter((name) => name.endsWith('.c')).map((name) => `src/${name}`);
  const macros = Object.entries(defines).map(([name, value]) => (value === '' ? `-D${name}` : `-D${name}=${value}`));
  const args = ['clang', ...FLAGS, ...macros, ...programs.map(([name]) => name), ...sources, '-o', 'out.wasm'];

  let messages = '';
  const collect = (bytes) => { if (bytes) messages += new TextDecoder().decode(bytes); };
  let bytes;
  try {
    bytes = (await runClang(args, files, { stdout: collect, stderr: collect, fetchProgress: () => {} }))['out.wasm'];
  } catch (error) {
    throw new Error(messages || String(error));
  }
  if (messages) log(messages.trimEnd());
  if (out !== undefined) {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(out, bytes);
    log(`${relative(cwd(), resolve(out))}: ${bytes.length} bytes`);
  }
  return bytes;
}

/** The files of a folder and its folders, as text, by name in a stable order. */
function readTree(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(entries.map((entry) => {
    const path = join(folder, entry.name);
    return [entry.name, entry.isDirectory() ? readTree(path) : readFileSync(path, 'utf8')];
  }));
}

async function loadCompiler(log) {
  const bundle = join(here, 'node_modules', '@yowasp', 'clang', 'gen', 'bundle.js');
  if (!existsSync(bundle)) {
    log('installing @yowasp/clang (about 100 MB) into examples/guest-c/node_modules');
    // npm is a batch file on Windows, which only a shell can start.
    const windows = platform === 'win32';
    const done = spawnSync('npm', ['ci', '--prefix', windows ? `"${here}"` : here, '--no-audit', '--no-fund'],
      { stdio: ['ignore', 'ignore', 'inherit'], shell: windows, env });
    if (done.status !== 0) throw new Error(`npm ci failed in ${relative(cwd(), here) || '.'}`);
  }
  return (await import(pathToFileURL(bundle))).runClang;
}

function parseArguments(words) {
  const parsed = { entry: [], out: undefined, defines: {} };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '-o') {
      parsed.out = words[++i];
    } else if (word.startsWith('-D')) {
      const [name, ...value] = word.slice(2).split('=');
      parsed.defines[name] = value.join('=');
    } else {
      parsed.entry.push(word);
    }
  }
  return parsed;
}

if (argv[1] !== undefined && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const options = parseArguments(argv.slice(2));
  if (options.entry.length === 0 || options.out === undefined) {
    stderr.write('usage: node build.mjs <entry.c>... -o out.wasm [-DNAME=VALUE]...\n');
    exit(2);
  }
  try {
    await build({ ...options, log: (line) => stderr.write(`${line}\n`) });
  } catch (error) {
    stderr.write(`${error.message}\n`);
    exit(1);
  }
}
