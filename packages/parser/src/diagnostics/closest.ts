/** "Did you mean": the name that differs least from a misspelt one. */

/** The candidate within a third of the name's length of edits; `undefined` when none is that near. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // One edit makes any letter of any other, so a name of one letter is near to nothing.
  let bestDistance = Math.min(name.length, Math.max(1, Math.floor(Math.min(name.length, 60) / 3)) + 1);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** "Did you mean" or the list of what there is, for a hint. Looks at the first thousand candidates only. */
export function suggestion(name: string, candidates: Iterable<string>): string | undefined {
  const some: string[] = [];
  let more = 0;
  for (const each of candidates) {
    if (some.length === maxCandidates) {
      more++;
      break;
    }
    some.push(each);
  }
  const near = closest(name, some);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (some.length === 0) return undefined;
  const shown = some.slice(0, 12).map((each) => `\`${each}\``);
  const rest = some.length + more - shown.length;
  return `there is ${shown.join(', ')}${rest > 0 ? `, and ${more > 0 ? 'many' : rest} more` : ''}`;
}

const maxCandidates = 1000;

// Edits counted with a swap of neighbours as one.
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + same);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
