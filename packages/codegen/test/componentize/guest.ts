/** The guest of `world.wit`: passes on what it is given to what it imports. `scripts/components.mjs` builds and runs it. */
import { now } from 'wasi:clocks/monotonic-clock@0.2.12';
import { createTcpSocket } from 'wasi:sockets/tcp-create-socket@0.2.12';
import * as outerKinds from 'test:relay/kinds@1.2.0';
import { type Color, delete as delete_ } from 'test:relay/kinds@1.2.0';
import { Map as OuterMap, with as with_ } from 'test:relay/globals@1.2.0';
import { Counter, look, take } from 'test:relay/things@1.2.0';
import { mayFail, repeat } from 'test:relay/users@1.2.0';
import { log as log1 } from 'test:versions/log@1.0.0';
import { log as log2 } from 'test:versions/log@2.0.0';
import { Door, type Level } from '$root';
import logIt from 'log-it';
import { ping } from 'in-line';
import type { ComponentError, Exports, Guest, TestRelayThings as Things } from './bindings/index.ts';
// oxlint-disable-next-line import/no-self-import -- so that what is missing is an error here
import type * as self from './guest.ts';

export const kinds = {
  ...outerKinds,
  // What is thrown is the error value, or has it.
  failing(x) {
    try {
      return outerKinds.failing(x);
    } catch (error) {
      if (x === 'green') throw error;
      throw (error as ComponentError<Color>).payload;
    }
  },
  delete: (number, text) => `${text} ${delete_(number, text)}`,
} satisfies Exports['kinds'];

class OwnCounter implements Things.Counter {
  readonly outer: Counter;

  constructor(from: number, outer: Counter = new Counter(from)) {
    this.outer = outer;
  }

  static start(from: number): OwnCounter {
    return new OwnCounter(from, Counter.start(from));
  }

  next(): number {
    return this.outer.next();
  }

  delete(): void {
    this.outer.delete();
  }

  [Symbol.dispose](): void {
    this.outer[Symbol.dispose]();
  }
}

export const things = {
  Counter: OwnCounter,
  look: ({ outer }: OwnCounter) => look(outer),
  take: async ({ outer }: OwnCounter) => await Promise.resolve(take(outer)),
} satisfies Exports['things'];

export const users = {
  repeat: (rec, { outer }: OwnCounter) => repeat(rec, outer),
  mayFail: (x) => mayFail(x),
} satisfies Exports['users'];

const first = { log: log1 } satisfies Exports['test:versions/log@1.0.0'];
const second = { log: log2 } satisfies Exports['test:versions/log@2.0.0'];
export { first as 'test:versions/log@1.0.0', second as 'test:versions/log@2.0.0' };

export const inOut = { ping, first: ([rec]) => rec } satisfies Exports['inOut'];

/** What happens inside, one line each. */
export function probe(level: Level): string[] {
  const lines: string[] = [typeof now(), level];
  {
    using door = new Door(level);
    lines.push(door.knock());
  }
  using socket = createTcpSocket('ipv4');
  lines.push(socket.addressFamily(), `size ${with_(new OuterMap()).size() + with_(undefined).size()}`);
  try {
    outerKinds.failing('green');
  } catch (error) {
    lines.push(`payload ${(error as ComponentError<Color>).payload}`, `an Error ${error instanceof Error}`);
  }
  return lines;
}

export async function logLevel(text: string, level: Level): Promise<number> {
  return logIt(text, level);
}

function remove(): string {
  return 'deleted';
}
export { remove as delete };

// oxlint-disable-next-line import/no-default-export -- the world has a function of that name
export default function main(): string {
  return 'default';
}

/** Everything that the world exports is here. */
export type Complete = Guest<typeof self>;
