import { describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { schemaProblems, targets, type Target } from '@wittle/codegen';
import { folder, generatedIn, wittle } from '../../test/command-line.ts';
import { defineConfig, type Config } from './config.ts';
import { configSchema } from './schema.ts';

const wit = 'package a:one;\nworld w { export f: func(); }\nworld v { export g: func(); }\n';
const names = ['wittle.config.json', 'wittle.config.ts', 'wittle.config.mts', 'wittle.config.js'];

/** What a run with this `wittle.config.json` says, without the line that is pointed at. */
async function complaint(config: string | object, ...argv: readonly string[]): Promise<string> {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  const cwd = folder({ 'one.wit': wit, 'wittle.config.json': text });
  const { code, stdout, stderr } = await wittle(cwd, 'generate', ...argv);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(generatedIn(cwd)).toEqual({ 'one.wit': wit, 'wittle.config.json': text });
  return stderr;
}

describe('a configuration', () => {
  const config = {
    projects: {
      one: { wit: 'one.wit', world: 'w', out: 'out/one', options: { importSuffix: '.ts' } },
      two: { wit: 'wit', world: 'v', outputs: [{ out: 'out/two' }, { target: 'guest', out: 'out/guest' }] },
    },
  };
  const files = {
    'app/one.wit': wit,
    'app/wit/one.wit': wit,
    'app/wittle.config.json': JSON.stringify(config),
  };

  test('builds all of its projects, or those that are asked for', async () => {
    const cwd = join(folder(files), 'app');
    const all = await wittle(cwd, 'generate');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout.replace(/\d+ (?:ms|lines|files)/g, '_')).toBe(
      'generated _ (_) for a:one/w into out/one/ in _\n' +
        'generated _ (_) for a:one/v into out/two/ in _\n' +
        'generated _ (_) for a:one/v into out/guest/ in _\n',
    );
    const one = await wittle(cwd, 'generate', '--project', 'one');
    expect(one.stdout).toMatch(/^generated .* into out\/one\/ in \d+ ms \(nothing changed\)\n$/);
    const header = generatedIn(join(cwd, 'out/one'))['index.ts']!.split('\n')[0];
    expect(header).toMatch(/world a:one\/w, from one\.wit\. Options: importSuffix="\.ts"\.$/);
  });

  test('gives the same bytes wherever it is started', async () => {
    const [here, there] = [folder(files), folder(files)];
    expect(await wittle(join(here, 'app'), 'generate')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await wittle(there, 'generate', '--config', 'app/wittle.config.json');
    expect({ code, into: stdout.match(/into \S+/g) }).toEqual({
      code: 0,
      into: ['into app/out/one/', 'into app/out/two/', 'into app/out/guest/'],
    });
    expect(generatedIn(there)).toEqual(generatedIn(here));
  });

  test('may have comments, commas at the end and a byte order mark', async () => {
    const text =
      '\ufeff{ // one\n  "projects": { "one": { "wit": "one.wit", "world": "w", "out": "out", }, }, /* two */ }';
    const cwd = folder({ 'one.wit': wit, 'wittle.config.json': text });
    expect(await wittle(cwd, 'generate')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what is wrong with a configuration is shown where it is', () => {
  test.each([
    ['', 'error[invalid-json]: wittle.config.json is empty\n'],
    [
      '{\n  "projects": {\n    "one": { "wit": one }\n  }\n}',
      "wittle.config.json:3:21: error[invalid-json]: this is no JSON: unexpected character 'o' found\n" +
        '   3 |     "one": { "wit": one }\n     |                     ^\n',
    ],
    [
      '{\n  "project": {}\n}',
      'wittle.config.json:2:3: error[invalid-config]: unknown property `project`\n' +
        '   2 |   "project": {}\n     |   ^^^^^^^^^\n  hint: did you mean `projects`?\n',
    ],
    ['[]', 'wittle.config.json:1:1: error[invalid-config]: must be object\n   1 | []\n     | ^\n'],
    [
      '{ "projects": { "one": { "wit": 1, "out": "out" } } }',
      'wittle.config.json:1:33: error[invalid-config]: must be string\n',
    ],
    [
      '{ "projects": { "one": { "out": "out" } } }',
      'wittle.config.json:1:17: error[invalid-config]: needs `wit`\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit" } } }',
      'wittle.config.json:1:17: error[invalid-config]: needs `out`, or `outputs`\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "outputs": [{ "out": "a" }], "target": "host" } } }',
      'wittle.config.json:1:73: error[invalid-config]: `target` cannot stand beside `outputs`\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "world": "w", "out": "out" }, "one": { "wit": "one.wit", "out": "b" } } }',
      'wittle.config.json:1:74: error[invalid-config]: property `one` is there twice\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "outputs": [{ "out": "a" }, { "out": "./a/" }] } } }',
      'wittle.config.json:1:81: error[invalid-config]: project `one` writes into ./a/ as well\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "target": "hots", "out": "a" } } }',
      'wittle.config.json:1:54: error[unknown-target]: there is no target `hots`\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "out": "a", "options": { "importSufix": ".ts" } } } }',
      'wittle.config.json:1:69: error[invalid-option]: unknown option `importSufix` of target host\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "outputs": [{ "out": "a", "options": { "importSuffix": "ts" } }] } } }',
      'wittle.config.json:1:99: error[invalid-option]: must be one of ".js", ".ts", ""\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "out": "a", "world": "x" } } }',
      'wittle.config.json:1:65: error[unknown-world]: world `x` not found in package `a:one`\n',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "out": "a" } } }',
      'wittle.config.json:1:33: error[ambiguous-world]: there is more than one world in package `a:one`; choose one\n',
    ],
    [
      '{ "projects": { "one": { "wit": "two.wit", "out": "a" } } }',
      'wittle.config.json:1:33: error[unreadable-file]: cannot read two.wit',
    ],
    [
      '{ "projects": { "one": { "wit": "one.wit", "target": "./target.mjs", "out": "a" } } }',
      'wittle.config.json:1:54: error[invalid-target]: cannot load target ./target.mjs: there is no such file or directory\n',
    ],
  ])('%s', async (text, message) => {
    expect((await complaint(text)).slice(0, message.length)).toBe(message);
  });

  test('all of it at once', async () => {
    const one = { wit: 1, world: 2, out: '' };
    expect((await complaint({ projects: { one }, extra: 1 })).match(/error\[/g)).toHaveLength(4);
  });

  test('of a thousand brackets, too', async () => {
    expect(await complaint(`{"projects":${'['.repeat(100_000)}`)).toMatch(
      /^wittle\.config\.json:1:\d+: error\[/,
    );
  });

  test('of pairs of brackets, as many as can be parsed and just more', async () => {
    for (let depth = 1000; depth <= 6000; depth += 500) {
      expect(await complaint('['.repeat(depth) + ']'.repeat(depth))).toMatch(
        /^wittle\.config\.json:1:1: error\[/,
      );
    }
  });

  test('two names of one directory', async () => {
    const outputs = [{ out: 'out' }, { out: 'link', target: 'guest' }];
    const text = JSON.stringify({ projects: { one: { wit: 'one.wit', world: 'w', outputs } } });
    const cwd = folder({ 'one.wit': wit, 'wittle.config.json': text });
    mkdirSync(join(cwd, 'out'));
    symlinkSync(join(cwd, 'out'), join(cwd, 'link'), 'junction');
    const { code, stderr } = await wittle(cwd, 'generate');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('error[invalid-config]: project `one` writes into link as well\n'),
    });
    expect(readdirSync(join(cwd, 'out'))).toEqual([]);
  });

  test('a project that is asked for and not there', async () => {
    const text = await complaint({ projects: { shop: { wit: 'one.wit', out: 'out' } } }, '-p', 'shp');
    expect(text).toMatch(
      /error\[unknown-project\]: there is no project `shp`\n.*\n.*\n {2}hint: did you mean `shop`\?\n$/,
    );
  });
});

describe('without a configuration', () => {
  test('there is nothing to do', async () => {
    expect(await wittle(folder(), 'generate')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error[no-config]: there is no <wit> to generate from, and no wittle.config.json, .ts or .js here\n' +
        '  hint: name a WIT and a directory: wittle generate wit -o src/bindings\n',
    });
  });

  test('with two, neither is taken', async () => {
    const cwd = folder(Object.fromEntries(names.slice(0, 2).map((name) => [name, ''])));
    expect((await wittle(cwd, 'generate')).stderr).toBe(
      'error[ambiguous-config]: there is more than one configuration here: wittle.config.json, wittle.config.ts\n' +
        '  hint: choose one with --config\n',
    );
  });

  test.each([
    [['--config', 'none.json'], 'error[unreadable-file]: cannot read none.json: there is no such file\n'],
    [['--config', 'one.toml'], 'error[invalid-config]: one.toml is neither JSON nor a module\n'],
    [['--world', 'w'], 'error: --world is for a single <wit>\n'],
    [['--import-suffix', '.ts'], 'error: --import-suffix is for a single <wit>\n'],
    [['one.wit', '-o', 'out', '--project', 'one'], 'error: --project is for a configuration\n'],
    [['one.wit', '-o', 'out', '--check', '--watch'], 'error: --check and --watch exclude each other\n'],
  ])('generate %j', async (argv, message) => {
    const { code, stderr } = await wittle(folder({ 'one.toml': '' }), 'generate', ...argv);
    expect({ code, stderr: stderr.slice(0, message.length) }).toEqual({ code: 1, stderr: message });
  });
});

describe('types and schema say the same', () => {
  // What is shipped is made of the same: scripts/generate.mjs.
  const shipped = configSchema(Object.values<Target<object>>({ ...targets }));
  const own: Target<object> = {
    name: 'own',
    description: 'a target of one’s own',
    optionsSchema: {},
    defaults: {},
    generate: () => ({ files: [], diagnostics: [] }),
  };

  const fit: readonly Config[] = [
    { projects: { a: { wit: 'w', out: 'o' } } },
    {
      $schema: './s.json',
      projects: { a: { wit: 'w', world: 'x', features: ['f'], allFeatures: true, out: 'o' } },
    },
    {
      projects: { a: { wit: 'w', target: 'host', out: 'o', options: { importSuffix: '', mayBlock: ['*'] } } },
    },
    { projects: { a: { wit: 'w', target: 'guest', out: 'o', options: { importSuffix: '.ts' } } } },
    {
      projects: {
        a: {
          wit: 'w',
          outputs: [
            { out: 'o', options: { readonly: true } },
            { target: 'guest', out: 'p' },
          ],
        },
      },
    },
    { projects: { a: { wit: 'w', target: './target.ts', out: 'o', options: { anything: 1 } } } },
    {
      projects: {
        a: { wit: 'w', target: '@me/target', out: 'o' },
        b: { wit: 'w', target: 'my-target', out: 'p' },
      },
    },
  ];

  test.each(fit.map((each) => [JSON.stringify(each), each] as const))('%s fits', (_, config) => {
    expect(schemaProblems(shipped, config)).toEqual([]);
    expect(schemaProblems(configSchema(), defineConfig(config))).toEqual([]);
  });

  test('a target may be an object, in a module', () => {
    const config = defineConfig({ projects: { a: { wit: 'w', target: own, out: 'o', options: { x: 1 } } } });
    expect(schemaProblems(configSchema(), config)).toEqual([]);
  });

  const wrong: readonly Config[] = [
    // @ts-expect-error: no projects
    {},
    // @ts-expect-error: no wit
    { projects: { a: { out: 'o' } } },
    // @ts-expect-error: no out
    { projects: { a: { wit: 'w' } } },
    // @ts-expect-error: no such property
    { projects: { a: { wit: 'w', out: 'o', optoins: {} } } },
    // @ts-expect-error: no such target
    { projects: { a: { wit: 'w', target: 'hots', out: 'o' } } },
    // @ts-expect-error: an option of no target
    { projects: { a: { wit: 'w', target: 'host', out: 'o', options: { importSufix: '' } } } },
    // @ts-expect-error: an option of host, which is what it is without a target
    { projects: { a: { wit: 'w', out: 'o', options: { importSuffix: '.mjs' } } } },
    // @ts-expect-error: an option of another target
    { projects: { a: { wit: 'w', target: 'stubs', out: 'o', options: { syncExports: [] } } } },
    // @ts-expect-error: a list it is not
    { projects: { a: { wit: 'w', outputs: { out: 'o' } } } },
    // @ts-expect-error: without a directory
    { projects: { a: { wit: 'w', outputs: [{ target: 'guest' }] } } },
    // @ts-expect-error: an option of another target, in a list
    { projects: { a: { wit: 'w', outputs: [{ target: 'stubs', out: 'o', options: { syncExports: [] } }] } } },
  ];

  test.each(wrong.map((each) => [JSON.stringify(each), each] as const))('%s does not', (_, config) => {
    expect(schemaProblems(shipped, config)).not.toEqual([]);
  });
});
