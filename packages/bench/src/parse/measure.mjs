/** What each reader's process measures: from its start to the first model, the first call, and the median of many. */

/** Calls `read` and prints the times as one line of JSON. */
export async function measure(read) {
  const before = performance.now();
  await read();
  const start = performance.now();
  const times = [];
  if (!process.argv.includes('--once')) {
    for (let n = 0; n < 120; n++) {
      const from = performance.now();
      await read();
      times.push(performance.now() - from);
    }
  }
  const warm = times.slice(40).toSorted((a, b) => a - b)[times.slice(40).length >> 1];
  // `performance.now()` counts from the start of the process.
  console.log(JSON.stringify({ start, first: start - before, warm }));
}
