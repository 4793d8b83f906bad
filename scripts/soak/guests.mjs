/** Runs the C guests in this process, where their host can be looked into. */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createAdapter } from '../../packages/adapter/dist/index.js';
import { instantiate } from '../../packages/wasi/dist/generated/index.js';
import { createWasi, WasiExit } from '../../packages/wasi/dist/index.js';
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

/** A guest that runs. */
export class Guest {
  /** All lines that it has printed. */
  lines = [];
  #rest = '';
  #watchers = new Set();

  constructor(module, args, options) {
    const stdout = new Writable({
      write: (chunk, _encoding, done) => {
        const parts = (this.#rest + String(chunk)).split('\n');
        this.#rest = parts.pop();
        this.lines.push(...parts);
        for (const watcher of this.#watchers) watcher();
        done();
      },
    });
    this.wasi = createWasi({ args, stdout, network: 'all', lendBytes: true, ...options });
    /** Its host, with what is `open`. */
    this.instance = instanceOf(this.wasi);
    /** Its exit code, or what it failed with. */
    this.ended = this.#run(module);
  }

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
