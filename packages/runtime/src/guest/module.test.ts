/** Guests in JavaScript as core modules, over core functions of a host. */
import { expect, test } from '@jest/globals';
import { coreModule, type CoreModuleExports } from '../core-module.ts';
import { guestModule, guestUsage, list, record, stringType, type GuestWorld } from './index.ts';

const world: GuestWorld = {
  name: 'demo:post/w',
  resources: [],
  imports: [
    {
      module: 'demo:post/office',
      key: 'office',
      functions: [
        { name: 'fetch', key: 'fetch', result: stringType },
        {
          name: 'send',
          key: 'send',
          params: [
            [
              'all',
              record([
                { property: 'to', type: stringType },
                { property: 'texts', type: list(stringType) },
              ]),
            ],
          ],
        },
      ],
    },
  ],
  exports: [
    {
      module: '$root',
      key: undefined,
      functions: [
        { name: 'forward', key: 'forward' },
        { name: 'collect', key: 'collect', result: list(stringType) },
      ],
    },
  ],
};

interface Office {
  readonly fetch: () => string;
  readonly send: (all: { readonly to: string; readonly texts: Iterable<string> }) => void;
}

interface Post extends CoreModuleExports {
  readonly memory: WebAssembly.Memory;
  readonly cabi_realloc: (old: number, oldSize: number, alignment: number, size: number) => number;
  readonly _initialize: () => void;
  readonly forward: () => void;
  readonly collect: () => number;
  readonly cabi_post_collect: (area: number) => void;
  readonly [guestUsage]: () => unknown;
}

/** An instance whose host gives out `letter 1`, `letter 2` …; `sent` is what it has got. */
function post(implementation: (imports: { readonly office: Office }) => object): {
  readonly guest: Post;
  readonly sent: string[];
  readonly texts: (p: number, n: number) => string[];
} {
  const sent: string[] = [];
  let letters = 0;
  const words = (): Uint32Array => new Uint32Array(guest.memory.buffer);
  const text = (p: number, n: number): string =>
    new TextDecoder().decode(new Uint8Array(guest.memory.buffer, p, n));
  const texts = (p: number, n: number): string[] =>
    Array.from({ length: n }, (_, i) => text(words()[p / 4 + 2 * i]!, words()[p / 4 + 2 * i + 1]!));
  const fetch = (area: number): void => {
    const bytes = new TextEncoder().encode(`letter ${++letters}`);
    const p = guest.cabi_realloc(0, 0, 1, bytes.length);
    new Uint8Array(guest.memory.buffer).set(bytes, p);
    words().set([p, bytes.length], area / 4);
  };
  const send = (to: number, length: number, p: number, n: number): void =>
    void sent.push(text(to, length), ...texts(p, n));
  const guest = guestModule(world, implementation)[coreModule].instantiate({
    'demo:post/office': { fetch, send },
  }) as unknown as Post;
  guest._initialize();
  return { guest, sent, texts };
}

test('a getter and a generator among the arguments may call the host themselves', () => {
  const { guest, sent } = post(({ office }) => ({
    collect: () => [],
    forward() {
      const texts = function* (): Generator<string> {
        yield office.fetch();
        yield office.fetch();
      };
      office.send({
        get to() {
          return office.fetch();
        },
        texts: texts(),
      });
    },
  }));
  guest.forward();
  expect(sent).toEqual(['letter 1', 'letter 2', 'letter 3']);
  expect(guest[guestUsage]()).toEqual({ blocks: 0, objects: 0 });
});

test('so may a generator that is the result', () => {
  const { guest, texts } = post(({ office }) => ({
    forward: () => {},
    *collect() {
      yield office.fetch();
      yield office.fetch();
    },
  }));
  const area = guest.collect();
  const [p, n] = new Uint32Array(guest.memory.buffer, area, 2);
  expect(texts(p!, n!)).toEqual(['letter 1', 'letter 2']);
  guest.cabi_post_collect(area);
  expect(guest[guestUsage]()).toEqual({ blocks: 0, objects: 0 });
});
