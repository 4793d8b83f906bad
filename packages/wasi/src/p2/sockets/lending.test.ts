/** `lendBytes`: bytes are right all the same, and memory is given back at once only where nobody else can have it. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { expectNothingOpen, Guest, ready, within } from '../../../test/driver.ts';
import type { InputStream, OutputStream } from '../io/streams.ts';

afterEach(expectNothingOpen);

/** Bytes that tell where they belong. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

/** Writes copies, as glue does. */
async function send(stream: OutputStream, data: Uint8Array, piece: number): Promise<void> {
  for (let offset = 0; offset < data.length;) {
    const permit = Math.min(Number(stream.checkWrite()), piece);
    if (permit === 0) await ready(() => stream.subscribe());
    else stream.write(data.slice(offset, (offset += Math.min(permit, data.length - offset))));
  }
}

/** Reads and copies at once, as glue does. */
async function receive(stream: InputStream, length: number, piece: number): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let offset = 0; offset < length;) {
    offset += await within(
      5000,
      'read',
      Promise.resolve(stream.blockingRead(BigInt(Math.min(piece, length - offset)))).then((bytes) => {
        all.set(bytes, offset);
        return bytes.length;
      }),
    );
  }
  return all;
}

describe.each([1000, 16_384, 1_000_000])('read in pieces of %d', (piece) => {
  test('everything arrives as it was sent', async () => {
    using guest = new Guest({ lendBytes: true });
    const { clientOut, serverIn } = await guest.pair();
    const data = pattern(5_000_000);
    const [received] = await Promise.all([
      receive(serverIn, data.length, piece),
      send(clientOut, data, 100_000),
    ]);
    expect(Buffer.compare(received, data)).toBe(0);
  });
});

test('spliced bytes arrive as they were sent', async () => {
  using guest = new Guest({ lendBytes: true });
  const [from, to] = [await guest.pair(), await guest.pair()];
  const data = pattern(5_000_000);
  const splicing = (async () => {
    for (let left = BigInt(data.length); left > 0n;)
      left -= await to.clientOut.blockingSplice(from.serverIn, left);
  })();
  const [received] = await Promise.all([
    receive(to.serverIn, data.length, 16_384),
    send(from.clientOut, data, 65_536),
    splicing,
  ]);
  expect(Buffer.compare(received, data)).toBe(0);
});

describe('what is written', () => {
  const written = pattern(10_000);

  test('is used up once the system has it', async () => {
    using guest = new Guest({ lendBytes: true });
    const { clientOut, serverIn } = await guest.pair();
    const bytes = written.slice();
    clientOut.checkWrite();
    clientOut.write(bytes);
    expect(bytes.length === 0 || process.platform === 'win32').toBe(true);
    expect(Buffer.compare(await receive(serverIn, written.length, 65_536), written)).toBe(0);
  });

  test('as a part of a buffer leaves the buffer alone, and so do zeroes', async () => {
    using guest = new Guest({ lendBytes: true });
    const { clientOut, serverIn } = await guest.pair();
    const whole = written.slice();
    clientOut.checkWrite();
    clientOut.write(whole.subarray(1));
    clientOut.writeZeroes(70_000n);
    expect(Buffer.compare(whole, written)).toBe(0);
    await receive(serverIn, written.length - 1, 16_384);
    clientOut.checkWrite();
    clientOut.writeZeroes(70_000n);
    const zeroes = await receive(serverIn, 140_000, 16_384);
    expect(zeroes.every((byte) => byte === 0)).toBe(true);
  });

  test('stays as it is without the option', async () => {
    using guest = new Guest();
    const { clientOut } = await guest.pair();
    const bytes = written.slice();
    clientOut.checkWrite();
    clientOut.write(bytes);
    expect(Buffer.compare(bytes, written)).toBe(0);
  });
});

describe('what is read', () => {
  const sent = pattern(10_000);

  test('is taken back at the next read', async () => {
    using guest = new Guest({ lendBytes: true });
    const { clientOut, serverIn } = await guest.pair();
    await send(clientOut, sent, sent.length);
    await ready(() => serverIn.subscribe());
    const first = serverIn.read(6000n);
    expect(Buffer.compare(first, sent.subarray(0, 6000))).toBe(0);
    const second = serverIn.read(6000n);
    expect(Buffer.compare(second, sent.subarray(6000))).toBe(0);
    await send(clientOut, sent, sent.length);
    await ready(() => serverIn.subscribe());
    expect(first).toHaveLength(0);
    expect(second).toHaveLength(0);
    expect(Buffer.compare(serverIn.read(10_000n), sent)).toBe(0);
  });

  test('stays as it is without the option', async () => {
    using guest = new Guest();
    const { clientOut, serverIn } = await guest.pair();
    await send(clientOut, sent, sent.length);
    await ready(() => serverIn.subscribe());
    const bytes = serverIn.read(10_000n);
    await send(clientOut, sent, sent.length);
    await ready(() => serverIn.subscribe());
    serverIn.read(10_000n);
    expect(Buffer.compare(bytes, sent)).toBe(0);
  });
});
