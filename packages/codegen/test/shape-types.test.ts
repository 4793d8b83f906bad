/** What each choice of shapes lets compile, and what not: an `@ts-expect-error` without an error is one itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { HostOptions } from '../src/index.ts';
import { compile } from './compile.ts';
import { generated, Workspace, worldOf } from './generate.ts';

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

/** What TypeScript says of a program beside the code of a world, which is in `./world-1`. */
function errorsOf(
  wit: string,
  options: Partial<HostOptions>,
  program: string,
  changes: object = {},
): readonly string[] {
  const made = new Workspace();
  workspaces.push(made);
  made.write(generated(worldOf(wit), options));
  writeFileSync(join(made.path, 'program.ts'), program);
  return compile(made.path, { noUnusedLocals: false, isolatedDeclarations: false, ...changes });
}

const store = `package demo:store;
  interface db {
    variant failure { not-found, refused(string) }
    get: func(key: string) -> result<string, failure>;
    put: func(key: string, all: list<list<string>>) -> result;
    later: func() -> result<u32, failure>;
  }
  interface api { use db.{failure}; run: func() -> result<u32, failure>; check: func(r: result<u32, failure>); }
  world w { import db; export api; }`;
const waits = { mayBlock: ['demo:store/db#later'] };

test('results returned: both cases are in the types of what is called and of what is implemented', () => {
  const program = `import { instantiate } from './world-1/index.ts';
import type { Host } from './world-1/imports/demo/store/db.ts';
import { ComponentError } from '@wittle/runtime';

export const good = {
  get: (key) => (key === '' ? { tag: 'err', val: { tag: 'not-found' } } : { tag: 'ok', val: key }),
  put: () => ({ tag: 'ok' }),
  later: async () => ({ tag: 'ok', val: 1 }),
} satisfies Host;
export const also = { ...good, later: () => ({ tag: 'err', val: { tag: 'not-found' } }) } satisfies Host;
// @ts-expect-error the value alone is what is given when results are thrown
export const bare: Host = { ...good, get: (key: string) => key };
// @ts-expect-error nothing is no result
export const nothing: Host = { ...good, put: () => {} };
// @ts-expect-error an ok without its value
export const without: Host = { ...good, get: () => ({ tag: 'ok' }) };
// @ts-expect-error the other profile
export const other: Host = { ...good, get: (key: string) => ({ kind: 'Ok', value: key }) };

export async function run(guest: Uint8Array<ArrayBuffer>): Promise<number> {
  const { api } = await instantiate(guest, { 'demo:store/db': good });
  const result = await api.run();
  // @ts-expect-error the value is there only when it was asked for which it is
  result.val.toFixed();
  if (result.tag === 'ok') return result.val;
  // @ts-expect-error the error has its own type
  const text: string = result.val;
  switch (result.val.tag) {
    case 'refused':
      throw new ComponentError(result.val.val.length);
    case 'not-found':
      return 0;
    // @ts-expect-error there is no such case
    case 'gone':
      return 1;
  }
}
`;
  expect(errorsOf(store, { results: 'return', ...waits }, program)).toEqual([]);
});

test('variants by kind: cases, results and their payloads under the names of the draft', () => {
  const program = `import type { Exports } from './world-1/index.ts';
import type { Failure, Host } from './world-1/imports/demo/store/db.ts';
import { ComponentError } from '@wittle/runtime';

export const good = {
  get(key) { if (key === '') throw new ComponentError<Failure>({ kind: 'Refused', value: 'no' }); return key; },
  put() {},
  later: () => 1,
} satisfies Host;
export const failure: Failure = { kind: 'NotFound' };
// @ts-expect-error cases have capitals
export const small: Failure = { kind: 'not-found' };
// @ts-expect-error the ecosystem's shape
export const tagged: Failure = { tag: 'not-found' };
// @ts-expect-error the payload is a value
export const val: Failure = { kind: 'Refused', val: 'no' };

export async function run({ api }: Exports): Promise<void> {
  await api.check({ kind: 'Ok', value: 1 });
  await api.check({ kind: 'Error', value: failure });
  // @ts-expect-error
  await api.check({ kind: 'Err', value: failure });
  // @ts-expect-error
  await api.check({ tag: 'ok', val: 1 });
  const count: number = await api.run();
  // @ts-expect-error results are thrown
  (await api.run()).kind;
}
`;
  expect(errorsOf(store, { variants: 'kind', ...waits }, program)).toEqual([]);
});

const table = `package demo:table;
  interface rows {
    record row { id: u32, title: option<string>, cells: list<list<string>>, bytes: list<u8> }
    variant cell { empty, text(string) }
    flags access { read }
    type pair = tuple<row, u32>;
    load: func(rows: list<row>, by: map<string, pair>, at: tuple<u32, list<string>>, cell: cell) -> list<row>;
    all: func() -> map<string, pair>;
    rights: func(of: access) -> option<option<access>>;
    save: func() -> result<cell, pair>;
  }
  world w { import rows; export rows; }`;

test('readonly: nothing that is given or comes back can be changed, but for typed arrays, and constants fit', () => {
  const program = `import type { Exports } from './world-1/index.ts';
import type { Cell, Host, Pair, Row } from './world-1/imports/demo/table/rows.ts';

const constant = { id: 1, cells: [['a'], ['b']], bytes: new Uint8Array(1) } as const satisfies Row;
const frozen: readonly Row[] = Object.freeze([constant]);
const cell = { tag: 'text', val: 'x' } as const satisfies Cell;
export const good = {
  load: (rows, by, _at, cell) => (cell.tag === 'empty' ? frozen : [...rows, ...[...by.values()].map(([row]) => row)]),
  all: () => new Map([['a', [constant, 1]]] as const),
  rights: (of) => (of.read === true ? { tag: 'some', val: of } : { tag: 'none' }),
  save: () => cell,
} satisfies Host;
export const bad: Host = {
  ...good,
  load(rows, by, at, cell) {
    // @ts-expect-error
    rows.push(constant);
    // @ts-expect-error
    rows[0]!.id = 2;
    // @ts-expect-error
    rows[0]!.cells[0]!.push('');
    // @ts-expect-error
    rows[0]!.cells[0] = [];
    rows[0]!.bytes[0] = 1;
    // @ts-expect-error
    by.set('b', [constant, 1]);
    // @ts-expect-error
    by.get('a')![1] = 2;
    // @ts-expect-error
    at[0] = 1;
    // @ts-expect-error
    at[1].push('');
    // @ts-expect-error
    cell.tag = 'empty';
    // @ts-expect-error
    if (cell.tag === 'text') cell.val = '';
    return rows;
  },
  rights(of) {
    // @ts-expect-error
    of.read = true;
    return { tag: 'none' };
  },
};
export function use({ rows }: Exports): void {
  const made = rows.load(frozen, new Map([['a', [constant, 1] as const]]), [1, ['x']], cell);
  // @ts-expect-error
  made.pop();
  // @ts-expect-error
  const mine: Row[] = made;
  // @ts-expect-error
  rows.all().clear();
  const copied: Row[] = [...made];
  const pair: Pair | undefined = rows.all().get('a');
}
`;
  expect(errorsOf(table, { readonly: true }, program)).toEqual([]);
});

test('what is not readonly can be changed', () => {
  const program = `import type { Row } from './world-1/imports/demo/table/rows.ts';
export function change(row: Row): void {
  row.id = 1;
  row.cells.push([]);
}
`;
  expect(errorsOf(table, {}, program)).toEqual([]);
  expect(errorsOf(table, { readonly: true }, program)).toHaveLength(2);
});

const sockets = `package demo:sockets;
  interface tcp {
    resource socket { constructor(); send: func(text: string) -> bool; }
    resource token;
    open: func(token: borrow<token>) -> socket;
  }
  interface udp { resource socket { constructor(); send: func(text: string) -> bool; } bind: func(s: borrow<socket>); }
  interface api {
    resource session { send: func(text: string) -> bool; }
    resource other { send: func(text: string) -> bool; }
    start: func() -> session;
    stop: func(s: session);
  }
  world w { import tcp; import udp; export api; export udp; }`;

test('brands: resources are not taken for each other, and any class may implement one', () => {
  const program = `import type { Exports, Imports } from './world-1/index.ts';
import type { Host as Tcp, Socket as TcpSocket, Token } from './world-1/imports/demo/sockets/tcp.ts';
import type { Host as Udp, Socket as UdpSocket } from './world-1/imports/demo/sockets/udp.ts';
import type { Other, Session } from './world-1/exports/demo/sockets/api.ts';
import type { Socket as GuestSocket } from './world-1/exports/demo/sockets/udp.ts';
import type { brand } from '@wittle/runtime';

// A class that knows nothing of brands, as those of @wittle/wasi.
class Plain {
  send(text: string): boolean { return text !== ''; }
}
class Implementing implements TcpSocket {
  send(text: string): boolean { return text !== ''; }
}
// Classes that are nominal themselves.
class MyTcp {
  declare readonly [brand]?: 'import demo:sockets/tcp.socket';
  send(text: string): boolean { return text !== ''; }
}
export class MyUdp implements UdpSocket {
  declare readonly [brand]?: UdpSocket[typeof brand];
  send(text: string): boolean { return text !== ''; }
}
class MyToken { readonly #secret = 1; get(): number { return this.#secret; } }

export const tcp = { Socket: Plain, Token: MyToken, open: (_token: MyToken) => new Plain() } satisfies Tcp;
export const tcp2 = { Socket: Implementing, Token: MyToken, open: () => new Implementing() } satisfies Tcp;
export const tcp3 = { Socket: MyTcp, Token: MyToken, open: (_: Token) => new MyTcp() } satisfies Tcp;
export const udp = { Socket: MyUdp, bind(_socket: UdpSocket) {} } satisfies Udp;
export const imports: Imports = { 'demo:sockets/tcp': tcp3, 'demo:sockets/udp': udp };
// @ts-expect-error a class of another resource
export const wrongClass: Tcp = { ...tcp, Socket: MyUdp };
// @ts-expect-error an object of another resource
export const wrongObject: Tcp = { ...tcp, open: () => new MyUdp() };
// @ts-expect-error not even this class is what it says
export class Wrong implements TcpSocket { declare readonly [brand]?: 'import demo:sockets/udp.socket'; send(): boolean { return true; } }

export function use(one: TcpSocket, two: UdpSocket, three: GuestSocket, session: Session, other: Other, { api }: Exports): void {
  const same: TcpSocket = one;
  // @ts-expect-error
  const crossed: TcpSocket = two;
  // @ts-expect-error what the guest implements is not what the host does
  const direction: UdpSocket = three;
  udp.bind(two);
  // @ts-expect-error
  udp.bind(one);
  api.stop(session);
  api.stop(api.start());
  // @ts-expect-error
  api.stop(other);
  // @ts-expect-error
  api.stop(one);
}
`;
  expect(errorsOf(sockets, { brands: true }, program)).toEqual([]);
});

test('without brands, what has the same methods is the same', () => {
  const program = `import type { Socket as TcpSocket } from './world-1/imports/demo/sockets/tcp.ts';
import type { Socket as UdpSocket } from './world-1/imports/demo/sockets/udp.ts';
export const crossed = (udp: UdpSocket): TcpSocket => udp;
`;
  expect(errorsOf(sockets, {}, program)).toEqual([]);
  expect(errorsOf(sockets, { brands: true }, program)).toHaveLength(1);
});

test('imports that keep the default shapes take implementations of the ecosystem', () => {
  const program = `import type { Imports } from './world-1/index.ts';
import type { Host } from './world-1/imports/demo/store/db.ts';
import { ComponentError } from '@wittle/runtime';
export const db: Host = { get: () => { throw new ComponentError({ tag: 'not-found' }); }, put() {}, later: () => 1 };
export const imports: Imports = { 'demo:store/db': db };
// @ts-expect-error
export const returned: Host = { ...db, get: () => ({ tag: 'ok', val: '' }) };
`;
  expect(
    errorsOf(store, { results: 'return', variants: 'kind', defaultShapes: ['demo:store'] }, program),
  ).toEqual([]);
});
