/** The implementation of WASI beside code of other shapes: TypeScript takes it where the shapes are its own. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { selectWorld, type World } from '@wittle/parser';
import { loadPackage } from '@wittle/parser/node';
import { afterAll, expect, test } from '@jest/globals';
import type { HostOptions } from '../src/index.ts';
import { compile } from './compile.ts';
import { generated, Workspace } from './generate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const workspace = new Workspace();
afterAll(() => workspace.remove());

function command(): World {
  const { model } = loadPackage(join(root, 'packages/wasi/wit'), {
    allFeatures: true,
    packages: [join(root, 'wit/wasi/0.2.12')],
  });
  return selectWorld(model!, 'command').world!;
}

const CHOICES: readonly (readonly [string, Partial<HostOptions>, boolean])[] = [
  ['Plain', {}, true],
  ['Branded', { brands: true }, true],
  [
    'Kept',
    { results: 'return', variants: 'kind', readonly: true, brands: true, defaultShapes: ['wasi:*'] },
    true,
  ],
  ['Returned', { results: 'return' }, false],
  ['Kinds', { variants: 'kind' }, false],
  ['All', { results: 'return', variants: 'kind', readonly: true, brands: true }, false],
];

test('all of WASI compiles in every shape, and is implemented in the default ones', () => {
  const world = command();
  for (const [, options] of CHOICES) workspace.write(generated(world, options));
  symlinkSync(join(root, 'packages/wasi'), join(workspace.path, 'node_modules/@wittle/wasi'));
  const lines = CHOICES.map(
    ([name, , fits], index) => `import type { Imports as ${name} } from './world-${index + 1}/index.ts';
${fits ? '' : '// @ts-expect-error'}
export const ${name.toLowerCase()}: ${name} = imports;`,
  );
  const program = `import type { WasiImports } from '@wittle/wasi';
declare const imports: WasiImports;
${lines.join('\n')}
`;
  writeFileSync(join(workspace.path, 'program.ts'), program);
  // The declarations of Node that the host's own need are not all as strict.
  const node = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')], skipLibCheck: true };
  expect(compile(workspace.path, node)).toEqual([]);
});
