/**
 * `pnpm bench [abi|parse|generate|sockets|http|files|component|jspi] [options]`: measures Wittle beside its peers and prints markdown. Without a name, all
 * of them with a short table each. README.md says what is measured, and what is installed for it.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const benches = {
  abi: async () => (await import('./abi/abi.mjs')).benchAbi,
  parse: async () => (await import('./parse/parse.mjs')).benchParse,
  generate: async () => (await import('./generate/generate.mjs')).benchGenerate,
  sockets: async () => (await import('./sockets/sockets.mjs')).benchSockets,
  http: async () => (await import('./http/http.mjs')).benchHttp,
  files: async () => (await import('./files/files.mjs')).benchFiles,
  component: async () => (await import('./component/component.mjs')).benchComponent,
  jspi: async () => (await import('./jspi/jspi.mjs')).benchJspi,
};

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `The benchmarks need Node 24 or newer, which \`pnpm bench\` brings; this is ${process.version}.`,
  );
  process.exit(1);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    adapters: { type: 'string' },
    cases: { type: 'string' },
    'warm-all': { type: 'boolean' },
    servers: { type: 'string' },
    hosts: { type: 'string' },
    rebuild: { type: 'boolean' },
  },
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`There is no benchmark \`${unknown}\`; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const all = positionals.length === 0;
const [{ model }] = cpus();
const machine = `${process.platform} ${process.arch}, ${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`;
console.log(`Node ${process.version}, ${machine}\n`);
for (const name of all ? Object.keys(benches) : positionals) {
  const bench = await benches[name]();
  try {
    await bench({ ...values, quick: values.quick ?? all, short: all });
  } catch (error) {
    // The others are still worth having.
    console.error(`${name}: ${error.message}\n`);
    process.exitCode = 1;
  }
}
