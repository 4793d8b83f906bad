/** Results returned or thrown, variants in both profiles, through a guest that hands every call back to the host. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { compileSync } from '../../component/src/component.ts';
import { componentLinkage, type ComponentSource } from '../../runtime/src/types/index.ts';
import type { HostOptions } from '../src/index.ts';
import { echoGuest } from './echo.ts';
import { Workspace, worldOf, type Any } from './generate.ts';

const workspace = new Workspace();
const { ComponentError, LinkError, Trap, ValueError } = await workspace.runtime();
afterAll(() => workspace.remove());

const text = `package demo:api;
  interface calls {
    variant failure { not-found, refused(string), nested(option<option<u8>>) }
    record item { id: u32, last: failure }
    ask: func(n: u32) -> result<item, failure>;
    save: func(r: result<u32, failure>, o: option<option<u32>>) -> u32;
    plain: func() -> result;
    later: func(n: u32) -> result<u32, failure>;
    value: func() -> failure;
  }
  world w { import calls; export calls; }`;
const world = worldOf(text);

/** The calls of an instance over an implementation. */
async function calls(options: Partial<HostOptions>, host: object): Promise<Any> {
  const { instantiate } = await workspace.load(world, options);
  const unused = { ask: never, save: never, plain: never, later: never, value: never };
  return (await instantiate(echoGuest(world), { 'demo:api/calls': { ...unused, ...host } })).calls;
}

function never(): never {
  throw new Error('not called');
}

const waits = { mayBlock: ['demo:api/calls#later'] };
const item = { id: 1, last: { tag: 'refused', val: 'no' } };
const kindItem = { id: 1, last: { kind: 'Refused', value: 'no' } };

describe('results returned', () => {
  const options = { results: 'return' } as const;

  test.each([
    [{ tag: 'ok', val: item }],
    [{ tag: 'err', val: { tag: 'not-found' } }],
    [{ tag: 'err', val: { tag: 'nested', val: { tag: 'some', val: undefined } } }],
  ])('pass from the implementation to the program as they are: %j', async (result) => {
    const { ask } = await calls(options, { ask: () => result });
    expect(ask(1)).toEqual(result);
  });

  test('have no payload where their type has none', async () => {
    const results = [{ tag: 'ok' }, { tag: 'err' }];
    const { plain } = await calls(options, { plain: () => results.shift() });
    expect([plain(), plain()]).toEqual([{ tag: 'ok' }, { tag: 'err' }]);
  });

  test('are what promises resolve to', async () => {
    const results = [
      { tag: 'ok', val: 3 },
      { tag: 'err', val: { tag: 'not-found' } },
    ];
    const { later } = await calls({ ...options, ...waits }, { later: async () => results.shift() });
    expect(await later(1)).toEqual({ tag: 'ok', val: 3 });
    expect(await later(1)).toEqual({ tag: 'err', val: { tag: 'not-found' } });
  });

  test.each([
    ['a payload', { tag: 'not-found' }],
    ['a ComponentError', new ComponentError({ tag: 'not-found' })],
    ['an error', new Error('disk full')],
  ])(
    '%s that is thrown is no result: the implementation has failed, and the instance is lost',
    async (_, thrown) => {
      const { ask, value } = await calls(options, {
        ask: () => {
          throw thrown;
        },
      });
      expect(caught(() => ask(1))).toBe(thrown);
      expect(() => value()).toThrow(Trap);
    },
  );

  test('what a promise is rejected with is thrown likewise', async () => {
    const thrown = new ComponentError({ tag: 'not-found' });
    const { later, value } = await calls({ ...options, ...waits }, { later: () => Promise.reject(thrown) });
    await expect(later(1)).rejects.toBe(thrown);
    await expect(value()).rejects.toThrow(Trap);
  });

  test.each([
    ['the bare value', 5, 'expected object, got number 5'],
    ['nothing', undefined, 'expected object, got undefined'],
    ['an object without a tag', item, '.tag: expected "ok" | "err", got undefined'],
    ['the other profile', { kind: 'Ok', value: kindItem }, '.tag: expected "ok" | "err", got undefined'],
    [
      'a wrong payload',
      { tag: 'ok', val: { id: 1, last: { tag: 'gone' } } },
      '.val.last.tag: expected "not-found" |',
    ],
  ])('%s from an implementation is an error that says where', async (_, given, reason) => {
    const { ask } = await calls(options, { ask: () => given });
    const error = caught(() => ask(1));
    expect(error).toBeInstanceOf(ValueError);
    expect((error as Error).message).toContain(
      `demo:api/calls.ask → result${reason.startsWith('.') ? '' : ': '}${reason}`,
    );
  });

  test('wrong arguments are thrown all the same', async () => {
    const { ask } = await calls(options, { ask: () => ({ tag: 'ok', val: item }) });
    expect(() => ask('1')).toThrow('demo:api/calls.ask → n: expected u32, got string "1"');
    expect(ask(1)).toEqual({ tag: 'ok', val: item });
  });

  test('a constructor throws its error: it can only give its object', async () => {
    const made = worldOf(`package demo:a;
      interface host { resource thing { constructor(n: u32) -> result<thing, string>; get: func() -> result<u32, string>; } }
      interface api { use host.{thing}; make: func() -> u32; }
      world w { import host; export api; }`);
    const { instantiateSync } = await workspace.load(made, options);
    const { i32, call, load32, WasmModule, drop, get } = await import('./wasm.ts');
    const module = new WasmModule();
    const create = module.import('demo:a/host', '[constructor]thing', {
      params: ['i32', 'i32'],
      results: [],
    });
    const read = module.import('demo:a/host', '[method]thing.get', { params: ['i32', 'i32'], results: [] });
    module.import('demo:a/host', '[resource-drop]thing', { params: ['i32'], results: [] });
    module.memory(1);
    module.func('cabi_realloc', { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] }, [
      ...get(0),
      ...drop,
      ...i32(512),
    ]);
    // Gives the discriminant of the construction, or ten more than the one of the method's result.
    module.func('demo:a/api#make', { params: [], results: ['i32'] }, [
      ...[...i32(0), ...i32(64), ...call(create)],
      ...[...i32(64), ...load32(), 0x04, 0x7f, ...i32(64), ...load32(), 0x05],
      ...[
        ...i32(64),
        ...load32(4),
        ...i32(96),
        ...call(read),
        ...i32(96),
        ...load32(),
        ...i32(10),
        0x6a,
        0x0b,
      ],
    ]);
    const bytes = module.bytes();
    const make = (thrown: unknown, result: unknown): number =>
      instantiateSync(bytes, {
        'demo:a/host': {
          Thing: class {
            constructor() {
              if (thrown !== undefined) throw thrown;
            }
            get(): unknown {
              return result;
            }
          },
        },
      }).api.make() as number;
    expect(make(undefined, { tag: 'ok', val: 1 })).toBe(10);
    expect(make(undefined, { tag: 'err', val: 'x' })).toBe(11);
    expect(make(new ComponentError('no'), undefined)).toBe(1);
    expect(() => make(new Error('broken'), undefined)).toThrow('broken');
  });
});

describe('results thrown', () => {
  test.each([
    ['tag', { tag: 'refused', val: 'no' }, 'refused'],
    ['kind', { kind: 'Refused', value: 'no' }, 'Refused'],
  ] as const)(
    'are a ComponentError with a payload, at once and from promises (%s)',
    async (variants, payload, message) => {
      const host = {
        ask: () => {
          throw payload;
        },
        later: () => Promise.reject(new ComponentError(payload)),
      };
      const sync = await calls({ variants }, host);
      const error = caught(() => sync.ask(1)) as Error & { payload: unknown };
      expect(error).toBeInstanceOf(ComponentError);
      expect([error.payload, error.message]).toEqual([payload, message]);
      const later = await calls({ variants, ...waits }, host);
      const rejected = await later.later(1).catch((each: unknown) => each);
      expect(rejected).toBeInstanceOf(ComponentError);
      expect(rejected.payload).toEqual(payload);
    },
  );
});

describe('variants by kind', () => {
  const options = { variants: 'kind' } as const;

  test('are what the draft of a JavaScript API has: cases in capitals, results and options of options likewise', async () => {
    const seen: unknown[] = [];
    const { ask, save, value } = await calls(options, {
      ask: () => kindItem,
      save: (...args: unknown[]) => seen.push(args),
      value: () => ({ kind: 'Nested', value: { kind: 'Some', value: 3 } }),
    });
    expect(ask(1)).toEqual(kindItem);
    expect(value()).toEqual({ kind: 'Nested', value: { kind: 'Some', value: 3 } });
    save({ kind: 'Ok', value: 1 }, { kind: 'None' });
    save({ kind: 'Error', value: { kind: 'NotFound' } }, { kind: 'Some', value: undefined });
    expect(seen).toEqual([
      [{ kind: 'Ok', value: 1 }, { kind: 'None' }],
      [
        { kind: 'Error', value: { kind: 'NotFound' } },
        { kind: 'Some', value: undefined },
      ],
    ]);
  });

  test('that are wrong arguments are errors that say where', async () => {
    const { save } = await calls(options, { save: () => 1 });
    const label = 'demo:api/calls.save';
    const ok = { kind: 'Ok', value: 1 };
    const none = { kind: 'None' };
    for (const [args, message] of [
      [[{ tag: 'ok', val: 1 }, none], `${label} → r.kind: expected "Ok" | "Error", got undefined`],
      [[{ kind: 'ok', value: 1 }, none], `${label} → r.kind: expected "Ok" | "Error", got string "ok"`],
      [[{ kind: 'Ok', val: 1 }, none], `${label} → r.value: expected u32, got undefined`],
      [
        [{ kind: 'Error', value: { kind: 'not-found' } }, none],
        `${label} → r.value.kind: expected "NotFound" | "Refused" | "Nested", got string "not-found"`,
      ],
      [[ok, 5], `${label} → o: expected object, got number 5`],
      [[ok, { kind: 'Some', value: 'x' }], `${label} → o.value: expected u32, got string "x"`],
    ] as const)
      expect(() => save(...args)).toThrow(message);
    expect(save(ok, none)).toBe(1);
  });

  test.each([
    [
      'throw',
      { id: 1, last: { kind: 'refused' } },
      ' → result.ok.last.kind: expected "NotFound" | "Refused" | "Nested", got string "refused"',
    ],
    [
      'return',
      { kind: 'Ok', value: { id: 1, last: { kind: 'Refused' } } },
      ' → result.value.last.value: expected string, got undefined',
    ],
    ['return', { kind: 'Error', value: {} }, ' → result.value.kind: expected'],
    ['return', { kind: 'err', value: {} }, ' → result.kind: expected "Ok" | "Error", got string "err"'],
  ] as const)('that are wrong results are, too (%s)', async (results, given, message) => {
    const { ask } = await calls({ ...options, results }, { ask: () => given });
    expect(() => ask(1)).toThrow(`demo:api/calls.ask${message}`);
  });

  test('thrown with a wrong payload name it', async () => {
    const { ask } = await calls(options, {
      ask: () => {
        throw new ComponentError({ kind: 'Gone' });
      },
    });
    expect(() => ask(1)).toThrow('demo:api/calls.ask → result.err.kind: expected "NotFound" |');
  });
});

describe('default shapes', () => {
  const mixed = worldOf(`package demo:a;
    interface ready { variant failure { gone, other(string) } take: func(n: u32) -> result<u32, failure>; }
    interface mine { use ready.{failure}; variant step { done, failed(failure) } go: func(s: step) -> result<step, failure>; }
    world w { import ready; import mine; export ready; export mine; }`);

  test.each([['demo:*'], ['demo:a'], ['demo:a/ready']])(
    'are those of imports that keep them: %s',
    async (name) => {
      const { instantiateSync } = await workspace.load(mixed, {
        results: 'return',
        variants: 'kind',
        defaultShapes: [name],
      });
      const keepsMine = name !== 'demo:a/ready';
      const failed = keepsMine
        ? { tag: 'failed', val: { tag: 'gone' } }
        : { kind: 'Failed', value: { tag: 'gone' } };
      const seen: unknown[] = [];
      const { ready, mine } = instantiateSync(echoGuest(mixed), {
        'demo:a/ready': {
          take: (n: number) => {
            if (n === 0) throw new ComponentError({ tag: 'other', val: 'zero' });
            return n;
          },
        },
        'demo:a/mine': {
          go: (step: unknown) => {
            seen.push(step);
            return keepsMine ? step : { kind: 'Ok', value: step };
          },
        },
      });
      // What is exported has the shapes that were chosen, and so have the types that it declares.
      expect(ready.take(1)).toEqual({ kind: 'Ok', value: 1 });
      expect(ready.take(0)).toEqual({ kind: 'Error', value: { kind: 'Other', value: 'zero' } });
      expect(mine.go({ kind: 'Failed', value: { kind: 'Gone' } })).toEqual({
        kind: 'Ok',
        value: { kind: 'Failed', value: { kind: 'Gone' } },
      });
      expect(seen).toEqual([failed]);
    },
  );
});

describe('around a component', () => {
  const read = (path: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(new URL(`components/${path}`, import.meta.url)));
  const wit = (name: string): string => new TextDecoder().decode(read(`${name}.wit`));
  const byDescriptors = (of: ComponentSource): ComponentSource => ({
    [componentLinkage]: { ...of[componentLinkage], core: undefined },
  });
  const echo = compileSync(read('echo.wasm'));
  const host = {
    'demo:echo/values': {
      ...{ whole: never, shapes: (x: unknown) => x, colors: (x: unknown) => x, allowed: never },
      fails: (x: bigint) =>
        x === 0n ? { kind: 'Error', value: { kind: 'Circle', value: 0.5 } } : { kind: 'Ok', value: x },
      ...{ wide: never, nothing: never },
    },
    root: never,
  };
  const options = { results: 'return', variants: 'kind' } as const;

  test('that lifts and lowers all of the world, every choice is the same as around its core module', async () => {
    const glue = await workspace.load(worldOf(wit('echo')), options);
    for (const { values } of [glue.instantiateSync(echo, host), await glue.instantiate(echo, host)]) {
      const shapes = [{ kind: 'None' }, { kind: 'Polygon', value: [[0, 1]] }];
      expect(values.shapes(shapes)).toEqual(shapes);
      expect(values.colors('light-green')).toBe('light-green');
      expect(values.fails(5n)).toEqual({ kind: 'Ok', value: 5n });
      expect(values.fails(0n)).toEqual({ kind: 'Error', value: { kind: 'Circle', value: 0.5 } });
    }
  });

  test.each([
    [options, 'results=return variants=kind'],
    [{ results: 'return' }, 'results=return'],
    [{ variants: 'kind' }, 'variants=kind'],
  ] as const)(
    'that runs by the types in its binary, %j is refused before anything runs',
    async (chosen, named) => {
      const { instantiate, instantiateSync } = await workspace.load(worldOf(wit('echo')), chosen);
      const made = byDescriptors(echo);
      const error = caught(() => instantiateSync(made, host));
      expect(error).toBeInstanceOf(LinkError);
      expect((error as Error).message).toContain(
        `generated with ${named}, which does not go with this component`,
      );
      await expect(instantiate(made, host)).rejects.toThrow(LinkError);
    },
  );

  test('what makes no difference to the world, or only to types, goes with any', async () => {
    const choices = [options, { readonly: true, brands: true }] as const;
    for (const each of choices) {
      const { instantiateSync } = await workspace.load(worldOf(wit('texts')), each);
      const composed = compileSync(read('composed.wasm'));
      expect(composed[componentLinkage].core).toBeUndefined();
      const { api } = instantiateSync(composed, { 'demo:texts/host': { text: () => '', note: () => {} } });
      expect(api.echo('ß')).toBe('ß');
    }
  });
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
