import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { binary, folder, generatedIn, repository, type Ran } from '../../test/command-line.ts';

const wit = 'package a:one;\nworld w { export f: func(); }\n';

const target = `import type { Target } from '@wittle/codegen';

export const target: Target<{ readonly text: string }> = {
  name: 'text',
  description: 'a text',
  optionsSchema: { type: 'object', additionalProperties: false, properties: { text: { type: 'string' } } },
  defaults: { text: 'none' },
  generate: (world, { text }) => ({
    files: [{ path: 'text.txt', contents: \`\${world.name}: \${text}\` }],
    diagnostics: [],
  }),
};
`;

/** A folder in which `wittle` is installed. */
function project(files: Readonly<Record<string, string>>): string {
  const cwd = folder({ 'package.json': '{ "type": "module" }', 'one.wit': wit, ...files });
  mkdirSync(join(cwd, 'node_modules'), { recursive: true });
  symlinkSync(join(repository, 'packages/cli'), join(cwd, 'node_modules/wittle'));
  return cwd;
}

function generate(cwd: string, ...argv: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, 'generate', ...argv], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status ?? -1, stdout, stderr: stderr.replaceAll(`${cwd}/`, '') };
}

describe('a configuration in TypeScript', () => {
  test('has types, imports and targets of its own', () => {
    const cwd = project({
      'target.ts': target,
      'out.ts': "export const out: string = 'made';\n",
      'wittle.config.ts': `import { defineConfig } from 'wittle';
import { out } from './out.ts';
import { target } from './target.ts';

export default defineConfig({
  projects: {
    one: { wit: 'one.wit', outputs: [{ target, out, options: { text: 'a' } }, { target: './target.ts', out: 'other' }] },
  },
});
`,
    });
    expect(generate(cwd, '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(generatedIn(join(cwd, 'made'))).toEqual({ 'text.txt': 'w: a' });
    expect(generatedIn(join(cwd, 'other'))).toEqual({ 'text.txt': 'w: none' });
    expect(generate(cwd, 'one.wit', '--target', './target.ts', '-o', 'third', '-q')).toMatchObject({
      code: 0,
    });
    expect(generatedIn(join(cwd, 'third'))).toEqual({ 'text.txt': 'w: none' });
  });

  test.each([
    [
      'export default { projects: { "one two": { wit: "one.wit", outputs: [{ out: "a", options: { importSuffix: 1 } }] } } };',
      'error[invalid-option]: wittle.config.ts: projects["one two"].outputs[0].options.importSuffix: must be one of ".js", ".ts", ""\n',
    ],
    ['export const config = {};', 'error[invalid-config]: wittle.config.ts has no default export\n'],
    [
      'const a: number = 1;\nthrow new Error("no luck");',
      'error[invalid-config]: cannot load wittle.config.ts: wittle.config.ts:2:7: no luck\n',
    ],
    ['export default {\n  a: ;\n};', 'error[invalid-config]: cannot load wittle.config.ts: '],
    ['throw null;', 'error[invalid-config]: cannot load wittle.config.ts: null\n'],
    ["import './none.ts';", 'error[invalid-config]: cannot load wittle.config.ts: Cannot find module '],
    [
      'export default { projects: { one: { wit: "one.wit", out: "a", world: "x" } } };',
      'error[unknown-world]: wittle.config.ts: projects.one.world: world `x` not found in package `a:one`\n',
    ],
  ])('%s', (text, message) => {
    const { code, stdout, stderr } = generate(project({ 'wittle.config.ts': text }));
    expect({ code, stdout, stderr: stderr.slice(0, message.length) }).toEqual({
      code: 1,
      stdout: '',
      stderr: message,
    });
  });

  test.each([
    ['import', "import { defineConfig } from 'wittle';\nexport default defineConfig({ projects: {} });"],
    ['export', 'export default { projects: {} };'],
  ])('that begins with an %s, in a package of CommonJS modules, is told what to do', (_, text) => {
    const files = { 'package.json': '{ "type": "commonjs" }', 'wittle.config.ts': text };
    const { code, stderr } = generate(project(files));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /error\[invalid-config\]: cannot load wittle\.config\.ts: .*it is an ES module, but is read as CommonJS\n  hint: set "type": "module" in package\.json, or let its name end in \.mts or \.mjs\n/,
      ),
    });
  });
});

describe('a target in a package', () => {
  test('is found from the configuration, even when it is for import alone', () => {
    const text = target.replace(/^import.*\n/, '').replace(/: Target<.*> =/, ' =');
    const cwd = project({
      'node_modules/one-target/package.json': '{ "type": "module", "exports": { "import": "./target.js" } }',
      'node_modules/one-target/target.js': text,
      'node_modules/@me/other/package.json': '{ "type": "module", "main": "target.js" }',
      'node_modules/@me/other/target.js': text.replace('export const target =', 'export default'),
      'wittle.config.mjs':
        "export default { projects: { one: { wit: 'one.wit', outputs: [{ target: 'one-target', out: 'a' }, { target: '@me/other', out: 'b' }] } } };",
    });
    expect(generate(cwd, '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(generatedIn(join(cwd, 'a'))).toEqual(generatedIn(join(cwd, 'b')));
    expect(generate(cwd, 'one.wit', '--target', 'no-target', '-o', 'c').stderr).toMatch(
      /^error\[invalid-target\]: cannot load target no-target: Cannot find module 'no-target'/,
    );
  });
});

describe('--watch', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill('SIGKILL'));

  /** Starts it, and gives its lines one after the other. */
  function start(cwd: string, ...argv: readonly string[]): () => Promise<string> {
    child = spawn(process.execPath, [binary, 'generate', '--watch', ...argv], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return async () => {
      const timer = setTimeout(() => child?.kill('SIGKILL'), 25_000);
      const { value, done } = await lines.next();
      clearTimeout(timer);
      if (done === true) throw new Error('there are no more lines');
      return value;
    };
  }

  test('reads a configuration again when a module that it imports changes, and ends with 0', async () => {
    const cwd = project({
      'target.ts': target,
      'text.ts': "export const text = 'first';\n",
      'wittle.config.ts': `import { target } from './target.ts';
import { text } from './text.ts';
export default { projects: { one: { wit: 'one.wit', target, out: 'out', options: { text } } } };
`,
    });
    const line = start(cwd);
    expect(await line()).toMatch(/^generated 1 file \(0 lines\) for a:one\/w into out\/ in \d+ ms$/);
    let last = await line();
    while (last.startsWith('generated')) last = await line();
    expect(last).toBe('watching for changes; interrupt to end');
    writeFileSync(join(cwd, 'text.ts'), "export const text = 'second';\n");
    do last = await line();
    while (last.endsWith('nothing changed'));
    expect(last).toMatch(/^generated one again in \d+ ms: 1 of 1 file changed$/);
    expect(readFileSync(join(cwd, 'out/text.txt'), 'utf8')).toBe('w: second');
    child!.kill('SIGTERM');
    expect(await once(child!, 'close')).toEqual([0, null]);
  });

  test('needs no configuration, gives a line of JSON for each build, and ends with 0', async () => {
    const cwd = project({});
    const line = start(cwd, 'one.wit', '-o', 'out', '--json');
    const event = async (): Promise<{ event: string; ok?: boolean }> =>
      JSON.parse(await line()) as { event: string };
    expect(await event()).toMatchObject({ event: 'build', ok: true });
    let last = await event();
    while (last.event === 'build') last = await event();
    expect(last).toEqual({ event: 'ready' });
    writeFileSync(join(cwd, 'one.wit'), 'world {');
    do last = await event();
    while (last.ok === true);
    expect(last).toMatchObject({ event: 'build', ok: false });
    child!.kill('SIGINT');
    expect(await once(child!, 'close')).toEqual([0, null]);
  });
});
