/** One row of `bench jspi` in its own process: `node measure.mjs <floor|hand|wittle> <case>` prints ns a call. */
import { readFileSync } from 'node:fs';
import { abiOut } from '../folders.mjs';
import * as host from '../../lib/host.mjs';

const [glue, name] = process.argv.slice(2);
const BATCH = 1000;
const plain = (a, b) => (a + b) >>> 0;
let count = 0;
const hostCalls = {
  plain,
  ready: plain,
  later: async (a, b) => (a + b) >>> 0,
  some: (a, b) => (++count % 8 === 0 ? Promise.resolve((a + b) >>> 0) : (a + b) >>> 0),
};
const hAdd = hostCalls[name] ?? plain;

const { call, calls = 1, isAsync } = await { floor, hand, wittle }[glue]();
console.log(await (isAsync ? measureAsync : measure)(call, calls));

function floor() {
  const add = async (a, b) => a + b;
  return { call: () => add(1, 2), isAsync: true };
}

async function hand() {
  const waits = ['ready', 'later', 'some'].includes(name);
  const nothing = () => 0;
  const api = 'bench:micro/api@0.1.0';
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL('micro.core.wasm', abiOut)), {
    [`[export]${api}`]: { '[resource-new]counter': (rep) => rep },
    'bench:micro/host@0.1.0': {
      ...{ 'h-nop': nothing, 'h-str': nothing, 'h-ret-str': nothing, 'h-rec': nothing, 'h-bytes': nothing },
      ...{ '[method]acc.add': nothing, '[resource-drop]acc': nothing },
      'h-add': waits ? new WebAssembly.Suspending(hAdd) : hAdd,
    },
  });
  const { [`${api}#add`]: add, [`${api}#run-add`]: runAdd } = instance.exports;
  if (name === 'export') return { call: () => add(1, 2) };
  const [promisingAdd, promisingRun] = [add, runAdd].map((each) => WebAssembly.promising(each));
  if (name === 'promising') return { call: () => promisingAdd(1, 2), isAsync: true };
  return { call: () => promisingRun(BATCH), calls: BATCH, isAsync: true };
}

async function wittle() {
  // An export of a world whose imports cannot wait; any other is of one where `h-add` may.
  const folder = ['export', 'plain'].includes(name) ? 'wittle' : 'wittle-waiting';
  const { instantiate } = await import(new URL(`${folder}/index.ts`, abiOut));
  const { api } = await instantiate(readFileSync(new URL('micro.core.wasm', abiOut)), {
    'bench:micro/host': { ...host, hAdd },
  });
  if (name === 'export') return { call: () => api.add(1, 2) };
  if (name === 'plain') return { call: () => api.runAdd(BATCH), calls: BATCH };
  if (name === 'promising') return { call: () => api.add(1, 2), isAsync: true };
  return { call: () => api.runAdd(BATCH), calls: BATCH, isAsync: true };
}

function measure(run, calls) {
  const time = (n) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < n; i++) run();
    return Number(process.hrtime.bigint() - start);
  };
  let n = 1;
  while (time(n) < 20e6) n *= 2;
  return Math.min(...Array.from({ length: 15 }, () => time(n))) / n / calls;
}

async function measureAsync(run, calls) {
  const time = async (n) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < n; i++) await run();
    return Number(process.hrtime.bigint() - start);
  };
  let n = 1;
  while ((await time(n)) < 20e6) n *= 2;
  let least = Infinity;
  for (let i = 0; i < 15; i++) least = Math.min(least, await time(n));
  return least / n / calls;
}
