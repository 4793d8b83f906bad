/** Semantic versions: what is wrong with one, and which of two comes first. Semantic Versioning 2.0, sections 9 to 11. */
import type { SemanticVersion } from './package.ts';

/** Why `text` is not a semantic version, or `undefined` when it is one. */
export function versionProblem(text: string): string | undefined {
  if (plain.test(text)) return undefined;
  const match = shape.exec(text);
  if (match === null) return 'it must look like `1.2.3` or `1.2.3-rc.1`';
  for (const number of match.slice(1, 4)) {
    if (number!.length > 1 && number!.startsWith('0')) return `\`${number}\` has a leading zero`;
    if (number!.length > 20 || BigInt(number!) > largest) return `\`${number}\` is too large`;
  }
  if (`${match[4] ?? 0}.${match[5] ?? 0}`.split('.').includes('')) return 'it has an empty part';
  for (const identifier of match[4]?.split('.') ?? []) {
    if (/^0\d+$/.test(identifier)) return `\`${identifier}\` has a leading zero`;
  }
  return undefined;
}

/** Negative, zero or positive, as `a` comes before, with or after `b`. Builds count last, to be a total order. */
export function compareVersions(a: SemanticVersion, b: SemanticVersion): number {
  if (a === b) return 0;
  const left = shape.exec(a);
  const right = shape.exec(b);
  if (left === null || right === null) return a < b ? -1 : 1;
  for (let part = 1; part <= 3; part++) {
    const order = compareNumbers(left[part]!, right[part]!);
    if (order !== 0) return order;
  }
  // A pre-release comes before its release.
  if (left[4] === undefined && right[4] !== undefined) return 1;
  if (left[4] !== undefined && right[4] === undefined) return -1;
  return compareIdentifiers(left[4], right[4]) || compareIdentifiers(left[5], right[5]);
}

const shape = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;
// Most versions, at a third of the cost.
const plain = /^(?:0|[1-9]\d{0,17})(?:\.(?:0|[1-9]\d{0,17})){2}$/;
const largest = 2n ** 64n - 1n;

function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  const left = a?.split('.') ?? [];
  const right = b?.split('.') ?? [];
  for (let at = 0; at < left.length && at < right.length; at++) {
    const order = compareIdentifier(left[at]!, right[at]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifier(a: string, b: string): number {
  const isNumber = /^\d+$/;
  if (isNumber.test(a) && isNumber.test(b)) return compareNumbers(a, b);
  if (isNumber.test(a)) return -1;
  if (isNumber.test(b)) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
