/**
 * QuickJS, the command `qjs`, compiled for WASI from the sources in the package `qjsc` (whose addon for Node is not
 * built), and its own tests. posix/ has what it asks of POSIX beyond what wasi-libc has. The compiler takes a minute; the
 * command is kept in out/.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCompiler } from '../../examples/guest-c/build.mjs';
import { wittle, withDirectory } from './wittle.mjs';

const sources = fileURLToPath(new URL('node_modules/qjsc/deps/quickjs_2021_03_27/', import.meta.url));
const posix = fileURLToPath(new URL('posix/', import.meta.url));
const out = fileURLToPath(new URL('out/', import.meta.url));

const units = ['qjs', 'quickjs-libc', 'cutils', 'libregexp', 'libunicode', 'libbf', 'quickjs'];
const compile = [
  '--target=wasm32-wasip1',
  '-O1',
  '-w',
  '-D_GNU_SOURCE',
  '-D_WASI_EMULATED_SIGNAL',
  '-D_WASI_EMULATED_PROCESS_CLOCKS',
  // Its name for WebAssembly: no computed goto, no look at the stack pointer, no threads in Atomics.
  '-DEMSCRIPTEN',
  '-DCONFIG_BIGNUM',
  '-DCONFIG_VERSION="2021-03-27"',
  '-Iposix',
  '-include',
  'posix/posix.h',
];
const link = [
  '--target=wasm32-wasip1',
  '-Wl,--strip-all,--stack-first,-z,stack-size=1048576',
  '-lwasi-emulated-signal',
  '-lwasi-emulated-process-clocks',
];

/** QuickJS's own tests, with the lines that ask for what is not there. */
const tests = {
  closure: [],
  language: [],
  loop: [],
  bignum: [],
  op_overloading: [],
  // Ties are rounded to even only.
  builtin: [
    'assert((25).toExponential(0), "3e+1");',
    'assert((-25).toExponential(0), "-3e+1");',
    'assert((2.5).toPrecision(1), "3");',
    'assert((-2.5).toPrecision(1), "-3");',
    'assert((1.125).toFixed(2), "1.13");',
    'assert((-1.125).toFixed(2), "-1.13");',
  ],
  // No processes, and standard input is no terminal.
  std: ['test_popen();', 'test_os_exec();', 'assert(os.isatty(0));'],
};

const work = `
import * as std from 'std';
import * as os from 'os';
const [names] = os.readdir('/data');
const words = new Map();
for (const word of std.loadFile('/data/text.txt').match(/\\w+/g)) words.set(word, (words.get(word) ?? 0) + 1);
const file = std.open('/data/counts.json', 'w');
file.puts(JSON.stringify(Object.fromEntries([...words].sort(([a], [b]) => (a < b ? -1 : 1)))));
file.close();
const start = Date.now();
os.sleep(30);
console.log(names.filter((name) => name[0] !== '.').sort().join(), Date.now() - start >= 30, std.getenv('NAME'));
for (let line; (line = std.in.getline()) !== null;) console.log([...line].reverse().join(''));
os.setTimeout(() => {
  console.log(scriptArgs.slice(1).join('+'), 2n ** 100n);
  std.exit(3);
}, 20);
`;

/** `check(what, run)` runs one check, `equal(actual, wanted)` throws if they differ. */
export async function run({ check, equal }) {
  let qjs;
  await check('QuickJS is compiled from its sources', async () => {
    qjs = await build();
  });
  if (qjs === undefined) return;
  for (const [name, lines] of Object.entries(tests)) {
    await check(`QuickJS passes its own test_${name}.js`, () =>
      withDirectory((directory) => {
        let text = readFileSync(join(sources, `tests/test_${name}.js`), 'utf8');
        for (const line of lines) {
          if (!text.includes(line)) throw new Error(`there is no line ${line}`);
          text = text.replace(line, '');
        }
        writeFileSync(join(directory, 'test.js'), text);
        equal(wittle(['run', qjs, '--dir', `${directory}::/`, '--', '--std', '--bignum', '/test.js']), {
          code: 0,
          stdout: '',
          stderr: '',
        });
        equal(readdirSync(directory), ['test.js']);
      }),
    );
  }
  for (const blocking of ['jspi', 'worker']) {
    await check(`QuickJS runs a script with files, input, timers and variables (${blocking})`, () =>
      withDirectory((directory) => {
        writeFileSync(join(directory, 'text.txt'), 'to be or not to be');
        writeFileSync(join(directory, 'work.js'), work);
        const options = ['--blocking', blocking, '--dir', `${directory}::/data`, '--env', 'NAME=value'];
        equal(wittle(['run', qjs, ...options, '--', '/data/work.js', 'a', 'b'], 'one\ntwo\n'), {
          code: 3,
          stdout: 'text.txt,work.js true value\neno\nowt\na+b 1267650600228229401496703205376\n',
          stderr: '',
        });
        equal(readFileSync(join(directory, 'counts.json'), 'utf8'), '{"be":2,"not":1,"or":1,"to":2}');
      }),
    );
  }
}

/** The path of the command, which is compiled if it is not there for these sources and options. */
async function build() {
  const src = readSources(sources, /^(?!run-test262|qjsc|unicode_gen\.).*\.[ch]$/);
  const shims = { ...readSources(posix, /\.[ch]$/), sys: readSources(join(posix, 'sys'), /\.h$/) };
  const hash = createHash('sha256').update(JSON.stringify([src, shims, units, compile, link]));
  const path = join(out, `qjs-${hash.digest('hex').slice(0, 16)}.wasm`);
  if (existsSync(path)) return path;
  const clang = await loadCompiler(console.log);
  const objects = {};
  for (const source of [...units.map((name) => `src/${name}.c`), 'posix/posix.c']) {
    const object = source.replace(/.*\/(.*)\.c$/, '$1.o');
    const made = await clang([...compile, '-c', source, '-o', object], { src, posix: shims });
    objects[object] = made[object];
  }
  const { 'qjs.wasm': bytes } = await clang([...link, ...Object.keys(objects), '-o', 'qjs.wasm'], objects);
  mkdirSync(out, { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** The files of a folder with such names, as text. */
function readSources(from, names) {
  const found = readdirSync(from).filter((name) => names.test(name));
  return Object.fromEntries(found.toSorted().map((name) => [name, readFileSync(join(from, name), 'utf8')]));
}
