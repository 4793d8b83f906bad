import { expect, test } from '@jest/globals';
import { waiting } from './abi/waiting.ts';
import { linkageOptions } from './component-link.ts';
import type { CoreFunction } from './core-world.ts';

test('what may wait in a world may wait in a component without core functions of its own, by the names of options', () => {
  const plain: CoreFunction = { name: 'plain', host: ['plain'], call: () => {} };
  const waits = (name: string): CoreFunction => ({
    ...plain,
    name,
    mayBlock: { params: [], result: undefined },
  });
  const imports = [
    { module: '$root', host: {}, functions: [plain, waits('log')] },
    { module: 'demo:shop/db@1.2.3', host: {}, functions: [waits('[method]table.query'), plain] },
  ];
  const mayBlock = ['log', 'demo:shop/db#[method]table.query'];
  const options = { blocking: 'jspi' } as const;
  expect(linkageOptions('demo:a/w', { imports, waiting }, options)).toEqual({
    blocking: 'jspi',
    mayBlock,
    syncExports: [],
  });
  expect(linkageOptions('demo:a/w', { imports, waiting, syncExports: ['now'] }, options).syncExports).toEqual(
    ['now'],
  );
  // In a world without a way to wait, no export gives a promise.
  expect(linkageOptions('demo:a/w', { imports }, options).syncExports).toEqual(['*']);
});
