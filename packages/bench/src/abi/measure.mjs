/**
 * One measurement, or one check, in its own process:
 *
 *     node measure.mjs <adapter> <case> [<ms a sample>] [<samples>]
 *     node measure.mjs <adapter> all [<ms a sample>] [<samples>]       every case, after all of them were warmed up
 *     node --expose-gc --max-semi-space-size=256 measure.mjs <adapter> garbage
 *     node measure.mjs <adapter> check
 *
 * An adapter is the name of a file in `adapters/` or a path, and may go on with `:<variant>`. Prints one line of JSON:
 * `{ ns, min }` a call, `{ cases: { <case>: { ns, min } } }`, `{ bytes: { <case>: n } }` a call, `{ failures: [] }`, or
 * `{ error }`.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CASES, check, makeLoop } from '../../lib/cases.mjs';
import * as host from '../../lib/host.mjs';
import { abiOut, bench } from '../folders.mjs';

/** The cases whose garbage is looked at: those with small values. */
const GARBAGE = [
  ...[
    'nop',
    'add',
    'add64',
    'many-params(12)',
    'spill-params(20)',
    'echo-enum',
    'echo-flags',
    'echo-option u32',
  ],
  ...['echo-variant rect', 'result ok', 'resource method', 'host nop', 'host u32', 'host resource method'],
];

const [adapter, what, ms = '25', samples = '9'] = process.argv.slice(2);
try {
  const { api, v, nocheck } = await load(adapter);
  console.log(JSON.stringify(await answer(api, v, nocheck)));
} catch (error) {
  console.log(
    JSON.stringify({
      error: String(error?.stack ?? error)
        .split('\n')
        .slice(0, 3)
        .join(' | '),
    }),
  );
}

async function answer(api, v, nocheck) {
  switch (what) {
    case 'check':
      return { failures: nocheck ? undefined : check(api, v) };
    case 'all':
      return { cases: measureAll(api, v) };
    case 'garbage':
      return { bytes: await garbage(api, v) };
    default:
      return warm(...makeLoop(what, api, v), 100e6)(Number(ms), Number(samples));
  }
}

async function load(spec) {
  const asFile = existsSync(spec);
  const [name, variant] = asFile ? [spec] : spec.split(':');
  const file = asFile ? pathToFileURL(resolve(name)) : new URL(`adapters/${name}.mjs`, bench);
  const module = await import(file);
  return { ...(await module.load(host, abiOut, variant)), nocheck: module.nocheck };
}

/** Warms a loop up for that long, in ns, and gives what measures it: the median and least ns a call. */
function warm(loop, calls, spend) {
  const now = () => Number(process.hrtime.bigint());
  const time = (n) => {
    const start = now();
    loop(n);
    return now() - start;
  };
  const start = now();
  let rounds = 1;
  let spent;
  do {
    spent = time(rounds);
    if (spent < 4e6) rounds *= 2;
  } while (now() - start < spend || spent < 1e6);
  return (ms, samples) => {
    const n = Math.max(1, Math.round((rounds * ms * 1e6) / spent));
    const each = Array.from({ length: samples }, () => time(n) / n / calls).sort((a, b) => a - b);
    return { ns: each[samples >> 1], min: each[0] };
  };
}

/** With every case warmed up before the first is measured: as in a program that uses all of an interface. */
function measureAll(api, v) {
  const warmed = Object.keys(CASES).map((name) => [name, warm(...makeLoop(name, api, v), 30e6)]);
  return Object.fromEntries(warmed.map(([name, measure]) => [name, measure(Number(ms), Number(samples))]));
}

/** Bytes that a call leaves on the heap, its result among them. Takes a heap that is not collected meanwhile. */
async function garbage(api, v) {
  const bytes = {};
  for (const name of GARBAGE) {
    const [loop, calls] = makeLoop(name, api, v, 100);
    loop(calls > 1 ? 600 : 60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc();
    const n = calls > 1 ? 200 : 20_000;
    const before = process.memoryUsage().heapUsed;
    loop(n);
    bytes[name] = (process.memoryUsage().heapUsed - before) / n / calls;
  }
  return bytes;
}
