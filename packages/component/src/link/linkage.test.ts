import { describe, expect, test } from '@jest/globals';
import {
  ComponentInstance,
  componentLinkage,
  type ComponentLinkage,
  type CoreCanon,
  type CoreCallee,
} from '@wittle/runtime/types';
import { load } from '../../test/load.ts';

function linkageOf(name: string): ComponentLinkage {
  return load(name)[componentLinkage];
}

/** An instance that its caller has entered. */
function entered(): ComponentInstance {
  const cx = new ComponentInstance('test');
  cx.state = 1;
  return cx;
}

const none: CoreCanon = {
  lower: () => {
    throw new Error('nothing is lowered');
  },
  resource: () => {
    throw new Error('there is no resource');
  },
};

describe('what generated code sees of a component', () => {
  test('are its functions and resources by their paths', () => {
    const { imports, exports } = linkageOf('waiting');
    expect([...imports.keys()]).toEqual([
      'wasi:io/poll@0.2.3#pollable',
      'wasi:io/poll@0.2.3#[method]pollable.block',
      'timers#start',
    ]);
    expect(imports.get('wasi:io/poll@0.2.3#pollable')).toBe(0);
    expect([...exports.keys()]).toEqual(['wait-twice', 'seven', 'demo:wait/still#eight']);
    expect([...linkageOf('parts').imports]).toEqual([
      ['module-in', -1],
      ['component-in', -1],
    ]);
  });

  test('can be compared with what a host has, without running anything', () => {
    const linkage = linkageOf('waiting');
    expect(() => linkage.check({}, {})).toThrow('no implementation of `wasi:io/poll@0.2.3` was given');
    expect(linkage.check({}, { trapMissing: () => true })).toBeUndefined();
  });

  test('are equal numbers for equal types, also of resources on both sides', () => {
    const given = linkageOf('counters').exports;
    const taken = linkageOf('counting').imports;
    expect(taken.size).toBe(4);
    for (const [path, number] of taken) expect(given.get(path.replace('@0.3.0', '@0.3.1'))).toBe(number);
    expect(given.get('demo:count/counters@0.3.1#[static]counter.prototype')).toBe(
      given.get('demo:count/counters@0.3.1#live'),
    );
    expect(new Set(linkageOf('greeter').exports.values()).size).toBe(6);
  });

  test('are its core functions, with those of the caller in place of what it imports', () => {
    const asked: unknown[] = [];
    const { core } = linkageOf('greeter');
    const lifts = core!.instantiateSync(entered(), {
      ...none,
      lower(path, options, main) {
        asked.push([path, options.memory instanceof WebAssembly.Memory, typeof options.realloc, main]);
        return () => 7n;
      },
    });
    expect(asked).toEqual([
      ['demo:host/log@1.2.0#write', true, 'function', true],
      ['clock', false, 'undefined', true],
    ]);
    expect(lifts.lift('then').callee()).toBe(7n);
    const { callee, options } = lifts.lift('demo:greet/api@1.0.0#constructor');
    expect(callee(1, 2)).toBe(3);
    expect(options).toMatchObject({ stringEncoding: 'utf8', postReturn: undefined });
    expect(lifts.lift('say-again').options.memory).toBeInstanceOf(WebAssembly.Memory);
  });

  test('are its resources, whose built-ins are the caller’s', async () => {
    const asked: string[] = [];
    const { core } = linkageOf('counters');
    const lifts = await core!.instantiate(entered(), {
      ...none,
      resource(side, path, builtIn) {
        asked.push(`${side} ${path} ${builtIn}`);
        return ((rep: number) => 100 + rep) as CoreCallee;
      },
    });
    const counter = 'demo:count/counters@0.3.1#counter';
    expect(asked).toEqual([`export ${counter} new`, `export ${counter} drop`]);
    expect(lifts.lift('demo:count/counters@0.3.1#[constructor]counter').callee(5)).toBe(120);
    expect(lifts.lift('demo:count/counters@0.3.1#live').callee()).toBe(1);
    lifts.destructor(counter)!(20);
    expect(lifts.lift('demo:count/counters@0.3.1#live').callee()).toBe(0);
  });

  test('memory that only imports need is the main one', () => {
    const asked: unknown[] = [];
    linkageOf('writer').core!.instantiateSync(entered(), {
      ...none,
      lower(path, options, main) {
        asked.push([path, options.memory instanceof WebAssembly.Memory, main]);
        return () => {};
      },
    });
    expect(asked).toEqual([
      ['write', true, true],
      ['write', true, false],
    ]);
  });

  test('numbers of resources of the caller stay as they are', () => {
    const cx = entered();
    linkageOf('counters').core!.instantiateSync(cx, { ...none, resource: () => () => 0 });
    expect(cx.resources).toEqual([]);
    expect(cx.state).toBe(1);
  });

  test('is none of its core functions when components inside it have their own', () => {
    expect(linkageOf('waiting').core).toBe(undefined);
    expect(linkageOf('parts').core).toBe(undefined);
  });

  test('can always be instantiated', async () => {
    const made = await linkageOf('counters').instantiate({}, {});
    const counting = linkageOf('counting').instantiateSync(made, { blocking: 'none' });
    const slow = await linkageOf('failing')
      .instantiate({ fail: async () => false }, { mayBlock: [] })
      .catch(String);
    expect(slow).toContain('fail would have to wait');
    expect((counting as { count: (a: number, b: number) => number }).count(1, 2)).toBe(4);
  });
});
