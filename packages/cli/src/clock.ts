/** The time of durations. */

/** Milliseconds since some time in the past. Node takes 3 ms to load what the global `performance` is made of. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
