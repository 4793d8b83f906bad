/** What the rows of `guest/files.c` are in a program written for Node. Each gives a function that does it n times. */
import { getRandomValues } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';

const chunk = 65_536;
const fileSize = 16 << 20;
const small = 16;
const smallRound = 65_536;

const reading = (size, round) => (folder) => {
  const file = fs.openSync(join(folder, 'data'));
  const bytes = new Uint8Array(size);
  return (n) => {
    for (let i = 0; i < n; i++) require(fs.readSync(file, bytes, 0, size, (i % round) * size), size);
  };
};
const writing = (size, round) => (folder) => {
  const file = fs.openSync(join(folder, 'written'), 'r+');
  const bytes = new Uint8Array(size);
  return (n) => {
    for (let i = 0; i < n; i++) require(fs.writeSync(file, bytes, 0, size, (i % round) * size), size);
  };
};
/** Where the system says: at the end of what is there. */
const writingOn = (open, bytes) => (folder) => {
  const file = open(folder);
  return (n) => {
    for (let i = 0; i < n; i++) require(fs.writeSync(file, bytes), bytes.length);
  };
};
const filling = (size) => () => {
  const bytes = new Uint8Array(size);
  return (n) => {
    for (let i = 0; i < n; i++) getRandomValues(bytes);
  };
};

/** Node has no `lseek`: of moving a position there is no row. */
export const nativeRows = {
  'read-64k': reading(chunk, fileSize / chunk),
  'write-64k': writing(chunk, fileSize / chunk),
  'read-16': reading(small, smallRound),
  'write-16': writing(small, smallRound),
  'pread-16': reading(small, smallRound),
  'pwrite-16': writing(small, smallRound),
  'writev-16': (folder) => {
    const file = fs.openSync(join(folder, 'written'), 'r+');
    const vectors = [new Uint8Array(small), new Uint8Array(small)];
    return (n) => {
      for (let i = 0; i < n; i++)
        require(fs.writevSync(file, vectors, (i % smallRound) * 2 * small), 2 * small);
    };
  },
  'append-16': writingOn((folder) => fs.openSync(join(folder, 'appended'), 'a'), new Uint8Array(small)),
  'print-16': writingOn(() => 1, new Uint8Array(small)),
  'clock-monotonic': () => (n) => {
    for (let i = 0; i < n; i++) process.hrtime.bigint();
  },
  'clock-realtime': () => (n) => {
    for (let i = 0; i < n; i++) Date.now();
  },
  'open-close': (folder) => {
    const path = join(folder, 'data');
    return (n) => {
      for (let i = 0; i < n; i++) fs.closeSync(fs.openSync(path));
    };
  },
  filestat: (folder) => {
    const path = join(folder, 'data');
    return (n) => {
      for (let i = 0; i < n; i++) require(fs.statSync(path, { bigint: true }).size, BigInt(fileSize));
    };
  },
  readdir: (folder) => {
    const path = join(folder, 'entries');
    return (n) => {
      for (let i = 0; i < n; i++) require(fs.readdirSync(path, { withFileTypes: true }).length, 1000);
    };
  },
  'random-16': filling(small),
  'random-64k': filling(chunk),
};

function require(given, expected) {
  if (given !== expected) throw new Error(`expected ${expected}, got ${given}`);
}
