import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, folder, repository, wittle } from '../test/command-line.ts';
import { shippedPackages } from './shipped-packages.ts';
import { loadWit } from './wit-input.ts';

/** Every strict option there is; unchecked declarations would hide mistakes in ours. */
const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
  skipLibCheck: false,
};

test('every world of every shipped package compiles, strictly and plainly, and is the same every time', async () => {
  const cwd = folder();
  const io = { stdout: () => {}, stderr: () => {}, cwd };
  const worlds: (readonly [string, string])[] = [];
  for (const id of shippedPackages().keys()) {
    const { model } = await loadWit(id, { features: [], 'all-features': false }, io);
    for (const world of model!.main.at(-1)!.worlds.keys()) worlds.push([id, world]);
  }
  expect(worlds).toEqual(
    expect.arrayContaining([
      ['wasi:sockets@0.2.12', 'imports'],
      ['wittle:adapter@0.1.0', 'libc'],
      ['wittle:adapter@0.1.0', 'adapter'],
    ]),
  );

  for (const [id, world] of worlds) {
    const [name] = id.replace(':', '-').split('@');
    for (const run of ['generated', 'again']) {
      const ran = await wittle(cwd, 'generate', id, '--world', world, '-o', join(run, `${name}-${world}`));
      expect(ran).toMatchObject({ code: 0, stderr: '' });
    }
  }
  expect(filesIn(join(cwd, 'again'))).toEqual(filesIn(join(cwd, 'generated')));

  mkdirSync(join(cwd, 'node_modules/@wittle'), { recursive: true });
  symlinkSync(join(repository, 'packages/runtime'), join(cwd, 'node_modules/@wittle/runtime'), 'junction');
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }');
  expect(compile(cwd, strictest)).toBe('');
  expect(compile(cwd, { strict: true })).toBe('');
}, 120_000);

/** What the compiler says about `generated/`. */
function compile(cwd: string, options: object): string {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'dom'],
    types: [],
    noEmit: true,
    ...options,
  };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['generated'] }));
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd, encoding: 'utf8' }).stdout;
}
