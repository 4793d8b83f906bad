/** A layer in TypeScript between a C program and the sockets of the host: what virtualisation is. */
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { selectWorld, type World } from '@wittle/parser';
import { loadPackage } from '@wittle/parser/node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAdapter } from '../../adapter/src/index.ts';
import { canSuspend } from '../../runtime/src/index.ts';
import { createWasi, WasiExit } from '../../wasi/src/index.ts';
import { mirrored } from '../src/targets/guest/in-process.ts';
import { compile } from './compile.ts';
import { generated, Workspace, type Any, type Glue } from './generate.ts';
import { inProcess, loadInProcess, watched, type Loaded, type Watched } from './in-process.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const workspace = new Workspace();
const { ComponentError } = await workspace.runtime();
afterAll(() => workspace.remove());

function load(path: string): World {
  const { model, diagnostics } = loadPackage(path, { packages: [join(root, 'wit/wasi/0.2.12')] });
  if (model === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return selectWorld(model, undefined).world!;
}

/** What stands between: the sockets of TCP, in and out; everything else that they use only passes through. */
const LAYER = `package example:firewall;
world firewall {
  import wasi:sockets/tcp@0.2.12;
  import wasi:sockets/tcp-create-socket@0.2.12;
  export wasi:sockets/tcp@0.2.12;
  export wasi:sockets/tcp-create-socket@0.2.12;
}`;

/** Logs what sockets are bound to and whom they accept, and lets them be bound to addresses of 127.0.0.1 only. */
const firewall =
  (log: string[]) =>
  (imports: Any): object => {
    const { TcpSocket: Real } = imports['wasi:sockets/tcp'];
    class TcpSocket {
      readonly inner: Any;
      constructor(inner: unknown) {
        this.inner = inner;
      }
      startBind(network: unknown, local: Any): void {
        const address = local.val.address.join(local.tag === 'ipv4' ? '.' : ':');
        log.push(`bind ${address}`);
        if (address !== '127.0.0.1') throw new ComponentError('access-denied');
        this.inner.startBind(network, local);
      }
      accept(): unknown {
        const [socket, input, output] = this.inner.accept();
        log.push(`accept ${socket.remoteAddress().val.address.join('.')}`);
        return [new TcpSocket(socket), input, output];
      }
      [Symbol.dispose](): void {
        log.push('closed');
        this.inner[Symbol.dispose]();
      }
    }
    // All others are the host's.
    for (const key of Object.keys(Real.prototype)) {
      (TcpSocket.prototype as Any)[key] ??= function (this: TcpSocket, ...args: unknown[]): unknown {
        return this.inner[key](...args);
      };
    }
    const createTcpSocket = (family: unknown): TcpSocket =>
      new TcpSocket(imports['wasi:sockets/tcp-create-socket'].createTcpSocket(family));
    return { tcp: { TcpSocket }, tcpCreateSocket: { createTcpSocket } };
  };

test('all of WASI can be behind a memory: types say that it is in the place of the host', () => {
  const world = load(join(root, 'examples/tcp-echo/wit'));
  const directory = workspace.write([
    ...generated(world).map((file) => ({ ...file, path: `bindings/${file.path}` })),
    ...inProcess(mirrored(world)).map((file) => ({ ...file, path: `mirror/${file.path}` })),
  ]);
  const source = `
    import type { Imports } from './bindings/index.ts';
    import { instantiateGuest } from './mirror/instantiate.ts';
    export const through = (host: Imports): Imports => instantiateGuest(host as never, {});
  `;
  writeFileSync(join(directory, 'main.ts'), source);
  expect(compile(directory)).toEqual([]);
});

// The program waits in `poll`, on a stack that must be suspended.
(canSuspend() ? describe : describe.skip)('the echo server in C, behind a firewall in TypeScript', () => {
  let server: Glue;
  let layer: Loaded;
  beforeAll(async () => {
    const folder = join(workspace.path, 'layer');
    mkdirSync(folder);
    writeFileSync(join(folder, 'world.wit'), LAYER);
    layer = await loadInProcess(workspace, load(folder), { syncExports: ['*'] });
    server = await workspace.load(load(join(root, 'examples/tcp-echo/wit')));
  });

  interface Running {
    readonly output: () => string;
    readonly log: string[];
    readonly usage: Watched['usage'];
    /** The exit code. */
    readonly ended: Promise<number>;
  }

  async function start(...args: readonly string[]): Promise<Running> {
    let text = '';
    const collect = (): Writable =>
      new Writable({
        write(chunk: Buffer, _, done) {
          text += chunk.toString();
          done();
        },
      });
    const wasi = createWasi({
      args: ['tcp-echo', ...args],
      stdout: collect(),
      stderr: collect(),
      network: { listen: ['127.0.0.1:*', '127.0.0.2:*'] },
    });
    const log: string[] = [];
    const { module, usage } = watched(layer.guestModule(firewall(log)));
    const over = await layer.instantiate(module, wasi.imports);
    const imports = {
      ...wasi.imports,
      'wasi:sockets/tcp': over['wasi:sockets/tcp'],
      'wasi:sockets/tcp-create-socket': over['wasi:sockets/tcp-create-socket'],
    };
    const bytes = readFileSync(join(root, 'examples/tcp-echo/guest/tcp-echo.wasm'));
    const { run } = await server.instantiate(bytes, imports, { adapter: createAdapter(wasi.imports) });
    const ended = (run.run() as Promise<void>)
      .then(
        () => 0,
        (error: unknown) => {
          if (error instanceof WasiExit) return error.code;
          throw error;
        },
      )
      .finally(() => wasi.dispose());
    return { output: () => text, log, usage, ended };
  }

  async function echoed(port: number, bytes: Uint8Array): Promise<Buffer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.end(bytes);
    await once(socket, 'close');
    return Buffer.concat(chunks);
  }

  test('bytes pass, connections are seen, and every socket is closed through the layer', async () => {
    const { output, log, usage, ended } = await start('127.0.0.1', '0', '2');
    let port: string | undefined;
    for (let i = 0; i < 2000 && port === undefined; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      port = /listening on 127\.0\.0\.1:(\d+)/.exec(output())?.[1];
    }
    const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => i * 31));
    expect((await echoed(Number(port), bytes)).equals(bytes)).toBe(true);
    expect((await echoed(Number(port), Buffer.from('bye'))).toString()).toBe('bye');
    expect(await ended).toBe(0);
    expect(output()).toMatch(/served 2 clients/);
    expect(log.toSorted()).toEqual([
      'accept 127.0.0.1',
      'accept 127.0.0.1',
      'bind 127.0.0.1',
      'closed',
      'closed',
      'closed',
    ]);
    expect(usage()).toEqual({ blocks: 0, objects: 0 });
  });

  test('what the layer denies is errno to the program', async () => {
    const { output, log, ended } = await start('127.0.0.2', '0', '1');
    expect(await ended).toBe(1);
    expect(output()).toMatch(/: Permission denied/);
    expect(log[0]).toBe('bind 127.0.0.2');
  });
});
