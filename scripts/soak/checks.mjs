/** What a scenario finds, and what its process holds. */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

const mebibyte = 1024 * 1024;
/** Open handles come and go while a process works; these are what it waits for, or would leak. */
const held = /TCP|UDP|Timeout|GetAddrInfo|FSReq|Process|Worker|MessagePort/;

export class Checks {
  #before;

  that(what, condition) {
    if (!condition) process.exitCode = 1;
    console.log(`${condition ? 'ok     ' : 'FAILED '} ${what}`);
  }

  equal(what, actual, expected) {
    const same = isDeepStrictEqual(actual, expected);
    const differs = same ? '' : `: ${show(actual)} instead of ${show(expected)}`;
    this.that(`${what}${differs}`, same);
  }

  /** What is held now is what has to be held again in the end. Everything should have been used once. */
  async begin() {
    await sleep(50);
    this.#before = { resources: resources(), descriptors: descriptors(), memory: await memory() };
  }

  /** After `begin`: nothing stays open. `guests`: WASI instances, by then of no use. */
  async end({ heap = 16, rss = 256, guests = [] } = {}) {
    const before = this.#before;
    // What was over soon after the beginning may be gone.
    const added = () => {
      const rest = [...before.resources];
      return resources().filter(
        (name) => !rest.includes(name) || rest.splice(rest.indexOf(name), 1) === undefined,
      );
    };
    const more = () => descriptors() > before.descriptors;
    const same = () => !more() && added().length === 0;
    await until(() => same() && guests.every(({ open }) => open.size === 0));
    this.equal(
      'nothing is left open in the instances of guests',
      guests.map(({ open, files }) => [open.size, files]),
      guests.map(() => [0, 0]),
    );
    this.equal('no socket, timer or process is left', added(), []);
    if (before.descriptors !== undefined) {
      this.that(`${descriptors()} files are open, of at most ${before.descriptors} as before`, !more());
    }
    const after = await memory();
    const grown = Math.round((after.used - before.memory.used) / mebibyte);
    this.that(`objects and buffers have grown by ${grown} MiB, of at most ${heap}`, grown <= heap);
    this.resident(rss);
  }

  /** How far the process may be above the memory that it had when the work began, now. MiB. */
  resident(most) {
    const grown = Math.round((process.memoryUsage.rss() - this.#before.memory.rss) / mebibyte);
    this.that(`the process has grown by ${grown} MiB, of at most ${most}`, grown <= most);
  }
}

/** Waits for a condition that will come, for at most 15 seconds; whether it did. */
export async function until(condition) {
  for (let round = 0; round < 1500; round++) {
    if (await condition()) return true;
    await sleep(10);
  }
  return false;
}

/** How many files a process has open; undefined where that cannot be known. */
export function descriptors(process = 'self') {
  try {
    return readdirSync(`/proc/${process}/fd`).length;
  } catch {
    return undefined;
  }
}

function resources() {
  return process
    .getActiveResourcesInfo()
    .filter((name) => held.test(name))
    .sort();
}

async function memory() {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, rss };
}

function show(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
