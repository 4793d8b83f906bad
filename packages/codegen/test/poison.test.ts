/** Guests that catch what their calls out throw: it is the end of the instance all the same. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workspace, type Any, type Glue } from './generate.ts';
import { call, caught, drop, get, i32, WasmModule, type Signature } from './wasm.ts';

const workspace = new Workspace();
const { Trap } = await workspace.runtime();
afterAll(() => workspace.remove());

const NONE: Signature = { params: [], results: [] };
const I: Signature = { params: ['i32'], results: [] };
const II: Signature = { params: ['i32'], results: ['i32'] };

const wit = `package demo:poison;
  interface host {
    resource file { constructor(); }
    log: func();
    read: func() -> u32;
  }
  interface api {
    use host.{file};
    resource counter {}
    go: func();
    text: func() -> string;
    take: func(text: string);
    record pair { f: borrow<file>, n: u32 }
    lend: func(f: borrow<file>);
    in-record: func(p: pair);
    rep: func(handle: u32);
    drop: func(handle: u32);
    drop-file: func(handle: u32);
  }
  world w { import host; export api; }`;

let glue: Glue;
let waiting: Glue;
beforeAll(async () => {
  glue = await workspace.load(wit);
  waiting = await workspace.load(wit, { mayBlock: ['demo:poison/host#read'] });
});

/** Every export catches everything that what it calls throws. */
function guest(): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  const log = module.import('demo:poison/host', 'log', NONE);
  const read = module.import('demo:poison/host', 'read', { params: [], results: ['i32'] });
  const dropFile = module.import('demo:poison/host', '[resource-drop]file', I);
  const rep = module.import('[export]demo:poison/api', '[resource-rep]counter', II);
  const dropCounter = module.import('[export]demo:poison/api', '[resource-drop]counter', I);
  module.memory(1);
  module.func('cabi_realloc', { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] }, [
    ...caught(call(log)),
    ...i32(8),
  ]);
  const all = [...caught(call(log)), ...caught([...call(read), ...drop])];
  module.func('demo:poison/api#go', NONE, all);
  module.func('demo:poison/api#text', { params: [], results: ['i32'] }, i32(8));
  module.func('cabi_post_demo:poison/api#text', I, all);
  module.func('demo:poison/api#take', { params: ['i32', 'i32'], results: [] }, []);
  module.func('demo:poison/api#lend', I, [...get(0), ...call(dropFile)]);
  module.func('demo:poison/api#in-record', { params: ['i32', 'i32'], results: [] }, [
    ...get(0),
    ...call(dropFile),
  ]);
  module.func('demo:poison/api#rep', I, caught([...get(0), ...call(rep), ...drop]));
  module.func('demo:poison/api#drop', I, caught([...get(0), ...call(dropCounter)]));
  module.func('demo:poison/api#drop-file', I, caught([...get(0), ...call(dropFile)]));
  return module.bytes();
}

class File {}
function failing(): never {
  throw new Error('out of order');
}

async function instance(host: Any, from: Glue = glue): Promise<Any> {
  const { api } = await from.instantiate(guest(), {
    'demo:poison/host': { File, log: () => {}, read: () => 0, ...host },
  });
  return api;
}

const dead = 'component instance demo:poison/w is dead: one of its calls trapped';
const left = 'cannot leave component instance';
/** An error of the host can be caught by core code, which then comes to nothing; a trap cannot. */
const cases: readonly (readonly [string, Any, (api: Any) => unknown, string | RegExp])[] = [
  ['the host’s function throws', { log: failing }, (api) => api.go(), new RegExp(`${dead}|${left}`)],
  ['the host’s function gives a wrong value', { read: () => -1 }, (api) => api.go(), dead],
  ['the host’s function may not be called, from post-return', {}, (api) => api.text(), left],
  ['the host’s function may not be called, from realloc', {}, (api) => api.take('x'), left],
  ['a handle is unknown, to rep', {}, (api) => api.rep(5), 'unknown handle index 5'],
  ['a handle is unknown, to drop', {}, (api) => api.drop(5), 'unknown handle index 5'],
  ['a handle is unknown, to drop one of the host’s', {}, (api) => api.dropFile(5), 'unknown handle index 5'],
];
test.each(cases)('a guest that goes on after %s is dead', async (_, host, run, message) => {
  const api = await instance(host);
  expect(() => run(api)).toThrow(message);
  expect(() => api.go()).toThrow(Trap);
});

test.each<[string, () => unknown]>([
  ['fails at last', async () => failing()],
  ['gives a wrong value at last', async () => -1],
  ['fails at once', failing],
])('so is one that goes on after a host’s function that may wait %s', async (_, read) => {
  const api = await instance({ read }, waiting);
  await expect(api.go()).rejects.toThrow('is dead');
  await expect(api.go()).rejects.toThrow(Trap);
});

test('a getter of an argument may make a call that lends, while another argument is lent', async () => {
  const api = await instance({});
  let count = 0;
  const pair = {
    f: new File(),
    get n() {
      api.lend(new File());
      return ++count;
    },
  };
  api.inRecord(pair);
  api.inRecord(pair);
  expect(count).toBe(2);
});
