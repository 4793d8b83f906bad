/** `bench jspi`: what it costs that a host call may wait, when it does and when it need not. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { abiOut } from '../folders.mjs';
import { build, generateWithWittle } from '../abi/build.mjs';

/** What `measure.mjs` knows, in the order of the table: [glue, case, what it is]. */
const rows = [
  ['floor', 'await', 'await of an async function in JavaScript'],
  ['hand', 'export', 'export, synchronous'],
  ['wittle', 'export', 'export, synchronous'],
  ['hand', 'promising', 'export that may wait, awaited'],
  ['wittle', 'promising', 'export that may wait, awaited'],
  ['hand', 'plain', 'host call that cannot wait'],
  ['wittle', 'plain', 'host call that cannot wait'],
  ['hand', 'ready', 'host call that may wait and is ready'],
  ['wittle', 'ready', 'host call that may wait and is ready'],
  ['hand', 'later', 'host call that waits for a settled promise'],
  ['wittle', 'later', 'host call that waits for a settled promise'],
  ['hand', 'some', 'host calls of which 1 in 8 waits'],
  ['wittle', 'some', 'host calls of which 1 in 8 waits'],
];

/** Options: `rounds` (default 5), `quick` (1 round), `rebuild`. */
export async function benchJspi({ rounds: given, quick, rebuild }) {
  const rounds = Number(given ?? (quick ? 1 : 5));
  await build(['wittle'], { rebuild });
  await generateWithWittle(new URL('wittle-waiting/', abiOut), { mayBlock: ['bench:micro/host#h-add'] });
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const best = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const args = ['--no-warnings', script, ...row.slice(0, 2)];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      best.set(row, Math.min(best.get(row) ?? Infinity, Number(stdout)));
    }
  }
  console.log(`## Waiting (JSPI): ns a call, the least of ${rounds} rounds\n`);
  console.log('| | hand | wittle | × |\n|---|---:|---:|---:|');
  for (const what of new Set(rows.map((row) => row[2]))) {
    const [hand, wittle] = rows.filter((row) => row[2] === what).map((row) => best.get(row));
    const cells = [hand, wittle].map((ns) =>
      ns === undefined ? '–' : ns < 10 ? ns.toFixed(1) : ns.toFixed(0),
    );
    console.log(
      `| ${what} | ${cells.join(' | ')} | ${wittle === undefined ? '–' : (wittle / hand).toFixed(2)} |`,
    );
  }
  console.log(
    '\nBy hand, a host call that may wait is a `Suspending` import, which always suspends; those that cannot wait are plain imports of an export that may.\n',
  );
}
