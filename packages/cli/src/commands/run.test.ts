import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '@wittle/component';
import { LinkError } from '@wittle/runtime';
import { runCommand } from '@wittle/wasi';
import { binary, folder, repository, wittle } from '../../test/command-line.ts';
import {
  command,
  component,
  echoing,
  exiting,
  looping,
  preview1,
  reading,
  trapping,
} from '../../test/modules.ts';

/** Components of this folder; their text stands beside them. */
const componentNamed = (name: string): Uint8Array<ArrayBuffer> =>
  readFileSync(join(repository, 'packages/cli/test/components', `${name}.wasm`));

const cwd = folder({
  'shop.wasm': componentNamed('shop'),
  'hello.wasm': componentNamed('hello'),
  'needs-db.wasm': componentNamed('needy'),
  'directories.wasm': componentNamed('directories'),
  'data/file': 'something',
  'ok.wasm': command([], []),
  'seven.wasm': exiting(7),
  'args.wasm': echoing('args'),
  'env.wasm': echoing('environ'),
  'trap.wasm': trapping(),
  'loop.wasm': looping(),
  'reading.wasm': reading(),
  'component.wasm': component,
  'bad-component.wasm': Uint8Array.of(...component, 0x77),
  'broken.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x77),
  'empty.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'needy.wasm': command(
    [
      { module: 'env', name: 'emscripten_now', params: 0, results: 1 },
      preview1('proc_fork', 0),
      { module: 'wasi:io/poll@0.3.0', name: 'poll', params: 0, results: 0 },
      { module: 'wasi:clocks/monotonic-clock@0.2.0', name: 'then', params: 0, results: 1 },
    ],
    [],
  ),
  'text.wat': '(module)',
});

/** Runs the binary: the guest's standard output is the process's. */
function spawned(...argv: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const env = { ...process.env, FROM_OUTSIDE: 'yes' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, 'run', ...argv], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, stdout, stderr };
}

describe('a program', () => {
  test.each([
    ['ok.wasm', 0],
    ['seven.wasm', 7],
  ])('%s gives its exit code, %d', async (file, code) => {
    expect(await wittle(cwd, 'run', file)).toEqual({ code, stdout: '', stderr: '' });
  });

  test('gets its file name and what stands behind --', () => {
    const { code, stdout, stderr } = spawned('./args.wasm', '--', '--flag', 'a b', '1', '-x=y', '--', '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\0')).toEqual(['args.wasm', '--flag', 'a b', '1', '-x=y', '--', '', '']);
  });

  test('gets the variables it is given, and no others', () => {
    expect(spawned('env.wasm').stdout).toBe('');
    expect(spawned('--env', 'A=1', '--env', 'B=x=y,z', '--env', 'C=', 'env.wasm').stdout).toBe(
      'A=1\0B=x=y,z\0C=\0',
    );
    expect(spawned('--env', 'FROM_OUTSIDE', '--env', 'NOT_THERE', 'env.wasm').stdout).toBe(
      'FROM_OUTSIDE=yes\0',
    );
  });

  test('gets the environment of the process when told so, with changes', () => {
    const variables = spawned('env.wasm', '--inherit-env', '--env', 'A=1').stdout.split('\0');
    expect(variables).toContain('FROM_OUTSIDE=yes');
    expect(variables).toContain('A=1');
    expect(spawned('env.wasm', '--inherit-env', '--env', 'FROM_OUTSIDE=no').stdout.split('\0')).toContain(
      'FROM_OUTSIDE=no',
    );
  });

  test('that never ends is ended by SIGINT', async () => {
    const child = spawn(process.execPath, [binary, 'run', 'loop.wasm'], { cwd, stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGINT');
  });

  test('ends although nobody closes its standard input', async () => {
    const child = spawn(process.execPath, [binary, 'run', 'seven.wasm'], {
      cwd,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});

describe('a component', () => {
  test('that is a command gets its arguments and prints', () => {
    expect(spawned('hello.wasm', '--', 'Größe')).toEqual({
      code: 0,
      stdout: 'hello.wasm Größe\n',
      stderr: '',
    });
  });

  test('that is a command and fails has exit code 1', () => {
    expect(spawned('hello.wasm')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test.each([
    ['add(1, 2)', '3'],
    [' add ( 1, 2, ) // sum', '3'],
    ['half(8)', 'ok(4)'],
    ['total([])', '0'],
    ['cart#total([{name: "a", price: 4294967295}, {price: 1, name: "b", note: "c"}])', '4294967296'],
    ['demo:shop/stock#total()', '3'],
    ['demo:shop/stock@1.2.0#total()', '3'],
    ['demo:shop/stock.total@1.2.0()', '3'],
    ['echo({name: "é\\n", price: 1})', '{name: "é\\n", price: 1}'],
    ['cart.echo({note: some("b"), price: 0, name: ""})', '{name: "", price: 0, note: some("b")}'],
  ])('gives the result of %s', async (call, printed) => {
    const invoke = call.startsWith('total') ? `cart#${call}` : call;
    expect(await wittle(cwd, 'run', '--invoke', invoke, 'shop.wasm')).toEqual({
      code: 0,
      stdout: `${printed}\n`,
      stderr: '',
    });
  });

  test('sees the directories it is given, and no others', async () => {
    const paths = async (...options: readonly string[]): Promise<string> =>
      (await wittle(cwd, 'run', 'directories.wasm', '--invoke', 'paths()', ...options)).stdout;
    expect(await paths()).toBe('[]\n');
    expect(await paths('--dir', 'data', '--dir', '.::/here::ro')).toBe('["data", "/here"]\n');
  });

  test('whose function gives an error prints it, with exit code 1', async () => {
    expect(await wittle(cwd, 'run', 'shop.wasm', '--invoke', 'fail("no \\"tea\\"")')).toEqual({
      code: 1,
      stdout: 'err("no \\"tea\\"")\n',
      stderr: '',
    });
    expect(await wittle(cwd, 'run', 'shop.wasm', '--invoke', 'half(7)')).toEqual({
      code: 1,
      stdout: 'err\n',
      stderr: '',
    });
  });

  test('whose function gives nothing prints nothing, and may exit with a code', async () => {
    expect(await wittle(cwd, 'run', 'shop.wasm', '--invoke', 'stop(42)')).toEqual({
      code: 42,
      stdout: '',
      stderr: '',
    });
  });

  test('that traps says so in one line, with exit code 1', () => {
    expect(spawned('shop.wasm', '--invoke', 'boom()')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: shop.wasm trapped: unreachable\n',
    });
  });

  test.each([
    ['keep()', 'wasi:keyvalue/store.bucket.constructor is not implemented by the host'],
    ['look-up()', 'wasi:keyvalue/store.open is not implemented by the host'],
  ])('runs although parts of WASI are missing, until it calls one: %s', async (call, reason) => {
    expect(await wittle(cwd, 'run', 'shop.wasm', '--invoke', call)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: shop.wasm trapped: ${reason}\n`,
    });
  });

  test('that imports anything else that is missing is told all of it', async () => {
    const missing = `error: cannot run needs-db.wasm:
  - no implementation of \`demo:db/store@1.0.0\` was given in \`imports\`
  - \`imports\` has no function \`log\`
  - no implementation of \`wasi:clocks/monotonic-clock@0.3.0\` was given in \`imports\`, and \`wasi:clocks/monotonic-clock@0.2.12\` is not compatible with it
`;
    for (const invoke of [[], ['--invoke', 'run()']]) {
      const { code, stdout, stderr } = await wittle(cwd, 'run', 'needs-db.wasm', ...invoke);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.slice(0, missing.length)).toBe(missing);
    }
  });
});

describe("in a program of one's own", () => {
  test('a component runs in one line', async () => {
    const options = { args: ['hello', 'you'], stdout: 'ignore', trapMissing: () => true } as const;
    expect(await runCommand(compile(componentNamed('hello')), options)).toBe(0);
    expect(await runCommand(compile(componentNamed('hello')), { ...options, args: [] })).toBe(1);
    await expect(runCommand(compile(componentNamed('hello')))).rejects.toThrow(
      'no implementation of `wasi:keyvalue/store@0.2.0`',
    );
    await expect(runCommand(compile(componentNamed('shop')))).rejects.toThrow(LinkError);
  });

  test('any function of a component is called', async () => {
    const sums: number[] = [];
    const call = ({ add }: { readonly add: (a: number, b: number) => number }): void => {
      sums.push(add(1, 2));
    };
    const shop = compile(componentNamed('shop'));
    expect(await runCommand(shop, { call, trapMissing: () => true })).toBe(0);
    expect(sums).toEqual([3]);
    expect(await runCommand(shop, { call: () => 4, trapMissing: () => true })).toBe(4);
  });
});

describe('what cannot be invoked says what to do', () => {
  test.each([
    [
      'add(1, x)',
      '--invoke:1:8: error[wave]: expected a whole number (u32), found `x`\n   1 | add(1, x)\n     |        ^\n',
    ],
    ['add(1)', '--invoke:1:6: error[wave]: the argument `b: u32` is missing\n   1 | add(1)\n     |      ^\n'],
    ['add', '--invoke:1:4: error[wave]: a call is written `add()`, with its arguments in the parentheses\n'],
    [
      'sub(1, 2)',
      `error: shop.wasm exports no function \`sub\` that --invoke can call
  hint: there is
    add: func(a: u32, b: u32) -> u32
    boom: func()
    stop: func(code: u8)
    keep: func()
    look-up: func() -> u32
    fail: func(why: string) -> result<u32, string>
    half: func(of: u32) -> result<u32>
    demo:shop/cart@1.2.0#echo: func(what: item) -> item
    demo:shop/cart@1.2.0#total: func(of: list<item>) -> u64
    demo:shop/stock@1.2.0#total: func() -> u32
`,
    ],
    [
      'total()',
      `error: \`total\` is not clear
  hint: there is
    demo:shop/cart@1.2.0#total: func(of: list<item>) -> u64
    demo:shop/stock@1.2.0#total: func() -> u32
`,
    ],
    ['open()', 'error: shop.wasm exports no function `open` that --invoke can call\n'],
  ])('%s', async (call, message) => {
    const { code, stdout, stderr } = await wittle(cwd, 'run', 'shop.wasm', '--invoke', call);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.slice(0, message.length)).toBe(message);
  });

  test('a core module', async () => {
    expect(await wittle(cwd, 'run', 'ok.wasm', '--invoke', 'add(1, 2)')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: --invoke needs a component, and ok.wasm is a core module: its functions know numbers only\n  hint: run it without --invoke, or make a component of it\n',
    });
  });
});

describe('what cannot be run says what to do', () => {
  const module = 'hint: give a component or a core module in binary form';
  test.each([
    [['nowhere.wasm'], 'error: cannot read nowhere.wasm: there is no such file or directory', module],
    [['.'], 'error: cannot read .: it is a directory', module],
    [['text.wat'], 'error: text.wat is not WebAssembly: it does not start with \\0asm', module],
    [
      ['component.wasm'],
      'error: component.wasm is not a command: it does not export `wasi:cli/run@0.2`\n',
      '',
    ],
    [
      ['shop.wasm'],
      'error: shop.wasm is not a command: it does not export `wasi:cli/run@0.2`\n',
      "hint: call a function of it: --invoke 'name(arguments)'; there is\n    add: func(a: u32, b: u32) -> u32\n",
    ],
    [['bad-component.wasm'], 'error: bad-component.wasm is not a valid component: ', 'at offset 0x8'],
    [['broken.wasm'], 'error: broken.wasm is not a valid module: ', ''],
    [
      ['empty.wasm'],
      'error: cannot run empty.wasm:\n  - the module does not export `wasi:cli/run@',
      'exports `_start`',
    ],
    [['trap.wasm'], 'error: trap.wasm trapped: unreachable\n', ''],
    [['ok.wasm', '--dir', 'nowhere'], 'error: --dir nowhere: there is no such file or directory', ''],
    [['ok.wasm', '--dir', 'ok.wasm::/x::ro'], 'error: --dir ok.wasm is not a directory', ''],
    [
      ['ok.wasm', '--dir', '.::/data', '--dir', '.::/data::ro'],
      'error: --dir `.::/data::ro`: the guest has a directory `/data` already',
      '',
    ],
    [['ok.wasm', '--dir', '.::'], 'error: --dir `.::` is not a directory for the guest', '`./data::/data`'],
    [['ok.wasm', '--dir', '.::a::b'], 'error: --dir `.::a::b` is not a directory for the guest', ''],
    [['ok.wasm', '--blocking', 'jspy'], 'error: --blocking cannot be `jspy`', 'there is `auto`, `jspi`, '],
    [['ok.wasm', '--time-limit', '-1'], 'error: --time-limit `-1` is no number of seconds above 0', ''],
    [
      ['ok.wasm', '--time-limit', '1', '--blocking', 'jspi'],
      'error: --time-limit needs a guest in a worker, and --blocking is `jspi`',
      'leave --blocking out',
    ],
    [['ok.wasm', '--env', '=A'], 'error: --env `=A` is not a variable', '--inherit-env'],
    [
      ['ok.wasm', '--allow-net', '127.0.0.1'],
      'error: --allow-net `127.0.0.1`: `127.0.0.1` does not say what it allows',
      'hint: it is `all`, or',
    ],
    [['ok.wasm', '--allow-net', 'connect=[::1'], 'error: --allow-net connect=`[::1` is not a grant: ', ''],
    [
      ['ok.wasm', '--allow-net', 'listen=example.com:80'],
      'error: --allow-net listen=`example.com:80` is not a grant: ',
      '',
    ],
    [['ok.wasm', 'a', 'b'], 'error: unknown arguments: a, b', 'what is for the guest stands behind `--`'],
    [['ok.wasm', '--flag'], 'error: unknown argument: flag', 'what is for the guest stands behind `--`'],
    [[], 'error: an argument is missing: wittle run <program>', 'wittle run --help'],
  ])('run %j', async (argv, message, hint) => {
    const { code, stdout, stderr } = await wittle(cwd, 'run', ...argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.slice(0, message.length)).toBe(message);
    expect(stderr).toContain(hint);
  });

  test('imports that nobody provides are named one by one', async () => {
    const { code, stderr } = await wittle(cwd, 'run', 'needy.wasm');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot run needy\.wasm:\n/);
    for (const name of [
      '`emscripten_now` of `env`',
      '`proc_fork` of `wasi_snapshot_preview1`',
      '`poll` of `wasi:io/poll@0.3.0`',
      '`then` of `wasi:clocks/monotonic-clock@0.2.0`',
    ]) {
      expect(stderr).toContain(`\n  - the module imports ${name}`);
    }
  });

  test('what has to wait, and may not', async () => {
    const args = [binary, 'run', 'reading.wasm', '--blocking', 'none'];
    const child = spawn(process.execPath, args, { cwd });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toBe(
      'error: reading.wasm cannot go on: `wasi_snapshot_preview1` `fd_read` would have to wait, and may not\n  hint: leave out --blocking\n',
    );
  });

  test('nothing, on a Node that cannot suspend a stack: the guest waits in a worker', async () => {
    const without = 'data:text/javascript,delete WebAssembly.Suspending';
    const child = spawn(process.execPath, ['--import', without, binary, 'run', 'reading.wasm'], { cwd });
    setTimeout(() => child.stdin.end(), 500);
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('what runs for longer than it may', () => {
    expect(spawned('loop.wasm', '--time-limit', '0.5')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: loop.wasm was ended: it ran for longer than 0.5 s, the --time-limit\n',
    });
  });

  test('a trap is one line, with exit code 1', () => {
    expect(spawned('trap.wasm')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: trap.wasm trapped: unreachable\n',
    });
  });
});
