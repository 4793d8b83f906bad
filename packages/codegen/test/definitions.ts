/** A project over generated JavaScript, and where editors are to go from the names in it. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { selectWorld } from '@wittle/parser';
import { loadPackage } from '@wittle/parser/node';
import { generate, guestTarget, hostTarget, type GeneratedFile } from '../src/index.ts';
import type { Definition, LanguageServer, Place } from './language-server.ts';

const WIT = `package demo:shop@1.0.0;

/// Things for sale; “ö” and 😀 are in front of some of them.
interface prices {
  enum currency { euro, dollar }
  flags options { urgent, gift-wrap }
  /* 😀 */ record line-item { item-name: string, unit-price: option<u32>, in: currency }
  variant answer { fine(line-item), sold-out }
  type items = list<line-item>;
  resource price-list {
    constructor(shop-name: string);
    /// Looks it up.
    look-up: func(its-name: string) -> result<line-item, answer>;
    merge: static func(lists: list<price-list>) -> price-list;
  }
  total: func(of-items: items) -> u64;
}

interface counter {
  use prices.{line-item};
  add: func(new-item: line-item) -> u32;
}

world shop {
  import prices;
  import wasi:clocks/monotonic-clock@0.2.12;
  import log: func(text: string);
  export counter;
}
`;

const HOST = `import type { Answer, Host, Items, LineItem, Options, PriceList } from './host/imports/demo/shop/prices.js';
import type { Host as Clock } from './host/imports/wasi/clocks/monotonic-clock.js';
import { instantiate, type Exports, type Imports } from './host/index.js';

export async function use(list: PriceList, prices: Host, clock: Clock, imports: Imports): Promise<void> {
  const item: LineItem = { itemName: 'a', in: 'euro' };
  const options: Options = { giftWrap: true };
  const items: Items = [item];
  const answer: Answer = { tag: 'fine', val: item };
  void [item.unitPrice, options.giftWrap, answer.val];
  list.lookUp('a');
  prices.PriceList.merge([]);
  prices.total(items);
  clock.now();
  imports.log('a');
  void imports['demo:shop/prices'];
  const exports: Exports = await instantiate(new Uint8Array(), imports);
  exports.counter.add(item);
}
`;

const SYSTEM = `import type { Host as Sockets, TcpSocket } from './sockets/imports/wasi/sockets/tcp.js';
import type { ErrorCode, IpAddressFamily } from './sockets/imports/wasi/sockets/network.js';
import type { Host as Adapter } from './adapter/imports/wittle/adapter/descriptors.js';

export function close(socket: TcpSocket, sockets: Sockets, adapter: Adapter): number {
  const codes: ErrorCode[] = ['unknown'];
  const family: IpAddressFamily = socket.addressFamily();
  socket.shutdown('both');
  void [codes, family, sockets.TcpSocket];
  return adapter.openBadfd();
}
`;

const GUEST = `import { now } from 'wasi:clocks/monotonic-clock@0.2.12';
import { PriceList, total, type LineItem } from 'demo:shop/prices@1.0.0';
import type { Exports } from './guest/index.js';

export const counter = {
  add(item: LineItem): number {
    new PriceList('a').lookUp(item.itemName);
    return Number(total([item]) + now());
  },
} satisfies Exports['counter'];
`;

const SOCKETS = 'sockets/wit/wasi/sockets@0.2.12';

/**
 * Each a place in a program, behind `|` in a text that is there once, and the places where editors may go: the name
 * that stands behind `|` in a text that is once in a WIT file.
 */
const QUESTIONS: readonly (readonly [file: string, at: string, wit: string, ...names: string[]])[] = [
  ['host.ts', 'import type { |Answer', 'wit/shop.wit', 'variant |answer'],
  ['host.ts', 'import type { Answer, |Host', 'wit/shop.wit', 'interface |prices'],
  ['host.ts', 'const item: |LineItem', 'wit/shop.wit', 'record |line-item'],
  ['host.ts', '{ |itemName', 'wit/shop.wit', '{ |item-name'],
  ['host.ts', 'item.|unitPrice', 'wit/shop.wit', '|unit-price'],
  ['host.ts', "'a', |in:", 'wit/shop.wit', '|in: currency'],
  ['host.ts', 'options.|giftWrap', 'wit/shop.wit', 'urgent, |gift-wrap'],
  ['host.ts', 'const items: |Items', 'wit/shop.wit', 'type |items'],
  ['host.ts', 'answer.|val', 'wit/shop.wit', '{ |fine('],
  ['host.ts', 'list: |PriceList', 'wit/shop.wit', 'resource |price-list'],
  ['host.ts', 'list.|lookUp', 'wit/shop.wit', '|look-up'],
  ['host.ts', 'prices.|PriceList.merge', 'wit/shop.wit', 'resource |price-list'],
  ['host.ts', 'PriceList.|merge', 'wit/shop.wit', '|merge'],
  ['host.ts', 'prices.|total', 'wit/shop.wit', '|total'],
  ['host.ts', 'clock.|now', 'host/wit/wasi/clocks@0.2.12/monotonic-clock.wit', '|now: func'],
  ['host.ts', 'imports.|log', 'wit/shop.wit', 'import |log'],
  ['host.ts', "imports['|demo:shop", 'wit/shop.wit', 'interface |prices'],
  ['host.ts', 'await |instantiate', 'wit/shop.wit', 'world |shop'],
  ['host.ts', 'const exports: |Exports', 'wit/shop.wit', 'world |shop'],
  ['host.ts', 'exports.|counter', 'wit/shop.wit', 'interface |counter'],
  ['host.ts', 'counter.|add', 'wit/shop.wit', '|add: func'],
  ['system.ts', 'sockets: |Sockets', `${SOCKETS}/tcp.wit`, 'interface |tcp'],
  ['system.ts', 'socket: |TcpSocket', `${SOCKETS}/tcp.wit`, 'resource |tcp-socket'],
  ['system.ts', 'socket.|addressFamily', `${SOCKETS}/tcp.wit`, '|address-family: func'],
  ['system.ts', 'socket.|shutdown', `${SOCKETS}/tcp.wit`, '|shutdown: func'],
  ['system.ts', 'codes: |ErrorCode', `${SOCKETS}/network.wit`, 'enum |error-code'],
  ['system.ts', 'family: |IpAddressFamily', `${SOCKETS}/network.wit`, 'enum |ip-address-family'],
  [
    'system.ts',
    'adapter: |Adapter',
    'adapter/wit/wittle/adapter@0.1.0/adapter.wit',
    'interface |descriptors',
  ],
  ['system.ts', 'adapter.|openBadfd', 'adapter/wit/wittle/adapter@0.1.0/adapter.wit', '|open-badfd: func'],
  ['guest.ts', '{ |now }', 'guest/wit/wasi/clocks@0.2.12/monotonic-clock.wit', '|now: func'],
  ['guest.ts', 'import { |PriceList', 'wit/shop.wit', 'resource |price-list'],
  ['guest.ts', 'item: |LineItem', 'wit/shop.wit', 'record |line-item'],
  ['guest.ts', "new PriceList('a').|lookUp", 'wit/shop.wit', '|look-up'],
  ['guest.ts', 'new |PriceList', 'wit/shop.wit', '|constructor', 'resource |price-list'],
  ['guest.ts', 'item.|itemName', 'wit/shop.wit', '{ |item-name'],
  ['guest.ts', 'Number(|total', 'wit/shop.wit', '|total: func'],
];

/** Writes the project into a new directory; gives the directory. */
export function writeProject(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wittle-editor-')));
  const repository = fileURLToPath(new URL('../../..', import.meta.url));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('wit/shop.wit', WIT);
  write('host.ts', HOST);
  write('guest.ts', GUEST);
  write('system.ts', SYSTEM);
  write('package.json', '{ "type": "module" }');
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  mkdirSync(join(root, 'node_modules/@wittle'), { recursive: true });
  symlinkSync(join(repository, 'packages/runtime'), join(root, 'node_modules/@wittle/runtime'), 'junction');
  const { model } = loadPackage(join(root, 'wit'), { packages: [join(repository, 'wit/wasi/0.2.12')] });
  const { world } = selectWorld(model!, undefined);
  const shop = join(root, 'wit/shop.wit');
  const output = (folder: string, make: (sourcePath: (name: string) => string | undefined) => Made): void => {
    const path = relative(join(root, folder), shop).replaceAll('\\', '/');
    const { files } = make((name) => (name.endsWith('shop.wit') ? path : undefined));
    for (const file of files) write(`${folder}/${file.path}`, file.contents);
  };
  const generator = { name: 'wittle test', source: 'wit' };
  output('host', (sourcePath) => generate(world!, hostTarget, { emit: 'js' }, { ...generator, sourcePath }));
  output('guest', (sourcePath) =>
    generate(world!, guestTarget, { emit: 'js' }, { ...generator, sourcePath }),
  );
  for (const [folder, wit, name] of [
    ['sockets', 'wit/wasi/0.2.12/sockets', 'imports'],
    ['adapter', 'wit/adapter', 'libc'],
  ] as const) {
    const shipped = loadPackage(join(repository, wit), {
      packages: [join(repository, 'wit/wasi/0.2.12')],
    });
    const target = selectWorld(shipped.model!, name).world!;
    output(folder, () => generate(target, hostTarget, { emit: 'js' }, generator));
  }
  return root;
}

interface Made {
  readonly files: readonly GeneratedFile[];
}

/** A question, where the server goes, and where it is to go. */
export interface Answer {
  readonly question: string;
  /** `wit/shop.wit:4:11 prices`: the file, the line and column from 1, and the text that is selected there. */
  readonly actual: readonly string[];
  readonly expected: readonly string[];
}

/** Asks a server that has nothing open yet. */
export async function ask(server: LanguageServer, root: string): Promise<readonly Answer[]> {
  const texts = new Map<string, string>();
  const read = (path: string): string => {
    const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
    texts.set(path, text);
    return text;
  };
  for (const path of ['host.ts', 'guest.ts', 'system.ts']) await server.open(join(root, path), read(path));
  const answers: Answer[] = [];
  for (const [file, at, wit, ...names] of QUESTIONS) {
    const found = await server.definitions(join(root, file), placeOf(read(file), offsetOf(read(file), at)));
    const expected = names.map((name) => {
      const text = read(wit);
      const start = offsetOf(text, name);
      const [word = ''] = /^[\w-]+/.exec(text.slice(start)) ?? [];
      return shown(wit, placeOf(text, start), word);
    });
    const actual = found.map(({ path, start, end }: Definition) => {
      const inside = relative(root, path).replaceAll('\\', '/');
      const lines = read(inside).split('\n');
      const text =
        start.line === end.line ? lines[start.line]!.slice(start.column, end.column) : '(more than a line)';
      return shown(inside, start, text);
    });
    // A type and a value of one name are two definitions.
    const places = [...new Set(actual)].toSorted();
    answers.push({ question: `${file}: ${at}`, actual: places, expected: expected.toSorted() });
  }
  return answers;
}

function shown(path: string, { line, column }: Place, text: string): string {
  return `${path}:${line + 1}:${column + 1} ${text}`;
}

/** Where the bar is in a text that has to be there once. */
function offsetOf(text: string, pattern: string): number {
  const plain = pattern.replace('|', '');
  const at = text.indexOf(plain);
  if (at === -1 || text.includes(plain, at + 1)) throw new Error(`not there once: ${plain}`);
  return at + pattern.indexOf('|');
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, column: before.at(-1)!.length };
}
