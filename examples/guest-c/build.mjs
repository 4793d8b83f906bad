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

const COMPILE = [
  '--target=wasm32-wasip1',
  '-std=c11',
  '-D_GNU_SOURCE',
  '-O2',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Iinclude',
];
const LINK = ['--target=wasm32-wasip1', '-Wl,--strip-all', ...WRAPPED.map((name) => `-Wl,--wrap=${name}`)];

/**
 * Compiles `entry` (paths of C files; headers beside them are found) with the library and writes the module to `out`.
 * `defines` are macros, `{ NAME: 'VALUE' }`. Returns the bytes; throws with the compiler's messages.
 */
export async function build({ entry, out, defines = {}, log = () => {} }) {
  const clang = await loadCompiler(log);
  const macros = Object.entries(defines).map(([name, value]) =>
    value === '' ? `-D${name}` : `-D${name}=${value}`,
  );
  const programs = await compile(clang, macros, 'program', readPrograms(entry));
  const library = await compileLibrary(clang, macros);
  const objects = { ...programs, ...library };
  const { 'out.wasm': bytes } = await clang([...LINK, ...Object.keys(objects), '-o', 'out.wasm'], objects);
  if (out !== undefined) {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(out, bytes);
    log(`${relative(cwd(), resolve(out))}: ${bytes.length} bytes`);
  }
  return bytes;
}

const libraries = new Map();

/** The library's object files, compiled once for each set of macros. */
function compileLibrary(clang, macros) {
  const key = macros.join(' ');
  if (!libraries.has(key)) libraries.set(key, compile(clang, macros, 'src', readTree(join(here, 'src'))));
  return libraries.get(key);
}

/** Compiles the C files of `files`, which stand in `folder`, each to an object file `<folder>-<name>.o`. */
async function compile(clang, macros, folder, files) {
  const objects = {};
  for (const name of Object.keys(files).filter((each) => each.endsWith('.c'))) {
    const object = `${folder}-${name.slice(0, -2)}.o`;
    const tree = { include: readTree(join(here, 'include')), [folder]: files };
    objects[object] = (await clang([...COMPILE, ...macros, '-c', `${folder}/${name}`, '-o', object], tree))[
      object
    ];
  }
  return objects;
}

/** The entry files and the headers beside them, under their bare names. */
function readPrograms(entry) {
  const files = {};
  for (const path of entry) {
    for (const name of readdirSync(dirname(path))
      .filter((each) => each.endsWith('.h'))
      .sort()) {
      files[name] = readFileSync(join(dirname(path), name), 'utf8');
    }
    files[basename(path)] = readFileSync(path, 'utf8');
  }
  return files;
}

/** The files of a folder and its folders, as text, by name in a stable order. */
function readTree(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return [entry.name, entry.isDirectory() ? readTree(path) : readFileSync(path, 'utf8')];
    }),
  );
}

/** clang as a function from arguments and a tree of files to the tree afterwards; throws with its messages. */
export async function loadCompiler(log) {
  const bundle = join(here, 'node_modules', '@yowasp', 'clang', 'gen', 'bundle.js');
  if (!existsSync(bundle)) {
    log('installing @yowasp/clang (about 100 MB) into examples/guest-c/node_modules');
    // npm is a batch file on Windows, which only a shell can start.
    const windows = platform === 'win32';
    const done = spawnSync(
      'npm',
      ['ci', '--prefix', windows ? `"${here}"` : here, '--no-audit', '--no-fund'],
      { stdio: ['ignore', 'ignore', 'inherit'], shell: windows, env },
    );
    if (done.status !== 0) throw new Error(`npm ci failed in ${relative(cwd(), here) || '.'}`);
  }
  const { runClang } = await import(pathToFileURL(bundle));
  await runClang(null, {}, { fetchProgress: () => {} }); // loads the compiler without telling about it
  return async (args, files) => {
    let messages = '';
    const collect = (bytes) => {
      if (bytes) messages += new TextDecoder().decode(bytes);
    };
    try {
      return await runClang(['clang', ...args], files, { stdout: collect, stderr: collect });
    } catch (error) {
      throw new Error(messages || String(error), { cause: error });
    }
  };
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
