/**
 * One measurement, or one check, in its own process:
 *
 *     node measure.mjs <adapter> <case> [<ms a sample>] [<samples>]
 *     node measure.mjs <adapter> check
 *
 * An adapter is the name of a file in `adapters/` or a path, and may go on with `:<variant>`. Prints one line of JSON:
 * `{ ns, min }` a call, or `{ failures: [] }`, or `{ error }`.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, makeLoop } from '../../lib/cases.mjs';
import * as host from '../../lib/host.mjs';
import { abiOut, bench } from '../folders.mjs';

const [adapter, what, ms = '25', samples = '9'] = process.argv.slice(2);
try {
  const { api, v, nocheck } = await load(adapter);
  const answer =
    what === 'check'
      ? { failures: nocheck ? undefined : check(api, v) }
      : measure(api, v, what, Number(ms), Number(samples));
  console.log(JSON.stringify(answer));
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

async function load(spec) {
  const asFile = existsSync(spec);
  const [name, variant] = asFile ? [spec] : spec.split(':');
  const file = asFile ? pathToFileURL(resolve(name)) : new URL(`adapters/${name}.mjs`, bench);
  const module = await import(file);
  return { ...(await module.load(host, abiOut, variant)), nocheck: module.nocheck };
}

function measure(api, v, name, ms, samples) {
  const [loop, calls] = makeLoop(name, api, v);
  const now = () => Number(process.hrtime.bigint());
  const time = (n) => {
    const start = now();
    loop(n);
    return now() - start;
  };
  // Warm up for 100 ms at least, then choose how many rounds make a sample.
  const start = now();
  let rounds = 1;
  let spent;
  do {
    spent = time(rounds);
    if (spent < 4e6) rounds *= 2;
  } while (now() - start < 100e6 || spent < 1e6);
  const n = Math.max(1, Math.round((rounds * ms * 1e6) / spent));
  const each = Array.from({ length: samples }, () => time(n) / n / calls).sort((a, b) => a - b);
  return { ns: each[samples >> 1], min: each[0] };
}
