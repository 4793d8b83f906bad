/** Generated code is strict TypeScript, and what does not fit its types does not compile. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { HostOptions } from '../src/index.ts';
import { caseNames, recordedFiles } from './cases.ts';
import { compile } from './compile.ts';
import { generated, Workspace, worldOf } from './generate.ts';
import { anyShape, witOf } from './random-types.ts';

const workspaces: Workspace[] = [];
afterAll(() => workspaces.forEach((each) => each.remove()));

function workspace(): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  return made;
}

/** Choices of shapes, in turn. */
const CHOICES: readonly Partial<HostOptions>[] = [
  {},
  { results: 'return', readonly: true },
  { variants: 'kind', readonly: true, brands: true },
  { results: 'return', variants: 'kind' },
  { results: 'return', variants: 'kind', readonly: true, defaultShapes: ['demo:random/types'] },
];

test('all recorded cases and worlds of random types compile under every strict flag', () => {
  const made = workspace();
  for (const name of caseNames()) made.write(recordedFiles(name));
  const worlds = fc.sample(fc.array(anyShape, { minLength: 8, maxLength: 8 }), { seed: 1, numRuns: 25 });
  for (const [at, shapes] of worlds.entries()) {
    const declarations = new Map<string, string>();
    const functions = shapes
      .map((shape, index) => {
        const [open, close] = index % 2 === 0 ? ['', ''] : ['result<', '>'];
        return `f${index}: func(x: ${witOf(shape, declarations)}, p: u32) -> ${open}${witOf(shape, declarations)}${close};`;
      })
      .join('\n');
    const use = declarations.size === 0 ? '' : `use types.{${[...declarations.keys()].join(', ')}};`;
    const text = `package demo:random;
      interface types { ${[...declarations.values()].join('\n')} }
      interface api { ${use} ${functions} }
      world random { ${use} import api; export api; ${functions.replaceAll(/^f/gm, 'import f')} ${functions.replaceAll(/^f/gm, 'export f')} }`;
    made.write(
      generated(worldOf(text), { mayBlock: at % 3 === 0 ? ['*'] : [], ...CHOICES[at % CHOICES.length] }),
    );
  }
  expect(compile(made.path)).toEqual([]);
});

test('an implementation that does not fit is an error where it does not', () => {
  const made = workspace();
  made.write(
    generated(
      worldOf(`package demo:shop;
        interface db {
          record row { id: u64, name: option<string> }
          resource connection { constructor(url: string); query: func(sql: string) -> list<row>; }
          resource opaque;
          connect: func(url: string) -> result<connection, string>;
          ping: func(times: u32);
        }
        interface empty {}
        interface clock { wait: func(ns: u64); }
        interface cart { add: func(name: string, count: u8) -> u64; }
        world shop { import db; import empty; import clock; export cart; }`),
      { mayBlock: ['demo:shop/clock#wait'] },
    ),
  );
  const source = `import type { Exports, Imports, VersionedImports } from './world-1/index.ts';
import { instantiate } from './world-1/index.ts';
import type { Host, Row, Connection as Contract, Opaque as Hidden } from './world-1/imports/demo/shop/db.ts';
import type { Host as Clock } from './world-1/imports/demo/shop/clock.ts';

class Connection implements Contract {
  readonly #secret: string;
  private more: number = 0;
  constructor(url: string) { this.#secret = url; }
  query(sql: string): Row[] { this.more += sql.length; return [{ id: 1n }, { id: 2n, name: this.#secret }]; }
}
class Opaque implements Hidden { readonly #a = 1; get(): number { return this.#a; } }
export const good = { Connection, Opaque, connect: (url: string) => new Connection(url), ping() {} } satisfies Host;
export const clock = { wait: async (ns: bigint) => { void ns; } } satisfies Clock;
export const imports: Imports = { 'demo:shop/db': good, 'demo:shop/clock': clock };
export const versioned: VersionedImports = { 'demo:shop/db': good, 'demo:shop/clock': { wait() {} } };
export async function run(module: Uint8Array<ArrayBuffer>): Promise<bigint> {
  const { cart }: Exports = await instantiate(module, imports);
  return await cart.add('a', 1);
}
class Wrong { constructor(_url: string) {} query(sql: number): Row[] { return sql > 0 ? [] : []; } }
class Numbered { constructor(_url: number) {} query(): Row[] { return []; } }
export const missing: Host = { Opaque, Connection, ping() {} }; // ERROR
export const noClass: Host = { Opaque, connect: good.connect, ping() {} }; // ERROR
export const parameter: Host = { Opaque, Connection, connect: (url: number) => new Connection(String(url)), ping() {} }; // ERROR
export const result: Host = { Opaque, Connection, connect: () => 1, ping() {} }; // ERROR
export const more: Host = { Opaque, Connection, connect: good.connect, ping: (_times: number, _more: string) => {} }; // ERROR
export const method: Host = { Opaque, Connection: Wrong, connect: good.connect, ping() {} }; // ERROR
export const made: Host = { Opaque, Connection: Numbered, connect: good.connect, ping() {} }; // ERROR
export const waits: Host = { Opaque, Connection, connect: async (url: string) => new Connection(url), ping() {} }; // ERROR
export const number: Host = { ...good, Opaque: 1 }; // ERROR
export const without: Imports = { 'demo:shop/db': good }; // ERROR
export const row: Row = { id: 1 }; // ERROR
export const nothing: Row = { name: 'x' }; // ERROR
export async function wrong(module: Uint8Array<ArrayBuffer>): Promise<void> {
  const { cart } = await instantiate(module, imports);
  await cart.add('a'); // ERROR
  await cart.add('a', '1'); // ERROR
  await cart.remove('a'); // ERROR
  const count: number = await cart.add('a', 1); // ERROR
  void count;
}
`;
  writeFileSync(join(made.path, 'user.ts'), source);
  const errors = compile(made.path, { isolatedDeclarations: false });
  const lines = errors.map((line) => Number(/^user\.ts\((\d+),/.exec(line)?.[1] ?? NaN));
  const expected = source
    .split('\n')
    .flatMap((line, index) => (line.includes('// ERROR') ? [index + 1] : []));
  expect([...new Set(lines)]).toEqual(expected);
});
