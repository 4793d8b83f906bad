import { expect, test } from '@jest/globals';
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
  expect(linkageOptions({ imports }, { blocking: 'jspi' })).toEqual({
    blocking: 'jspi',
    mayBlock: ['log', 'demo:shop/db#[method]table.query'],
  });
});
