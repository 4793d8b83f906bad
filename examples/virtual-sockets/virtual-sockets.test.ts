/** The C program behind the layer, over loopback; and the layer by itself. */
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ComponentError } from '@wittle/runtime';
import { createWasi } from '@wittle/wasi';
import { beforeAll, describe, expect, test } from '@jest/globals';

const here = fileURLToPath(new URL('.', import.meta.url));
const wittle = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

function node(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: here, timeout: 100_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? child.signalCode ?? '?', stdout, stderr });
    });
  });
}

beforeAll(async () => {
  expect(await node(wittle, 'generate', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
}, 60_000);

test('the layer is typed by what was generated', async () => {
  expect(await node(tsc)).toEqual({ code: 0, stdout: '', stderr: '' });
}, 110_000);

describe('the program in C', () => {
  test('serves over TCP and UDP, and the layer says whom', async () => {
    const child = spawn(process.execPath, ['main.ts', '127.0.0.1', '0', '1'], {
      cwd: here,
      timeout: 100_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const ended = once(child, 'close');
    let port = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      port = Number(/^listening on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1] ?? 0);
      if (port !== 0) break;
    }

    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    // A datagram may be lost, even here.
    const again = setInterval(() => udp.send('ping', port, '127.0.0.1'), 50);
    const [answer] = (await once(udp, 'message')) as [Buffer];
    clearInterval(again);
    const from = udp.address().port;
    udp.close();

    const tcp = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    tcp.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(tcp, 'connect');
    const to = tcp.localPort;
    tcp.end('hello');
    await once(tcp, 'close');
    const [code] = (await ended) as [number];

    expect([answer.toString(), Buffer.concat(chunks).toString(), code]).toEqual(['ping', 'hello', 0]);
    expect([...new Set(log)]).toEqual([
      'firewall: bind 127.0.0.1:0',
      `firewall: bind 127.0.0.1:${port}`,
      `firewall: send 127.0.0.1:${from}`,
      `firewall: accept 127.0.0.1:${to}`,
    ]);
  }, 110_000);

  test('is told that an address is denied, which the host would have allowed', async () => {
    expect(await node('main.ts', '127.0.0.2', '0', '1')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'firewall: bind 127.0.0.2:0 denied\nbind: Permission denied\n',
    });
  }, 110_000);
});

describe('the layer by itself', () => {
  const ipv4 = (address: string, port: number): object => ({
    tag: 'ipv4',
    val: { address: address.split('.').map(Number), port },
  });

  /** What a program is given of the layer, and what the layer says. */
  async function layered(): Promise<{
    readonly sockets: Sockets;
    readonly network: object;
    readonly log: string[];
    readonly wasi: Disposable;
  }> {
    const from = (path: string): Promise<unknown> => import(new URL(path, import.meta.url).href);
    const { firewall } = (await from('firewall.ts')) as { firewall: (policy: object) => unknown };
    const { instantiateGuest } = (await from('generated/firewall/instantiate.ts')) as {
      instantiateGuest: (guest: unknown, imports: object) => Sockets;
    };
    const wasi = createWasi({ network: { listen: ['127.0.0.1:*'] } });
    const log: string[] = [];
    const policy = {
      allows: (_: string, to: string) => to.startsWith('127.0.0.1:'),
      log: (line: string) => log.push(line),
    };
    const sockets = instantiateGuest(firewall(policy), wasi.imports);
    const network = wasi.imports['wasi:sockets/instance-network'].instanceNetwork();
    return { sockets, network, log, wasi };
  }

  test('denies connecting before the host is asked, and passes on what the host says', async () => {
    const { sockets, network, log, wasi } = await layered();
    using _ = wasi;
    const socket = sockets.tcpCreateSocket.createTcpSocket('ipv4');
    expect(socket).toBeInstanceOf(sockets.tcp.TcpSocket);
    expect(socket.addressFamily()).toBe('ipv4');
    const failure = (act: () => unknown): unknown => {
      try {
        return act();
      } catch (error) {
        return error instanceof ComponentError ? error.payload : error;
      }
    };
    expect(failure(() => socket.startConnect(network, ipv4('127.0.0.2', 9)))).toBe('access-denied');
    expect(failure(() => socket.finishConnect())).toBe('not-in-progress');
    // Allowed by the layer, and granted by nobody.
    expect(failure(() => socket.startConnect(network, ipv4('127.0.0.1', 9)))).toBe('access-denied');
    expect(
      failure(() => socket.startConnect(network, { ...ipv4('127.0.0.1', 9), tag: 'ipv5' })),
    ).toBeInstanceOf(TypeError);
    expect(log).toEqual(['connect 127.0.0.2:9 denied', 'connect 127.0.0.1:9']);
    socket[Symbol.dispose]();
  });

  test('sees where each datagram goes', async () => {
    const { sockets, network, log, wasi } = await layered();
    using _ = wasi;
    const socket = sockets.udpCreateSocket.createUdpSocket('ipv4');
    socket.startBind(network, ipv4('127.0.0.1', 0));
    socket.finishBind();
    const [incoming, outgoing] = socket.stream(undefined);
    const to = (address: string): object => ({ data: new Uint8Array(1), remoteAddress: ipv4(address, 9) });
    expect(outgoing.checkSend()).toBeGreaterThan(1n);
    expect(() => outgoing.send([to('127.0.0.1'), to('127.0.0.3')])).toThrow(
      expect.objectContaining({ payload: 'access-denied' }),
    );
    expect(() => socket.stream(ipv4('127.0.0.4', 9))).toThrow(
      expect.objectContaining({ payload: 'access-denied' }),
    );
    expect(log).toEqual([
      'bind 127.0.0.1:0',
      'send 127.0.0.1:9',
      'send 127.0.0.3:9 denied',
      'connect 127.0.0.4:9 denied',
    ]);
    for (const each of [incoming, outgoing, socket]) each[Symbol.dispose]();
  });
});

/** As much of the generated types as is used here: they are there only when the tests run. */
interface Sockets {
  readonly tcp: { readonly TcpSocket: abstract new () => object };
  readonly tcpCreateSocket: { readonly createTcpSocket: (family: string) => TcpSocket };
  readonly udpCreateSocket: { readonly createUdpSocket: (family: string) => UdpSocket };
}

interface TcpSocket extends Disposable {
  readonly addressFamily: () => string;
  readonly startConnect: (network: object, to: object) => void;
  readonly finishConnect: () => unknown;
}

interface UdpSocket extends Disposable {
  readonly startBind: (network: object, to: object) => void;
  readonly finishBind: () => void;
  readonly stream: (to: object | undefined) => readonly [Disposable, Outgoing];
}

interface Outgoing extends Disposable {
  readonly checkSend: () => bigint;
  readonly send: (datagrams: readonly object[]) => bigint;
}
