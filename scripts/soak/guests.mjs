/** Runs the C guests in this process, where their host can be looked into. */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createAdapter } from '../../packages/adapter/dist/index.js';
import { instantiate } from '../../packages/wasi/dist/generated/index.js';
import { createWasi, runCommand, WasiExit } from '../../packages/wasi/dist/index.js';
import { instanceOf } from '../../packages/wasi/dist/wasi.js';

export const programs = {
  echo: fileURLToPath(new URL('../../examples/tcp-echo/guest/tcp-echo.wasm', import.meta.url)),
  soak: fileURLToPath(new URL('../../examples/guest-c/programs/soak.wasm', import.meta.url)),
};
export const wittle = fileURLToPath(new URL('../../packages/cli/bin/wittle.js', import.meta.url));

const modules = new Map();
async function compiled(name) {
  if (!modules.has(name)) modules.set(name, await WebAssembly.compile(readFileSync(programs[name])));
  return modules.get(name);
}

/** What a guest says on its standard output. */
class Output {
  /** All lines that it has printed. */
  lines = [];
  #rest = '';
  #watchers = new Set();
  stdout = new Writable({
    write: (chunk, _encoding, done) => {
      const parts = (this.#rest + String(chunk)).split('\n');
      this.#rest = parts.pop();
      this.lines.push(...parts);
      for (const watcher of this.#watchers) watcher();
      done();
    },
  });

  /** The first line that matches, as soon as there is one. */
  line(pattern) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found === undefined) return;
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
      this.ended.then((end) => reject(new Error(`the guest ended, ${end}, before it printed ${pattern}`)));
    });
  }

  async port() {
    return Number((await this.line(/^listening on (?:.*:)?(\d+)$/))[1]);
  }
}

/** A guest that runs in this thread. */
export class Guest extends Output {
  constructor(module, args, options) {
    super();
    this.wasi = createWasi({ args, stdout: this.stdout, network: 'all', lendBytes: true, ...options });
    /** Its host, with what is `open`. */
    this.instance = instanceOf(this.wasi);
    /** Its exit code, or what it failed with. */
    this.ended = this.#run(module);
  }

  dispose() {
    this.wasi.dispose();
  }

  async #run(module) {
    try {
      const { run } = await instantiate(module, this.wasi.imports, {
        adapter: createAdapter(this.wasi.imports),
        blocking: 'jspi',
      });
      await run.run();
      return 0;
    } catch (error) {
      if (error instanceof WasiExit) return error.code;
      return error;
    } finally {
      this.dispose();
    }
  }
}

/** The echo server of examples/tcp-echo, which ends after so many clients (0: never) or with a datagram, `quit`. */
export async function echoServer(clients = 0, options = {}) {
  const guest = new Guest(await compiled('echo'), ['echo', '127.0.0.1', '0', String(clients)], options);
  return { guest, port: await guest.port() };
}

/** examples/guest-c/programs/soak.c with these arguments. */
export async function soakProgram(args, options = {}) {
  return new Guest(await compiled('soak'), ['soak', ...args.map(String)], options);
}

/** A guest in a worker of its own, by `runCommand`. */
export class WorkerGuest extends Output {
  constructor(name, args, options = {}) {
    super();
    const given = {
      args: [name, ...args.map(String)],
      stdout: this.stdout,
      network: 'all',
      blocking: 'worker',
      ...options,
    };
    this.ended = runCommand(compiled(name), given).catch((error) => error);
  }
}
