import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { folder, repository, wittle } from '../../test/command-line.ts';

const cwd = folder({
  'a.wit': 'package a:b;\ninterface i { f: func(a: u32) -> bool; }\nworld w { import i; }\n',
});

const wide = join(repository, 'packages/component/test/decode/interfaces/component.wasm');

test('of a component, the world root:component/root and what it needs', async () => {
  const { code, stdout, stderr } = await wittle(cwd, 'resolve', wide);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { worlds, packages } = JSON.parse(stdout) as Record<string, readonly Record<string, unknown>[]>;
  expect(worlds!.map(({ name }) => name)).toEqual(['root']);
  expect(packages!.map(({ name }) => name)).toEqual(['a:b@1.2.3', 'root:component']);
});

const expected = {
  worlds: [{ name: 'w', imports: { 'interface-0': { interface: { id: 0 } } }, exports: {}, package: 0 }],
  interfaces: [
    {
      name: 'i',
      types: {},
      functions: {
        f: { name: 'f', kind: 'freestanding', params: [{ name: 'a', type: 'u32' }], result: 'bool' },
      },
      package: 0,
    },
  ],
  types: [],
  packages: [{ name: 'a:b', interfaces: { i: 0 }, worlds: { w: 0 } }],
};

test.each([[[]], [['--json']], [['--quiet']]])(
  'prints the model as JSON, two spaces a level, with %j',
  async (argv) => {
    const stdout = JSON.stringify(expected, null, 2);
    expect(await wittle(cwd, 'resolve', 'a.wit', ...argv)).toEqual({ code: 0, stdout, stderr: '' });
  },
);
