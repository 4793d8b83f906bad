/**
 * Builds two components with componentize-js (100 MB, which is installed for it), unless they are there, and runs them.
 *
 * The one of examples/components/quotes is JavaScript: it runs from the command line, and from code with and without
 * bindings, which are generated from the component itself. The other, packages/codegen/test/componentize, is TypeScript
 * written against the types of target `guest`: it has to compile, and then to do what the types say.
 *
 * The packages have to be built.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generate, guestTarget } from '../packages/codegen/dist/index.js';
import { compile as typeCheck } from '../packages/codegen/test/compile.ts';
import { compile, instantiate } from '../packages/component/dist/index.js';
import { resolve, selectWorld } from '../packages/parser/dist/index.js';
import { ComponentError } from '../packages/runtime/dist/index.js';
import { createWasi } from '../packages/wasi/dist/index.js';
import { wasiPackages } from '../examples/components/nested-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const quotes = join(root, 'examples/components/quotes');
const program = join(root, 'packages/cli/bin/wittle.js');
/** Each makes the guest one that does not compile. */
const mistakes = [
  ['look: ({ outer }: OwnCounter) => look(outer)', 'look: ({ outer }: OwnCounter) => String(look(outer))'],
  ['mayFail: (x) => mayFail(x)', 'mayFall: (x) => mayFail(x)'],
  ['export { remove as delete };', 'export { remove };'],
  ["import { ping } from 'in-line'", "import { pong as ping } from 'in-line'"],
  ["from 'log-it'", "from 'log-its'"],
  ["import logIt from 'log-it'", "import { logIt } from 'log-it'"],
  ["from 'test:versions/log@2.0.0';", "from 'test:versions/log@1.0.0';"],
  ['next(): number {\n    return', 'next(): bigint {\n    return'],
  ['new Door(level)', "new Door('middle')"],
  ["createTcpSocket('ipv4')", "createTcpSocket('ipv5')"],
  ['[Symbol.dispose](): void {', '[Symbol.dispose](): void { this.outer.stop();'],
  ['inOut = { ping, ', 'inOut = { '],
  ['  Counter: OwnCounter,\n', ''],
  ['new OuterMap()', 'new OuterMap(1)'],
];

let passed = 0;
let failed = 0;

const path = await build({
  name: 'quotes',
  source: readFileSync(join(quotes, 'quotes.js'), 'utf8'),
  wit: readFileSync(join(quotes, 'wit/world.wit'), 'utf8'),
  directory: join(quotes, 'out'),
});
const component = await compile(readFileSync(path));

await check('the command line: a command, with arguments and variables', async () => {
  equal(await wittle('run', path, '--env', 'SHELF=top', '--', 'to be', 'or not'), {
    code: 0,
    stdout: 'top: 1\ntop: 2\nTO BE\nOR NOT\n',
    stderr: '',
  });
  equal((await wittle('run', path)).code, 1);
});
await check('the command line: one function', async () => {
  equal(await wittle('run', path, '--invoke', 'shout("ça va")'), {
    code: 0,
    stdout: '"ÇA VA"\n',
    stderr: '',
  });
});
await check('without generated code', () => use(instantiate));
await check('with generated code', async () => {
  const bindings = join(quotes, 'out/bindings');
  rmSync(bindings, { recursive: true, force: true });
  const { code, stderr } = await wittle('generate', path, '--import-suffix', '.ts', '-o', bindings);
  equal({ code, stderr }, { code: 0, stderr: '' });
  const typed = await import(pathToFileURL(join(bindings, 'index.ts')));
  await use(typed.instantiate);
});
await relay();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Functions, resources, variants, options and errors. */
async function use(instantiateIt) {
  const stdout = new PassThrough();
  using wasi = createWasi({ stdout });
  const { library, shout } = await instantiateIt(component, wasi.imports);
  equal(await shout('ça va'), 'ÇA VA');
  const shelf = await new library.Shelf('top');
  const first = { text: 'to be', author: 'W. S.', tags: ['play', 'old'] };
  const second = { text: 'or not', tags: [] };
  equal(await shelf.put(first), 1);
  equal(await shelf.put(second), 2);
  equal(await shelf.find({ tag: 'by', val: 'W. S.' }), [first]);
  equal(await shelf.find({ tag: 'tagged', val: ['old'] }), [first]);
  equal((await shelf.find({ tag: 'all' })).length, 2);
  equal((await library.pick(shelf, 2n ** 63n + 1n)).text, 'or not');
  const error = await library.pick(await new library.Shelf('empty'), 1n).catch((thrown) => thrown);
  equal(error instanceof ComponentError ? error.payload : error, 'the shelf is empty');
  equal(String(stdout.read()), 'top: 1\ntop: 2\n');
}

/** The guest in TypeScript: what its types say, and what comes through it. */
async function relay() {
  const folder = join(root, 'packages/codegen/test/componentize');
  const directory = join(folder, 'out');
  const wit = readFileSync(join(folder, 'world.wit'), 'utf8');
  const guest = readFileSync(join(folder, 'guest.ts'), 'utf8');
  rmSync(join(directory, 'bindings'), { recursive: true, force: true });
  writeAll(join(directory, 'bindings'), guestFiles(`${wit}\n${wasiPackages()}`));

  await check('a guest in TypeScript compiles, and none that has a mistake', () => {
    const wrong = mistakes.map(([from, to], index) => {
      if (guest.split(from).length !== 2) throw new Error(`${from} is not in the guest, or more than once`);
      return [`wrong-${index}.ts`, guest.replace(from, to)];
    });
    const sources = [['guest.ts', guest], ...wrong];
    for (const [name, text] of sources) {
      writeFileSync(join(directory, name), text.replace('./guest.ts', `./${name}`));
    }
    const errors = typeCheck(directory, { isolatedDeclarations: false, declaration: false });
    const clean = sources.filter(([name]) => !errors.some((line) => line.startsWith(`${name}(`)));
    equal(
      [clean.map(([name]) => name), errors.filter((line) => !line.startsWith('wrong-'))],
      [['guest.ts'], []],
    );
  });

  const path = await build({ name: 'relay', source: stripTypeScriptTypes(guest), wit, directory });
  const component = await compile(readFileSync(path));
  await check('everything comes through a guest in TypeScript', () => useRelay(component, instantiate));
  await check('the same with generated code', async () => {
    const bindings = join(directory, 'host');
    rmSync(bindings, { recursive: true, force: true });
    const { code, stderr } = await wittle('generate', path, '--import-suffix', '.ts', '-o', bindings);
    equal({ code, stderr }, { code: 0, stderr: '' });
    await useRelay(component, (await import(pathToFileURL(join(bindings, 'index.ts')))).instantiate);
  });
}

/** Passes every kind of value through the guest and back. */
async function useRelay(component, instantiateIt) {
  const same = (x) => x;
  const all = (...values) => values;
  const seen = [];
  class Counter {
    constructor(from) {
      this.count = from;
    }
    static start(from) {
      return new Counter(from + 100);
    }
    next() {
      return ++this.count;
    }
    delete() {
      throw 'green';
    }
    [Symbol.dispose]() {
      seen.push(`counter ${this.count}`);
    }
  }
  class Map {
    size() {
      return 7;
    }
  }
  class Door {
    constructor(level) {
      this.level = level;
    }
    knock() {
      return `${this.level} door`;
    }
    [Symbol.dispose]() {
      seen.push('door');
    }
  }
  const fails = (x) => {
    if (x > 5) throw 'deep-red';
    return x;
  };
  const outer = {
    ...Object.fromEntries(
      ['bytes', 'bools', 'flagged', 'colored', 'valued', 'recorded'].map((name) => [name, same]),
    ),
    ...Object.fromEntries(['nested', 'several', 'mixed'].map((name) => [name, same])),
    numbers: all,
    big: all,
    failing(x) {
      throw x;
    },
    named: fails,
    alias: fails,
    delete: (number, text) => `${text}${number}`,
    new: () => 9,
  };
  using wasi = createWasi({ network: { listen: ['127.0.0.1:0'] } });
  const logIt = (text, level) => {
    if (text === '') throw 'nothing to say';
    return text.length + (level === 'high' ? 100 : 0);
  };
  const exports = await instantiateIt(component, {
    ...wasi.imports,
    'test:relay/kinds': outer,
    'test:relay/things': { Counter, look: ({ count }) => count, take: ({ count }) => count },
    'test:relay/globals': { Map_: Map, with: (map) => map ?? new Map() },
    'test:relay/users': {
      repeat: (rec, { count }) => Array.from({ length: count }, () => rec),
      mayFail: fails,
    },
    'test:versions/log@1.0.0': { log: (text) => text.length },
    'test:versions/log@2.0.0': { log: (text) => BigInt(text.length) },
    'in-line': { ping: (x) => x + 1 },
    logIt,
    Door,
  });
  const { kinds, things, users, inOut } = exports;

  const values = [
    { tag: 'nothing' },
    { tag: 'num', val: 2n ** 64n - 1n },
    { tag: 'text-case', val: 'ä€😀' },
    { tag: 'many', val: ['green', undefined] },
  ];
  const rec = {
    // componentize-js 0.22 passes an argument from 2^31 on to an import wrongly.
    aField: 2 ** 31 - 1,
    opt: undefined,
    delete: true,
    value: values[3],
    list: new BigInt64Array([-1n]),
  };
  const numbers = [
    new Int8Array([-128]),
    new Uint16Array([65535]),
    new Int16Array([-1]),
    new Uint32Array([4294967295]),
    new Int32Array([-2]),
    new Float32Array([0.5, NaN]),
    new Float64Array([-0, 1e300]),
  ];
  const big = [new BigUint64Array([2n ** 64n - 1n]), new BigInt64Array([-(2n ** 63n)]), 3n];
  equal(await kinds.bytes(new Uint8Array([1, 255])), new Uint8Array([1, 255]));
  equal(await kinds.numbers(...numbers), numbers);
  equal(await kinds.big(...big), big);
  equal(await kinds.bools([true, false]), [true, false]);
  equal(await kinds.flagged({ writeIt: true }), { readOnly: false, writeIt: true });
  equal(await kinds.colored('deep-red'), 'deep-red');
  equal(await kinds.valued(values), values);
  equal(await kinds.recorded(rec), rec);
  for (const value of [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 1 }]) {
    equal(await kinds.nested(value), value);
  }
  equal(
    await kinds.several([
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'e' },
    ]),
    [
      { tag: 'ok', val: 1 },
      { tag: 'err', val: 'e' },
    ],
  );
  equal(await kinds.mixed([1, '😀', 0.25, 's']), [1, '😀', 0.25, 's']);
  equal(await kinds.delete(3, 'x'), 'x x3');
  equal(await kinds.new(), 9);
  for (const color of ['green', 'deep-red']) equal(await failure(() => kinds.failing(color)), color);
  equal([await kinds.named(1), await kinds.alias(2), await users.mayFail(3)], [1, 2, 3]);
  for (const call of [kinds.named, kinds.alias, users.mayFail])
    equal(await failure(() => call(9)), 'deep-red');

  const counter = await new things.Counter(4);
  equal([await counter.next(), await things.look(counter)], [5, 5]);
  equal(await failure(() => counter.delete()), 'green');
  equal((await users.repeat(rec, counter)).length, 5);
  counter[Symbol.dispose]();
  equal(await things.take(await things.Counter.start(1)), 101);
  equal(await things.take(await new things.Counter(1)), 1);

  equal(await exports['test:versions/log@1.0.0'].log('abc'), 3);
  equal(await exports['test:versions/log@2.0.0'].log('abc'), 3n);
  equal([await inOut.ping(1), await inOut.first([rec, rec]), await inOut.first([])], [2, rec, undefined]);
  equal(await exports.probe('high'), [
    'bigint',
    'high',
    'high door',
    'ipv4',
    'size 14',
    'payload green',
    'an Error false',
  ]);
  equal(await exports.logLevel('four', 'high'), 104);
  equal(await failure(() => exports.logLevel('', 'low')), 'nothing to say');
  equal([await exports.delete(), await exports.default()], ['deleted', 'default']);
  // What was given away is the host's.
  equal(seen, ['counter 5', 'door']);
}

/** The error value that a call ends with. */
async function failure(call) {
  try {
    return `gave ${shown(await call())}`;
  } catch (error) {
    return error instanceof ComponentError ? error.payload : error;
  }
}

/** What target `guest` makes of a world. */
function guestFiles(text) {
  const { model, diagnostics } = resolve({ sources: [{ name: 'world.wit', text }] });
  const problems = diagnostics.map(({ message }) => message);
  if (model === undefined) throw new Error(problems.join('\n'));
  const made = generate(selectWorld(model, 'relay').world, guestTarget, { importSuffix: '.ts' });
  equal(made.diagnostics, []);
  return made.files;
}

function writeAll(directory, files) {
  for (const { path, contents } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), contents);
  }
}

/** A component of a program in JavaScript, built when its sources are not those it was built from. Gives its path. */
async function build({ name, source, wit, directory }) {
  const lock = readFileSync(join(quotes, 'pnpm-lock.yaml'), 'utf8');
  const witWorld = `${wit}\n${wasiPackages()}`;
  const digest = createHash('sha256').update([source, witWorld, lock].join('\0')).digest('hex').slice(0, 16);
  const out = join(directory, `${name}-${digest}.wasm`);
  if (existsSync(out)) return out;
  const { componentize } = await import(pathToFileURL(componentizeEntry()));
  console.log(`Making a component of ${name} …`);
  mkdirSync(directory, { recursive: true });
  const sourcePath = join(directory, `${name}.js`);
  writeFileSync(sourcePath, source);
  const made = await componentize({
    sourcePath,
    witWorld,
    worldName: name,
    disableFeatures: ['http', 'fetch-event'],
  });
  writeFileSync(out, made.component);
  return out;
}

/** componentize-js, installed when it is not there. */
function componentizeEntry() {
  const entry = join(quotes, 'node_modules/@bytecodealliance/componentize-js/src/componentize.js');
  if (existsSync(entry)) return entry;
  console.log('Installing componentize-js (100 MB) into examples/components/quotes …');
  const own = join(root, '.setup/node_modules/.bin/pnpm');
  const { status } = spawnSync(
    existsSync(own) ? own : 'pnpm',
    ['install', '--frozen-lockfile', '--ignore-scripts', '--reporter', 'silent'],
    { cwd: quotes, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error('pnpm install failed in examples/components/quotes');
  return entry;
}

function wittle(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error?.stack ?? String(error)}`);
  }
}

function equal(actual, expected) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`got ${shown(actual)}, expected ${shown(expected)}`);
}

function shown(value) {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));
}
