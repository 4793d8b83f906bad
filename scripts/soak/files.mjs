/** Files: very many of them, on disk and in memory. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryDirectory } from '../../packages/wasi/dist/index.js';
import { Api } from './api.mjs';
import { soakProgram } from './guests.mjs';

const count = 20_000;

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'wittle-soak-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const files = {
  'many-files': {
    title: 'a guest that makes, lists, reads and removes 20,000 files in one directory',
    run: async (checks) => {
      const round = async (directory, many) => {
        const guest = await soakProgram(['many', many], { preopens: { '/': directory } });
        const end = await guest.ended;
        return [end, guest.lines, guest.instance.open.size];
      };
      const right = [0, [`made ${count}, listed ${count}, read ${count}, left 0`], 0];
      await round(new MemoryDirectory(), 100);
      await inFolder((folder) => round(folder, 100));
      await checks.begin();
      checks.equal('in memory', await round(new MemoryDirectory(), count), right);
      await inFolder(async (folder) => {
        checks.equal('on disk', await round(folder, count), right);
        checks.equal('where nothing is left', readdirSync(folder), []);
      });
      await checks.end();
    },
  },

  'many-opens': {
    title:
      '20,000 opens, streams and listings by the JavaScript API, of which half are left open until the limit',
    run: async (checks) => {
      const work = (folder, opens) => {
        const api = new Api({ preopens: { '/': folder } });
        const [[root]] = api.wasi.imports['wasi:filesystem/preopens'].getDirectories();
        let failed = 0;
        for (let index = 0; index < opens; index++) {
          let file;
          try {
            file = root.openAt({}, `file-${index % 100}`, {}, { read: true });
          } catch (error) {
            if (error.payload !== 'insufficient-memory') throw error;
            failed++;
            continue;
          }
          const stream = file.readViaStream(0n);
          if (String.fromCharCode(...stream.read(100n)) !== `text ${index % 100}`)
            throw new Error('wrong bytes');
          stream[Symbol.dispose]();
          if (index % 2 === 0) file[Symbol.dispose]();
        }
        const held = api.instance.files;
        api.dispose();
        return { failed, held, instance: api.instance };
      };
      await inFolder(async (folder) => {
        for (let index = 0; index < 100; index++)
          writeFileSync(join(folder, `file-${index}`), `text ${index}`);
        work(folder, 100);
        await checks.begin();
        const { failed, held, instance } = work(folder, count);
        checks.equal('4,096 are open at most', held, 4096);
        checks.that(`${failed} opens are refused then`, failed > 0);
        await checks.end({ guests: [instance] });
      });
    },
  },
};
