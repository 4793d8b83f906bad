/** Code that takes its types from host glue warns when there is none, and only then. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folder, wittle } from '../../test/command-line.ts';

const app = { 'app.wit': 'package a:app;\nworld w { import f: func(); export g: func(); }\n' };

/** The flags of what needs glue from `../bindings`. */
const needing: readonly (readonly string[])[] = [
  ['--target', 'stubs'],
  ['--target', 'mocks'],
  ['--target', 'guest', '--in-process', '--glue', '../bindings'],
];

describe.each(needing.map((flags) => ({ flags })))('$flags', ({ flags }) => {
  const generate = ['generate', 'app.wit', ...flags, '-o', 'src/made'];
  const where = flags.includes('--glue') ? '--glue: ' : '';
  const warning =
    `warning[missing-glue]: ${where}there is no src/bindings/index.ts, which the files in src/made/ import\n` +
    '  hint: generate it with --target host -o src/bindings, or say with --glue where it is\n';

  test('warns in one finding, and writes', async () => {
    const cwd = folder(app);
    expect(await wittle(cwd, ...generate)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^generated \d+ files /),
      stderr: warning,
    });
    expect(await wittle(cwd, ...generate, '--check')).toMatchObject({ code: 0, stderr: warning });
    // No file, and no glue.
    mkdirSync(join(cwd, 'src/bindings/index.ts'), { recursive: true });
    expect(await wittle(cwd, ...generate)).toMatchObject({ code: 0, stderr: warning });
  });

  test.each(['ts', 'js'])('says nothing when the glue is there (emit %s)', async (emit) => {
    const cwd = folder(app);
    await wittle(cwd, 'generate', 'app.wit', '-o', 'src/bindings', '--emit', emit);
    expect(await wittle(cwd, ...generate)).toMatchObject({ code: 0, stderr: '' });
    expect(await wittle(cwd, ...generate, '--check')).toMatchObject({ code: 0, stderr: '' });
    rmSync(join(cwd, 'src/bindings'), { recursive: true });
    expect(await wittle(cwd, ...generate)).toMatchObject({ code: 0, stderr: warning });
  });
});

test.each(['host', 'guest'])('target %s needs none', async (target) => {
  const flags = target === 'guest' ? ['--in-process'] : [];
  const ran = await wittle(folder(app), 'generate', 'app.wit', '--target', target, ...flags, '-o', 'made');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
});

test('as JSON it is a warning of its project, and all is well', async () => {
  const ran = await wittle(folder(app), 'generate', 'app.wit', '--target', 'stubs', '-o', 'made', '--json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: true,
    projects: [
      {
        ok: true,
        diagnostics: [
          {
            code: 'missing-glue',
            severity: 'warning',
            message: 'there is no bindings/index.ts, which the files in made/ import',
          },
        ],
      },
    ],
  });
});

describe('a configuration', () => {
  const stubs = { wit: 'app.wit', target: 'stubs', out: 'src/host', options: { glue: '../glue' } };
  const host = { wit: 'app.wit', out: 'src/glue' };
  const configured = (projects: object): string =>
    folder({ ...app, 'wittle.config.json': JSON.stringify({ projects }, undefined, 2) });

  test('that has the glue made, before or behind, in the same or another project, is quiet', async () => {
    const { wit, ...output } = stubs;
    for (const projects of [
      { stubs, host },
      { host, stubs },
      { one: { wit, outputs: [output, { out: host.out }] } },
    ]) {
      const cwd = configured(projects);
      // Nothing is there yet.
      const before = await wittle(cwd, 'generate', '--check');
      expect(before).toMatchObject({ code: 1, stderr: '' });
      expect(before.stdout).toMatch(/missing src\/glue\/index\.ts/);
      expect(await wittle(cwd, 'generate')).toMatchObject({ code: 0, stderr: '' });
      expect(await wittle(cwd, 'generate', '--check')).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('that has not is told at the option, when only that project is built too', async () => {
    const finding = /^wittle\.config\.json:8:17: warning\[missing-glue\]: there is no src\/glue\/index\.ts, /;
    expect(await wittle(configured({ stubs }), 'generate')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(finding),
    });
    const cwd = configured({ stubs, host });
    expect(await wittle(cwd, 'generate', '-p', 'stubs')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(finding),
    });
    expect(await wittle(cwd, 'generate', '-p', 'host')).toMatchObject({ code: 0, stderr: '' });
    expect(await wittle(cwd, 'generate', '-p', 'stubs')).toMatchObject({ code: 0, stderr: '' });
  });

  test('without the option is told at the directory', async () => {
    const { options: _, ...plain } = stubs;
    expect((await wittle(configured({ stubs: plain }), 'generate')).stderr).toMatch(
      /^wittle\.config\.json:6:14: warning\[missing-glue\]: there is no src\/bindings\/index\.ts, [^]*\n.*hint: add an output of target `host`/,
    );
  });

  test('may take glue that a guest brings along', async () => {
    const guest = { wit: 'app.wit', target: 'guest', out: 'src/guest', options: { inProcess: true } };
    const cwd = configured({
      stubs: { ...stubs, options: { glue: '../guest/in-process/host' } },
      guest,
    });
    expect((await wittle(cwd, 'generate', '--check')).stderr).toBe('');
    expect(await wittle(cwd, 'generate')).toMatchObject({ code: 0, stderr: '' });
  });

  test('of which something fails says only what failed', async () => {
    const { stderr, code } = await wittle(configured({ stubs: { ...stubs, wit: 'none.wit' } }), 'generate');
    expect(code).toBe(1);
    expect(stderr).not.toContain('missing-glue');
  });
});
