import { describe, expect, test } from '@jest/globals';
import { func, list, own, record, result, string, u32 } from '../../test/value-types.ts';
import type {
  ComponentType,
  Externs,
  ExternType,
  InstanceType,
  ValueType,
} from '../validate/component-type.ts';
import { exportedFunctions, functionsNamed } from './index.ts';

const externs = (items: Readonly<Record<string, ExternType>>): Externs =>
  new Map(
    Object.entries(items).map(([name, type]) => [
      name,
      {
        name: { name, offset: 0, implements: undefined, versionSuffix: undefined, externalId: undefined },
        type,
      },
    ]),
  );

const instance = (items: Readonly<Record<string, ExternType>>): InstanceType => ({
  kind: 'instance',
  exports: externs(items),
  resources: [],
});

const item = record({ name: string, price: u32 });
const place = record({ x: u32 });
const nested: ValueType = list(list(item));

const shop: ComponentType = {
  kind: 'component',
  imports: externs({ 'demo:shop/places': instance({ place: { kind: 'type', type: place } }) }),
  exports: externs({
    run: func({ from: place }),
    // oxlint-disable-next-line unicorn/no-thenable
    then: func({ 'no-name': u32 }),
    'demo:shop/cart@1.2.0': instance({
      item: { kind: 'type', type: item },
      total: func({ of: list(item) }, result(u32, string)),
      'start-again': func({}),
      open: func({}, own),
      'read-all': func({ from: { kind: 'stream', element: u32 } }),
      '[constructor]basket': func({}, own),
      '[method]basket.add': func({ self: own, what: item }),
      '[static]basket.count': func({ all: nested }, u32),
    }),
    'demo:shop/stock@1.2.0': instance({ total: func({}, u32) }),
    inner: instance({ deep: instance({ total: func({}) }) }),
  }),
  importedResources: [],
  exportedResources: [],
};

describe('functions that can be called with values', () => {
  test('are those without resources and streams, each with its place and its signature', () => {
    expect(exportedFunctions(shop).map(({ path, signature }) => [path, signature])).toEqual([
      [['run'], 'run: func(from: place)'],
      [['then_'], 'then: func(no-name: u32)'],
      [
        ['demo:shop/cart@1.2.0', 'total'],
        'demo:shop/cart@1.2.0#total: func(of: list<item>) -> result<u32, string>',
      ],
      [['demo:shop/cart@1.2.0', 'startAgain'], 'demo:shop/cart@1.2.0#start-again: func()'],
      [
        ['demo:shop/cart@1.2.0', 'Basket', 'count'],
        'demo:shop/cart@1.2.0#[static]basket.count: func(all: list<list<item>>) -> u32',
      ],
      [['demo:shop/stock@1.2.0', 'total'], 'demo:shop/stock@1.2.0#total: func() -> u32'],
      [['inner', 'deep', 'total'], 'inner#deep#total: func()'],
    ]);
  });

  test.each([
    ['run', ['run']],
    ['demo:shop/cart@1.2.0#total', ['demo:shop/cart@1.2.0#total']],
    ['demo:shop/cart#total', ['demo:shop/cart@1.2.0#total']],
    ['cart#total', ['demo:shop/cart@1.2.0#total']],
    ['cart.total', ['demo:shop/cart@1.2.0#total']],
    ['demo:shop/cart.total', ['demo:shop/cart@1.2.0#total']],
    ['demo:shop/cart.total@1.2.0', ['demo:shop/cart@1.2.0#total']],
    ['start-again', ['demo:shop/cart@1.2.0#start-again']],
    ['cart#[static]basket.count', ['demo:shop/cart@1.2.0#[static]basket.count']],
    ['total', ['demo:shop/cart@1.2.0#total', 'demo:shop/stock@1.2.0#total', 'inner#deep#total']],
    ['deep#total', []],
    ['demo:shop/cart@1.3.0#total', []],
    ['demo:other/cart#total', []],
    ['open', []],
    ['', []],
  ])('are found as `%s`', (name, expected) => {
    expect(functionsNamed(name, exportedFunctions(shop)).map((each) => each.name)).toEqual(expected);
  });
});
