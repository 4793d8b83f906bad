/** Components in binary form: what is read, and what is refused as malformed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { component, coreModule, plainName, section, text, vector } from '../../test/bytes.ts';
import { readCoreModule } from './core-module.ts';
import type { ComponentDefinition, Item } from './definition.ts';
import { InvalidBinary, MalformedBinary } from './reader.ts';
import { isComponent, readComponent } from './sections.ts';

const shop = new Uint8Array(readFileSync(new URL('../../test/shop.wasm', import.meta.url)));

const items = (...sections: readonly (readonly number[])[]): readonly Item[] =>
  readComponent(component(...sections)).items;

/** What is wrong with a component, as text. */
function problem(bytes: Uint8Array): string {
  try {
    readComponent(bytes);
  } catch (error) {
    if (error instanceof MalformedBinary) return `${error.message} @${error.offset}`;
    throw error;
  }
  return '';
}

const index = (value: number): object => ({ index: value });
const canon = { flag: false, options: [] };

describe('sections are read item by item', () => {
  test.each<[string, readonly number[], readonly object[]]>([
    ['nothing', vector(7), []],
    [
      'instances of core modules',
      vector(2, [0, 3, 1, ...text('env'), 0x12, 4], [1, 2, ...text('m'), 2, 5, ...text('t'), 4, 6]),
      [
        {
          kind: 'core instance',
          offset: 12,
          expression: { kind: 'instantiate', module: index(3), args: [{ name: 'env', index: 4 }] },
        },
        {
          expression: {
            kind: 'exports',
            exports: [
              { name: 'm', sort: 'memory', index: 5 },
              { name: 't', sort: 'tag', index: 6, offset: 30 },
            ],
          },
        },
      ],
    ],
    [
      'instances of components',
      vector(
        5,
        [0, 1, 1, ...text('x'), 1, 9],
        [1, 1, ...[2, ...text('i'), 1, 0, ...text('a:b/c')], 0, 0x11, 2],
      ),
      [
        {
          kind: 'instance',
          expression: {
            kind: 'instantiate',
            component: index(1),
            args: [{ name: 'x', sort: 'function', index: 9 }],
          },
        },
        {
          expression: {
            kind: 'exports',
            exports: [{ name: { name: 'i', implements: 'a:b/c' }, item: { sort: 'core module', index: 2 } }],
          },
        },
      ],
    ],
    [
      'aliases',
      vector(6, [5, 0, 1, ...text('a')], [0, 3, 1, 2, ...text('g')], [0, 0x10, 2, 1, 7], [4, 2, 3, 0]),
      [
        {
          kind: 'alias',
          offset: 12,
          alias: { kind: 'export', sort: 'instance', instance: 1, name: 'a' },
        },
        { alias: { kind: 'core export', sort: 'core global', instance: 2, name: 'g' } },
        { alias: { kind: 'outer', sort: 'core type', scopes: 1, index: 7 } },
        { alias: { kind: 'outer', sort: 'component', scopes: 3, index: 0 } },
      ],
    ],
    [
      'value types',
      vector(
        7,
        [0x72, 1, ...text('f'), 0x7d],
        [0x71, 2, ...text('a'), 1, 0x73, 0, ...text('b'), 0, 0],
        [0x67, 0x80, 0x01, 0x90, 0x4e],
        [0x6e, 1, ...text('x')],
        [0x6a, 0, 1, 0x64],
        [0x68, 0x80, 1],
        [0x65, 0],
        [0x63, 0x74, 5],
      ),
      [
        { definition: { kind: 'record', fields: [{ name: 'f', type: 'u8', offset: 14 }] } },
        {
          definition: {
            kind: 'variant',
            cases: [
              { name: 'a', type: 'string' },
              { name: 'b', type: undefined },
            ],
          },
        },
        { definition: { kind: 'fixed-length-list', element: index(128), length: 10000 } },
        { definition: { kind: 'flags', labels: [{ name: 'x' }] } },
        { definition: { kind: 'result', ok: undefined, err: 'error-context' } },
        { definition: { kind: 'borrow', resource: index(128) } },
        { definition: { kind: 'future', element: undefined } },
        { definition: { kind: 'map', key: 'char', value: index(5) } },
      ],
    ],
    [
      'functions and resources',
      vector(7, [0x43, 1, ...text('p'), 0x7f, 0, 3], [0x40, 0, 1, 0], [0x3f, 0x7f, 1, 4], [0x3f, 0x7e, 0]),
      [
        {
          kind: 'type',
          definition: {
            kind: 'function',
            async: true,
            params: [{ name: 'p', type: 'bool' }],
            result: index(3),
          },
        },
        { definition: { kind: 'function', async: false, params: [], result: undefined } },
        { definition: { kind: 'resource', rep: 'i32', destructor: index(4) } },
        { definition: { kind: 'resource', rep: 'i64', destructor: undefined } },
      ],
    ],
    [
      'component and instance types',
      vector(7, [
        ...[0x41, 4, 0x00, 0x60, 0, 0, 0x03, ...plainName('v'), 2, 1, 0x79],
        ...[0x02, 3, 2, 1, 0, 0x01, 0x42, 1, 0x04, ...plainName('r'), 3, 1],
      ]),
      [
        {
          definition: {
            kind: 'component',
            declarations: [
              { kind: 'core type' },
              { kind: 'import', name: { name: 'v' }, type: { kind: 'value', type: 'u32' } },
              { kind: 'alias', alias: { kind: 'outer', scopes: 1 } },
              {
                kind: 'type',
                definition: {
                  kind: 'instance',
                  declarations: [
                    { kind: 'export', name: { name: 'r' }, type: { kind: 'type', equals: undefined } },
                  ],
                },
              },
            ],
          },
        },
      ],
    ],
    [
      'canonical functions',
      vector(
        8,
        [0, 0, 1, 4, 1, 3, 0, 4, 2, 7, 5, 6],
        [1, 0, 2, 2, 5, 3, 6],
        [2, 9],
        [0x09, 0, 0x79, 1, 2],
        [0x0a, 0x7e, 1],
        [0x12, 3, 1],
        [0x20, 1, 2],
        [0x41, 1, 5, 6],
      ),
      [
        {
          kind: 'canon',
          canon: {
            kind: 'lift',
            callee: index(1),
            options: [
              { kind: 'utf16', offset: 16 },
              { kind: 'memory', index: 0 },
              { kind: 'realloc', index: 2 },
              { kind: 'callback', index: 5 },
            ],
            type: index(6),
          },
        },
        {
          canon: {
            kind: 'lower',
            callee: index(2),
            options: [{ kind: 'post-return', index: 3 }, { kind: 'async' }],
          },
        },
        { canon: { kind: 'resource.new', type: index(9) } },
        { canon: { ...canon, kind: 'task.return', result: 'u32', options: [{ kind: 'latin1+utf16' }] } },
        { canon: { ...canon, kind: 'context.get', context: { type: 'i64', slot: 1 } } },
        { canon: { ...canon, kind: 'stream.cancel-write', type: index(3), flag: true } },
        { canon: { ...canon, kind: 'waitable-set.wait', flag: true, memory: index(2) } },
        { canon: { ...canon, kind: 'thread.spawn-indirect', flag: true, type: index(5), table: index(6) } },
      ],
    ],
    [
      'the start',
      section(9, [1, 2, 3, 4, 1]),
      [{ kind: 'start', offset: 11, callee: index(1), args: [index(3), index(4)], results: 1 }],
    ],
    [
      'imports',
      vector(
        10,
        [...plainName('m'), 0, 0x11, 1],
        [1, ...text('t'), 3, 0, 2],
        [2, ...text('a:b/c@1'), 2, 1, ...text('.2.3'), 2, ...text('id'), 5, 3],
        [...plainName('v'), 2, 0, 4],
      ),
      [
        { kind: 'import', name: { name: 'm', offset: 13 }, type: { kind: 'core module', type: index(1) } },
        { type: { kind: 'type', equals: index(2) } },
        {
          name: { name: 'a:b/c@1', implements: undefined, versionSuffix: '.2.3', externalId: 'id' },
          type: { kind: 'instance', type: index(3) },
        },
        { type: { kind: 'value', equals: index(4) } },
      ],
    ],
    [
      'exports',
      vector(11, [...plainName('f'), 1, 3, 0], [...plainName('m'), 0, 0x11, 1, 1, 1, 2]),
      [
        {
          kind: 'export',
          name: { name: 'f' },
          item: { sort: 'function', index: 3, offset: 15 },
          type: undefined,
        },
        { item: { sort: 'core module', index: 1 }, type: { kind: 'function', type: index(2) } },
      ],
    ],
    [
      'values',
      vector(12, [0x79, 1, 5]),
      [{ kind: 'value', offset: 12, type: 'u32', bytes: new Uint8Array([5]) }],
    ],
    [
      'custom sections',
      section(0, [...text('hi'), 0xff]),
      [{ kind: 'custom', name: 'hi', contentsOffset: 14, contents: new Uint8Array([0xff]) }],
    ],
  ])('%s', (_name, bytes, expected) => {
    expect(items(bytes)).toMatchObject(expected);
  });

  test('core types, where a subtype has a zero before it and a module type has not', () => {
    expect(
      items(
        vector(
          3,
          [0x60, 1, 0x7b, 1, 0x63, 0x80, 1],
          [0, 0x50, 1, 0, 0x5f, 1, 0x78, 1],
          [0x4e, 2, 0x50, 0, 0x5e, 0x70, 0, 0x4f, 0, 0x60, 0, 0],
        ),
        vector(3, [
          ...[0x50, 4, 1, 0x60, 0, 0, 0, ...text('a'), ...text('b'), 2, 0x0d, 1, 2, 10],
          ...[2, 0x10, 1, 1, 0, 3, ...text('t'), 1, 0x70, 5, 0, 1],
        ]),
      ),
    ).toMatchObject([
      {
        kind: 'core type',
        definition: {
          kind: 'recursive types',
          types: [
            {
              final: true,
              supertypes: [],
              type: { kind: 'function', params: ['v128'], results: [{ nullable: true, heap: 128 }] },
            },
          ],
        },
      },
      {
        definition: {
          types: [
            {
              final: false,
              supertypes: [0],
              type: { kind: 'struct', fields: [{ type: 'i8', mutable: true }] },
            },
          ],
        },
      },
      {
        definition: {
          types: [
            { final: false, type: { kind: 'array', element: { type: { nullable: true, heap: 'func' } } } },
            { final: true, type: { kind: 'function' } },
          ],
        },
      },
      {
        definition: {
          kind: 'module',
          declarations: [
            { kind: 'type' },
            {
              kind: 'import',
              module: 'a',
              name: 'b',
              type: {
                kind: 'memory',
                type: { minimum: 1n, maximum: 2n, shared: false, address: 'i64', pageSize: 10 },
              },
            },
            { kind: 'alias', scopes: 1, index: 0 },
            {
              kind: 'export',
              name: 't',
              type: { kind: 'table', type: { element: { heap: 'func' }, minimum: 0n, maximum: 1n } },
            },
          ],
        },
      },
    ]);
  });

  test('components inside components, with offsets in the whole file', () => {
    const inner = component(vector(7, [0x73]));
    expect(items(section(4, inner), section(4, component()))).toMatchObject([
      {
        kind: 'component',
        offset: 11,
        definition: { offset: 11, items: [{ kind: 'type', offset: 23 }] },
      },
      { kind: 'component', definition: { items: [] } },
    ]);
  });

  test('core modules are views of the bytes, not copies', () => {
    const bytes = component(section(1, coreModule(section(10, [1, 2, 3]))));
    const [item] = readComponent(bytes).items;
    expect(item).toMatchObject({ kind: 'core module', offset: 11 });
    const module = (item as Extract<Item, { kind: 'core module' }>).bytes;
    expect(module.buffer).toBe(bytes.buffer);
    expect(module.byteOffset).toBe(11);
    expect(module.length).toBe(bytes.length - 11);
  });

  test('a number may have more bytes than it needs', () => {
    expect(items([7, 0x83, 0x80, 0x80, 0x80, 0x00, 0x81, 0x00, 0x73])).toMatchObject([
      { kind: 'type', definition: { kind: 'primitive', primitive: 'string' } },
    ]);
  });

  test('an attribute that is given twice is not malformed, only told', () => {
    const name = [2, ...text('i'), 2, 0, ...text('a:b/x'), 0, ...text('a:b/y')];
    expect(items(vector(10, [...name, 5, 0]))).toMatchObject([{ name: { hasRepeatedAttribute: true } }]);
  });

  test('what is not valid but can be read is read', () => {
    const found = items(vector(7, [0x72, 0], [0x71, 0], [0x6d, 0], [0x70, 60], [0x69, 99]));
    expect(found).toHaveLength(5);
  });

  test('shared memory is copied, as engines and decoders do not take it', () => {
    const bytes = component(section(0, text('hi')));
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const [item] = readComponent(shared).items;
    expect(item).toMatchObject({ kind: 'custom', name: 'hi' });
    expect((item as Extract<Item, { kind: 'custom' }>).contents.buffer).not.toBe(shared.buffer);
  });
});

describe('malformed', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'this is not WebAssembly @0'],
    ['a beginning', component().subarray(0, 7), 'this version of components is not known @4'],
    ['a core module', coreModule(), 'this is a core module, not a component @4'],
    [
      'a component where a core module should be',
      component(section(1, component())),
      'this is not a core module @11',
    ],
    [
      'a core module where a component should be',
      component(section(4, coreModule())),
      'this is a core module, not a component @15',
    ],
    ['an unknown section', component([13, 0]), 'there is no section 13 @8'],
    ['a section without a size', component([7]), 'unexpected end @9'],
    ['a section beyond the end', component([7, 3, 0]), 'unexpected end @10'],
    ['a section that is too short', component([7, 2, 1, 0x70]), 'unexpected end @12'],
    [
      'a section that is too long',
      component([7, 3, 1, 0x73, 0x73]),
      'the section is longer than its contents @12',
    ],
    ['a start with more', component(section(9, [0, 0, 0, 0])), 'the section is longer than its contents @14'],
    [
      'more elements than bytes',
      component([7, 4, 0xbf, 0x84, 0x3d, 0x73]),
      'a list is longer than what is left @10',
    ],
    [
      'a number of 33 bits',
      component([7, 0x81, 0x80, 0x80, 0x80, 0x10, 0]),
      'a number is larger than 32 bits @9',
    ],
    ['a number of six bytes', component(vector(6, [3, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0])), '@14'],
    ['a negative type index', component(vector(7, [0x70, 0x40])), 'this type is not known @13'],
    ['a long negative type index', component(vector(7, [0x70, 0xff, 0x7f])), '@13'],
    ['a name that is not UTF-8', component(section(0, [2, 0xff, 0xfe])), 'a name is not UTF-8 @12'],
    ['a surrogate in a name', component(section(0, [3, 0xed, 0xa0, 0x80])), 'a name is not UTF-8 @12'],
    ['an unknown type', component(vector(7, [0x62])), 'this type is not known @12'],
    ['an unknown core type', component(vector(3, [0x00, 0x60, 0, 0])), 'this type is not known @12'],
    ['an unknown core value type', component(vector(3, [0x60, 1, 0x7a, 0])), 'this type is not known'],
    ['an unknown heap type', component(vector(3, [0x60, 1, 0x64, 0x68, 0])), 'this type is not known @15'],
    [
      'unknown limits',
      component(vector(3, [0x50, 1, 3, ...text('m'), 2, 0x10, 1])),
      'this kind of limits is not known @18',
    ],
    [
      'a page size for a table',
      component(vector(3, [0x50, 1, 3, ...text('m'), 1, 0x70, 8, 1])),
      'this kind of limits is not known @19',
    ],
    [
      'a minimum of 65 bits',
      component(vector(3, [0x50, 1, 3, ...text('m'), 2, 4, ...Array(9).fill(0x80), 2])),
      'a number is larger than 64 bits @19',
    ],
    ['a flag that is 2', component(vector(8, [0x0c, 2])), 'this must be 0 or 1 @13'],
    ['an outer alias of a function', component(vector(6, [1, 2, 0, 0])), 'cannot be of this sort @12'],
    ['a core alias of an instance', component(vector(6, [5, 1, 0, 0])), 'cannot be of this sort @12'],
    [
      'an import in an instance type',
      component(vector(7, [0x42, 1, 3, 0])),
      'an instance type has no imports @14',
    ],
    ['a case that does not end with 0', component(vector(7, [0x71, 1, 1, 0x61, 0, 1])), 'this must be 0 @17'],
    ['an argument that is no instance', component(vector(2, [0, 0, 1, 1, 0x61, 0, 0])), '@17'],
  ])('%s', (_name, bytes, expected) => {
    expect(problem(bytes)).toContain(expected);
  });

  test.each([
    ['components', (inner: Uint8Array) => component(wide(4, inner))],
    ['component types', (inner: Uint8Array) => new Uint8Array([0x41, 1, 1, ...inner])],
  ])('%s that are nested too deep', (what, wrap) => {
    const nest = (levels: number): Uint8Array => {
      let bytes: Uint8Array = what === 'components' ? component() : new Uint8Array([0x73]);
      for (let level = 0; level < levels; level++) bytes = wrap(bytes);
      return what === 'components' ? bytes : component(wide(7, [1, ...bytes]));
    };
    expect(problem(nest(100))).toBe('');
    expect(problem(nest(101))).toContain('nested more than 100 levels deep');
    expect(problem(nest(400))).toContain('nested more than 100 levels deep');
  });
});

describe('hostile bytes', () => {
  const core = coreModule(
    vector(1, [0x60, 1, 0x7f, 0], [0x4e, 1, 0x5f, 1, 0x63, 1, 1]),
    vector(2, [...text('a'), ...text('f'), 0, 0], [...text('a'), ...text('m'), 2, 3, 1, 2]),
    vector(3, [0]),
    vector(4, [0x40, 0, 0x63, 1, 0, 1, 0xd0, 1, 0x0b]),
    vector(6, [0x7f, 0, 0x41, 0x80, 1, 0x41, 1, 0x6a, 0x0b]),
    vector(7, [...text('g'), 3, 0], [...text('t'), 1, 0], [...text('f'), 0, 1]),
    vector(10, [2, 0, 0x0b]),
  );
  const mixed = component(
    section(1, core),
    vector(2, [0, 0, 0]),
    vector(6, [0, 0, 1, 0, ...text('f')]),
    vector(7, [0x40, 1, ...text('p'), 0x73, 1, 0], [0x42, 1, 4, ...plainName('r'), 3, 1]),
    vector(3, [0x50, 2, 1, 0x60, 0, 0, 3, ...text('f'), 0, 0]),
    section(4, component(vector(7, [0x71, 1, ...text('x'), 1, 0x73, 0]))),
    vector(8, [0, 0, 0, 2, 3, 0, 0, 0], [0x20, 1, 2]),
    vector(10, [2, ...text('i'), 1, 0, ...text('a:b/c'), 5, 1]),
    vector(11, [...plainName('f'), 1, 0, 0]),
    section(0, [...text('name'), 1, 2]),
  );

  /** Reads all there is to read; anything but the two expected errors is thrown on. */
  function survives(bytes: Uint8Array): boolean {
    try {
      readModules(readComponent(bytes));
      return true;
    } catch (error) {
      if (!(error instanceof MalformedBinary || error instanceof InvalidBinary)) throw error;
      expect(error.offset).toBeLessThanOrEqual(bytes.length);
      return false;
    }
  }

  function readModules(definition: ComponentDefinition): void {
    for (const item of definition.items) {
      if (item.kind === 'core module') readCoreModule(item.bytes, item.offset);
      else if (item.kind === 'component') readModules(item.definition);
    }
  }

  test.each([
    ['written by hand', mixed],
    ['made by a tool', shop],
  ])('every beginning and every other byte of a component %s is read or refused', (_name, whole) => {
    expect(isComponent(whole)).toBe(true);
    expect(survives(whole)).toBe(true);
    for (let end = 0; end < whole.length; end++) survives(whole.subarray(0, end));
    for (let at = 0; at < whole.length; at++) {
      for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff, whole[at]! ^ 0x20]) {
        const bytes = whole.slice();
        bytes[at] = byte;
        survives(bytes);
      }
    }
  });

  test('thousands of components with pieces moved about are read or refused', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let read = 0;
    for (let run = 0; run < 4000; run++) {
      const whole = run % 2 === 0 ? mixed : shop;
      const bytes = whole.slice();
      for (let change = random(4); change >= 0; change--) {
        const [from, to, length] = [random(bytes.length), 8 + random(bytes.length - 8), random(12)];
        bytes.copyWithin(to, from, from + length);
      }
      if (survives(bytes)) read++;
    }
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(3900);
  });

  test('a long section is read in one go', () => {
    const count = 200_000;
    const leb = [(count & 0x7f) | 0x80, ((count >> 7) & 0x7f) | 0x80, count >> 14];
    const types = new Uint8Array(3 + count).fill(0x73);
    types.set(leb);
    expect(readComponent(component(wide(7, types))).items).toHaveLength(count);
  });
});

/** A section whose size takes five bytes. */
function wide(id: number, contents: Iterable<number>): readonly number[] {
  const bytes = [...contents];
  const size = [0, 7, 14, 21, 28].map((shift) => ((bytes.length >>> shift) & 0x7f) | (shift < 28 ? 0x80 : 0));
  return [id, ...size, ...bytes];
}
