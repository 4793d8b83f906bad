/** Preloaded into a measured program: leaves its CPU time in milliseconds, and its memory at most in MB, in a file. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpu: (user + system) / 1000, memory: maxRSS / 1024 }),
  );
});
