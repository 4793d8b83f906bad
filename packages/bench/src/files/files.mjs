/** `bench files`: Preview 1 functions on our host and on Node's, and what a program written for Node does instead. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { nativeRows } from './native.mjs';

/** The rows of `guest/files.c`. */
const rows = {
  'read-64k': 'fd_read, 64 KiB',
  'write-64k': 'fd_write, 64 KiB',
  'read-16': 'fd_read, 16 bytes',
  'write-16': 'fd_write, 16 bytes',
  'pread-16': 'fd_pread, 16 bytes',
  'pwrite-16': 'fd_pwrite, 16 bytes',
  'writev-16': 'fd_write, 2 × 16 bytes',
  'append-16': 'fd_write, 16 bytes appended',
  'print-16': 'fd_write, 16 bytes to standard output',
  'clock-monotonic': 'clock_time_get, monotonic',
  'clock-realtime': 'clock_time_get, realtime',
  seek: 'fd_seek',
  'open-close': 'path_open and fd_close',
  filestat: 'path_filestat_get',
  readdir: 'fd_readdir, 1,000 entries',
  'random-16': 'random_get, 16 bytes',
  'random-64k': 'random_get, 64 KiB',
};
const peers = ['native', 'node:wasi'];

/** Options: `rounds` (default 5), `quick` (1 round, short samples), `hosts` and `cases` (comma-separated), `rebuild`. */
export async function benchFiles({ rounds: given, quick, hosts, cases, rebuild }) {
  await build({ rebuild });
  const rounds = Number(given ?? (quick ? 1 : 5));
  const own = hosts?.split(',') ?? ['wittle'];
  const chosen = Object.keys(rows).filter(
    (row) => cases === undefined || cases.split(',').some((part) => `${row} ${rows[row]}`.includes(part)),
  );
  const folder = mkdtempSync(join(tmpdir(), 'bench-files-'));
  const least = new Map();
  const ratios = new Map();
  try {
    fill(folder);
    for (let round = 0; round < rounds; round++) {
      for (const row of chosen) {
        // Those that are compared follow each other, in turns first and last.
        const order = [...peers, ...own].filter((host) => host !== 'native' || row in nativeRows);
        if (round % 2 === 1) order.reverse();
        const now = new Map(
          order.map((host) => [host, measure(host, row, quick ? 10 : 25, quick ? 5 : 9, folder)]),
        );
        for (const [host, { min }] of now) {
          const key = `${row} ${host}`;
          least.set(key, Math.min(least.get(key) ?? Infinity, min));
        }
        for (const host of own)
          for (const peer of peers)
            if (now.has(peer)) {
              const key = `${row} ${host} ${peer}`;
              ratios.set(key, [...(ratios.get(key) ?? []), now.get(host).min / now.get(peer).min]);
            }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  print(chosen, own, least, ratios, rounds);
}

/** What the guest asks for. */
function fill(folder) {
  const content = new Uint8Array(16 << 20).map((_, index) => index * 31);
  for (const name of ['data', 'written']) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'appended'), '');
  mkdirSync(join(folder, 'entries'));
  for (let i = 0; i < 1000; i++) writeFileSync(join(folder, 'entries', `entry-${i}.txt`), '');
}

function measure(host, row, ms, samples, folder) {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const args = ['--no-warnings', script, host, row, String(ms), String(samples), folder];
  // Its output is a file of its own, which some rows are about.
  const output = openSync(join(folder, 'output'), 'w');
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: ['ignore', output, 'pipe'],
    encoding: 'utf8',
    timeout: 120_000,
  });
  closeSync(output);
  if (status !== 0) throw new Error(`${host}, ${row}: ${stderr}`);
  truncateSync(join(folder, 'appended'));
  return JSON.parse(readFileSync(join(folder, 'result'), 'utf8'));
}

function print(chosen, own, least, ratios, rounds) {
  console.log(`## Files and clocks: ns an operation, the least of ${rounds} rounds; ratios within a round\n`);
  const hosts = [...peers, ...own];
  const compared = own.flatMap((host) => peers.map((peer) => [host, peer]));
  console.log(`| | ${[...hosts, ...compared.map(([host, peer]) => `${host} × ${peer}`)].join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(hosts.length + compared.length)}`);
  for (const row of chosen) {
    const times = hosts.map((host) => shown(least.get(`${row} ${host}`)));
    const factors = compared.map(([host, peer]) => {
      const sorted = ratios.get(`${row} ${host} ${peer}`)?.toSorted((a, b) => a - b);
      return sorted === undefined ? '–' : sorted[sorted.length >> 1].toFixed(2);
    });
    console.log(`| ${rows[row]} | ${[...times, ...factors].join(' | ')} |`);
  }
  console.log();
}

function shown(ns) {
  return ns === undefined ? '–' : Math.round(ns).toLocaleString('en-US');
}
