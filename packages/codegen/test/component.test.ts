/** Generated code around components: at their core where it can be, by descriptors where not, the same either way. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileSync } from '../../component/src/component.ts';
import { decodeComponent } from '../../component/src/decode/index.ts';
import { componentLinkage, type ComponentSource } from '../../runtime/src/types/index.ts';
import type { HostOptions } from '../src/index.ts';
import { echoGuest } from './echo.ts';
import { Workspace, worldOf, type Any, type Glue } from './generate.ts';

const workspace = new Workspace();
const { ComponentError, LinkError, Trap } = await workspace.runtime();
afterAll(() => workspace.remove());

const read = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(path, import.meta.url)));
const component = (name: string): ComponentSource => compileSync(read(`components/${name}.wasm`));
const wit = (name: string): string => new TextDecoder().decode(read(`components/${name}.wit`));
/** The same component for generated code that must do without its core. */
const byDescriptors = (of: ComponentSource): ComponentSource => ({
  [componentLinkage]: { ...of[componentLinkage], core: undefined },
});
const hasCore = (of: ComponentSource): boolean => of[componentLinkage].core !== undefined;

describe('a component that wit-component made', () => {
  const world = worldOf(wit('echo'));
  let glue: Glue;
  beforeAll(async () => {
    glue = await workspace.load(world);
  });
  const host = {
    'demo:echo/values': {
      whole: (x: unknown) => x,
      shapes: (x: unknown) => x,
      colors: (x: unknown) => x,
      allowed: (x: unknown) => x,
      fails: (x: bigint) => {
        if (x === 0n) throw new ComponentError({ tag: 'circle', val: 0.5 });
        return x;
      },
      wide: (x: readonly unknown[]) => String(x.at(-1)),
      nothing: () => {},
    },
    root: (text: string) => `${text}!`,
  };
  const everything = {
    ...{
      a: true,
      b: 255,
      c: -1n,
      d: 0.5,
      e: '😀',
      f: 'näh',
      g: new Uint8Array([1, 2]),
      h: ['', 'x'.repeat(70_000)],
    },
    ...{ i: undefined, j: { tag: 'some', val: 7 }, k: { tag: 'err', val: 'no' }, l: [1, 'one'] },
  };
  const numbers = [1, 2, 3, 4n, -5, -6, -7, -8n, 0.5, 0.25, true, 'ß'];

  test('is the same to a program as the core module that it was made from, by descriptors too', async () => {
    const made = component('echo');
    expect(hasCore(made)).toBe(true);
    const guests = [
      await glue.instantiate(made, host),
      await glue.instantiate(Promise.resolve(made), host),
      glue.instantiateSync(made, host),
      glue.instantiateSync(echoGuest(world), host),
      glue.instantiateSync(byDescriptors(made), host),
      await glue.instantiate(byDescriptors(made), host),
    ];
    for (const { values, root, 'demo:echo/values': same } of guests) {
      expect(same).toBe(values);
      expect(root('text')).toBe('text!');
      expect(values.whole(everything)).toEqual(everything);
      const shapes = [{ tag: 'none' }, { tag: 'polygon', val: [[0, 1]] }];
      expect(values.shapes(shapes)).toEqual(shapes);
      expect(values.colors('light-green')).toBe('light-green');
      expect(values.allowed({ writeAll: true })).toEqual({ read: false, writeAll: true });
      expect(values.fails(5n)).toBe(5n);
      expect(() => values.fails(0n)).toThrow(ComponentError);
      expect(values.wide([...numbers, 'a', 'b', 'c', 'd', 'e'])).toBe('e');
      expect(values.nothing()).toBeUndefined();
      expect(() => values.colors('blue')).toThrow('demo:echo/values.colors → a: expected');
    }
  });

  test('has instances that know nothing of each other', () => {
    const made = component('echo');
    const failing = { ...host, root: () => 5 };
    const [one, two] = [glue.instantiateSync(made, failing), glue.instantiateSync(made, host)];
    expect(() => one.root('')).toThrow('root → result: expected string, got number 5');
    expect(() => one.values.nothing()).toThrow(Trap);
    expect(two.root('')).toBe('!');
  });
});

describe('with memory and allocators of its own', () => {
  let glue: Glue;
  let waiting: Glue;
  beforeAll(async () => {
    const world = worldOf(wit('texts'));
    glue = await workspace.load(world);
    waiting = await workspace.load(world, { mayBlock: ['demo:texts/host#text'] });
  });
  const notes: string[] = [];
  const host = { text: () => 'given', note: (text: string) => void notes.push(text) };
  const imports = (change: object = {}): object => ({ 'demo:texts/host': { ...host, ...change } });

  test('each string goes where the function it passes through allocates', () => {
    const made = component('two-allocators');
    expect(hasCore(made)).toBe(true);
    const { api } = glue.instantiateSync(made, imports());
    for (let i = 0; i < 2; i++) {
      expect(api.at('here')).toBe(1024 + 4 * i);
      expect(api.where()).toBe(32768 + 5 * i);
    }
    expect(api.echo('und zurück')).toBe('und zurück');
  });

  test('so does one that was waited for', async () => {
    const later = { text: () => new Promise((resolve) => setTimeout(resolve, 1, 'given')) };
    const { api } = await waiting.instantiate(component('two-allocators'), imports(later));
    for (let i = 0; i < 2; i++) {
      expect(await api.at('here')).toBe(1024 + 4 * i);
      expect(await api.where()).toBe(32768 + 5 * i);
    }
  });

  test.each(['two-allocators', 'wide', 'composed'])('%s does what the world says', async (name) => {
    const made = component(name);
    for (const { api } of [glue.instantiateSync(made, imports()), await glue.instantiate(made, imports())]) {
      notes.length = 0;
      api.notes('erste 😀', 'zweite');
      expect(notes).toEqual(['erste 😀', 'zweite']);
      expect(api.echo('😀')).toBe('😀');
      expect(() => api.echo(5)).toThrow('expected string, got number 5');
    }
    const { api } = glue.instantiateSync(
      made,
      imports({
        note: () => {
          throw new Error('full');
        },
      }),
    );
    expect(() => api.notes('', '')).toThrow('full');
    expect(() => api.echo('')).toThrow(Trap);
  });

  test('wide strings and components inside are left to descriptors', () => {
    expect(hasCore(component('wide'))).toBe(false);
    expect(hasCore(component('composed'))).toBe(false);
  });

  test('everything that does not fit is named before anything runs', () => {
    const problems = (of: ComponentSource, given: object): unknown => {
      try {
        return glue.instantiateSync(of, given);
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
        return (error as Any).problems;
      }
    };
    expect(problems(component('almost'), {})).toEqual([
      'no implementation of `demo:texts/host@0.1.0` was given in `imports`',
      'the component imports `demo:texts/host@0.1.0#text` with another type than this code was generated for',
      'the component imports `more` of `demo:texts/host@0.1.0`, which `demo:texts/host@0.1.0` does not have',
      'the component imports `thing` of `demo:other/host@1.0.0`, which the world does not import (it imports demo:texts/host@0.1.0)',
      'the component imports `f` of `demo:other/host@1.0.0`, which the world does not import (it imports demo:texts/host@0.1.0)',
      'the component imports `plain` of `$root`, which the world does not import (it imports demo:texts/host@0.1.0)',
      'the component exports `demo:texts/api@0.1.9#where` with another type than this code was generated for',
      'the component exports `demo:texts/api@0.1.9#at` with another type than this code was generated for',
      'the component does not export `demo:texts/api@0.1.0#echo`',
      'the component does not export `demo:texts/api@0.1.0#notes`',
    ]);
    for (const name of ['two-allocators', 'composed'])
      expect(problems(component(name), { 'demo:texts/host': { text: host.text } })).toEqual([
        'the implementation of `demo:texts/host@0.1.0` has no function `note`',
      ]);
  });
});

describe('code for what a component says of itself', () => {
  const fixture = (name: string): Uint8Array<ArrayBuffer> =>
    read(`../../component/test/components/${name}.wasm`);
  const glueOf = (bytes: Uint8Array, options: Partial<HostOptions> = {}): Promise<Glue> => {
    const { wit: decoded, problem } = decodeComponent(bytes);
    if (decoded === undefined) throw new Error(problem.message);
    return workspace.load(decoded.text, options);
  };

  test.each([true, false])(
    'has its resources as objects, which other components can be given (%s)',
    async (isCore) => {
      const bytes = fixture('counters');
      const glue = await glueOf(bytes);
      const compiled = compileSync(bytes);
      expect(hasCore(compiled)).toBe(true);
      const made = isCore ? compiled : byDescriptors(compiled);
      const { counters } = glue.instantiateSync(made, {});
      const { Counter } = counters;
      const one = new Counter(5);
      expect(one.up(2)).toBe(7);
      const both = Counter.merge(one, new Counter(1));
      expect([both.up(0), Counter.prototype_(), counters.live()]).toEqual([8, 3, 3]);
      counters.take(both);
      expect(() => both.up(1)).toThrow('was dropped or given away');
      one[Symbol.dispose]();
      expect(counters.live()).toBe(1);
      const other = glue.instantiateSync(made, {}).counters;
      expect(() => other.take(one)).toThrow('expected');
      expect(other.live()).toBe(0);

      const user = (await glueOf(fixture('counting'))).instantiateSync(compileSync(fixture('counting')), {
        'demo:count/counters': counters,
      });
      expect(user.count(3, 4)).toBe(8);
      const lent = new Counter(9);
      expect(user.look(lent)).toBe(9);
      expect(user.same(lent)).toBe(lent);
      expect(() => new Counter(666)).toThrow(WebAssembly.RuntimeError);
      expect(() => counters.live()).toThrow(Trap);
    },
  );

  test('takes a component that exports more than the world, also resources', async () => {
    const made = compileSync(fixture('counters'));
    const nothing = await workspace.load('package a:b; world nothing {}');
    expect(() => nothing.instantiateSync(made, {})).not.toThrow();
    await expect(nothing.instantiate(made, {})).resolves.toBeDefined();
  });

  test('calls exports by names that nothing else has, when descriptors do the work too', async () => {
    const bytes = fixture('odd-names');
    const made = compileSync(bytes);
    expect(hasCore(made)).toBe(false);
    const names = ['toString', 'constructor', 'then_'];
    const numbers = Object.fromEntries(names.map((name, index) => [name, () => index + 1]));
    const { toString, constructor, then_, then } = (await glueOf(bytes)).instantiateSync(made, numbers);
    expect([toString(), constructor(), then_(), then]).toEqual([1, 2, 3, undefined]);
  });

  test('waits where a component inside does', async () => {
    class Pollable {
      block(): Promise<void> {
        return new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    const bytes = fixture('waiting');
    const made = compileSync(bytes);
    expect(hasCore(made)).toBe(false);
    const imports = { 'wasi:io/poll': { Pollable }, timers: { start: () => new Pollable() } };
    const { waitTwice, seven } = await (await glueOf(bytes)).instantiate(made, imports);
    expect(await waitTwice(3)).toBe(5);
    expect(seven()).toBeInstanceOf(Promise);

    const sync = await glueOf(bytes, { syncExports: ['seven'] });
    expect((await sync.instantiate(made, imports)).seven()).toBe(7);
    const never = await (await glueOf(bytes)).instantiate(made, imports, { blocking: 'none' });
    await expect(never.waitTwice(3)).rejects.toThrow('would have to wait');
  });
});
