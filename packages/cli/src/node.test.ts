import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '@wittle/codegen';
import { filesIn, folder, generatedIn, repository } from '../test/command-line.ts';
import { build, generateProject } from './node.ts';

const wit = 'package a:one;\nworld w { import b:dep/i; export g: func(); }\n';
const files = { 'wit/one.wit': wit, 'wit/deps/dep/i.wit': 'package b:dep;\ninterface i { f: func(); }\n' };

/** A target of one's own: a text that names the functions of a world. */
const functions: Target<{ readonly separator: string }> = {
  name: 'functions',
  description: 'the names of the functions of a world',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { separator: { type: 'string', maxLength: 3 } },
  },
  defaults: { separator: '\n' },
  generate: (world, { separator }) => {
    const names = [...world.exports.values()].flatMap((item) =>
      item.kind === 'world-function' ? [item.function.name] : [],
    );
    return { files: [{ path: 'functions.txt', contents: names.join(separator) }], diagnostics: [] };
  },
};

describe('a project in memory', () => {
  test('is files, and what they depend on', async () => {
    const cwd = folder(files);
    const { outputs, diagnostics, dependencies } = await generateProject({ wit: 'wit' }, { cwd });
    expect(diagnostics).toEqual([]);
    expect(
      outputs.map(({ target, world, files: made }) => [target, world, made.map(({ path }) => path)]),
    ).toEqual([['host', 'a:one/w', ['exports/$root.ts', 'imports/b/dep/i.ts', 'index.ts']]]);
    expect(dependencies).toEqual({
      files: [join(cwd, 'wit/one.wit'), join(cwd, 'wit/deps/dep/i.wit')],
      directories: [join(cwd, 'wit'), join(cwd, 'wit/deps'), join(cwd, 'wit/deps/dep')],
    });
    expect(filesIn(cwd)).toEqual(files);
  });

  test('may be a component', async () => {
    const path = join(repository, 'packages/component/test/decode/nothing/component.wasm');
    const cwd = folder({ 'tool.wasm': readFileSync(path) });
    const { outputs, dependencies } = await generateProject({ wit: join(cwd, 'tool.wasm') });
    expect(outputs[0]).toMatchObject({ target: 'host', world: 'root:component/root' });
    expect(dependencies).toEqual({ files: [join(cwd, 'tool.wasm')], directories: [] });
  });

  test('has several targets, among them those of others', async () => {
    const outputs = [{ target: 'host' as const }, { target: functions, options: { separator: ' ' } }];
    const made = await generateProject({ wit: 'wit', outputs }, { cwd: folder(files) });
    expect(made.diagnostics).toEqual([]);
    expect(made.outputs.map(({ target }) => target)).toEqual(['host', 'functions']);
    expect(made.outputs[1]!.files).toEqual([{ path: 'functions.txt', contents: 'g' }]);
  });

  test.each([
    [{ wit: 'none.wit' }, 'unreadable-file', 'cannot read none.wit'],
    [{ wit: 'wit', world: 'x' }, 'unknown-world', 'world `x` not found'],
    [
      { wit: 'wit', options: { importSuffix: 'x' } },
      'invalid-option',
      'options.importSuffix: must be one of',
    ],
    [
      { wit: 'wit', target: functions, options: { separator: 'long' } },
      'invalid-option',
      'options.separator: must NOT',
    ],
    [{ wit: 'wit', target: { ...functions, generate: 1 } }, 'invalid-target', 'has no `generate`'],
    [{ wit: 'wit', target: './none.mjs' }, 'invalid-target', 'cannot load target ./none.mjs: '],
    [
      {
        wit: 'wit',
        target: {
          ...functions,
          generate: () => {
            throw new Error('no luck');
          },
        },
      },
      'target-failed',
      'target functions failed: no luck',
    ],
    [
      {
        wit: 'wit',
        target: {
          ...functions,
          generate: () => ({ files: [{ path: '../x', contents: '' }], diagnostics: [] }),
        },
      },
      'invalid-path',
      'no path below the output directory',
    ],
    [
      {
        wit: 'wit',
        target: { ...functions, generate: () => ({ files: [{ path: 'x', contents: 1 }], diagnostics: [] }) },
      },
      'target-failed',
      'the contents of x are no text',
    ],
  ])('%j is a diagnostic', async (input, code, message) => {
    const { outputs, diagnostics } = await generateProject(input as never, { cwd: folder(files) });
    expect(outputs).toEqual([]);
    expect(diagnostics).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    ]);
  });

  test('names the file that is to appear', async () => {
    const cwd = folder();
    const { dependencies } = await generateProject({ wit: 'later/app.wit' }, { cwd });
    expect(dependencies.files).toEqual([join(cwd, 'later/app.wit')]);
  });
});

describe('a build', () => {
  test('writes, and then finds nothing to do', async () => {
    const cwd = folder(files);
    const config = {
      projects: {
        one: {
          wit: 'wit',
          outputs: [{ out: 'a' }, { target: functions, out: 'b', options: { separator: '' } }],
        },
      },
    };
    expect(await build({ cwd, config, check: true })).toMatchObject({ ok: false });
    expect(filesIn(cwd)).toEqual(files);
    expect(await build({ cwd, config })).toMatchObject({
      ok: true,
      diagnostics: [],
      projects: [
        { name: 'one', outputs: [{ target: 'host' }, { target: 'functions', directory: join(cwd, 'b') }] },
      ],
    });
    expect(await build({ cwd, config, check: true })).toMatchObject({ ok: true });
    expect(generatedIn(join(cwd, 'b'))).toEqual({ 'functions.txt': 'g' });
  });

  test('writes the projects that are right, and nothing of others', async () => {
    const cwd = folder({
      ...files,
      'bad.wit': 'package a:bad;\nworld w { import x; }\n',
      'other/mine.ts': '',
    });
    const config = {
      projects: {
        bad: { wit: 'bad.wit', out: 'bad' },
        half: { wit: 'wit', outputs: [{ out: 'half' }, { out: 'other' }] },
        good: { wit: 'wit', out: 'good' },
      },
    };
    const { ok, projects } = await build({ cwd, config });
    expect(ok).toBe(false);
    expect(
      projects.map(({ name, ok: isFine, diagnostics }) => [
        name,
        isFine,
        diagnostics.map(({ code }) => code),
      ]),
    ).toEqual([
      ['bad', false, ['unknown-item']],
      ['half', false, ['output']],
      ['good', true, []],
    ]);
    expect(
      Object.keys(generatedIn(cwd)).filter((path) => /^(?:bad\/|half|other|good\/index)/.test(path)),
    ).toEqual(['good/index.ts', 'other/mine.ts']);
  });
});
