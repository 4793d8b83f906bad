/** What `--allow-net` says, as the WASI host's grants. */
import type { NetworkGrants } from '@wittle/wasi';
import { failure } from './failure.ts';

/**
 * Reads the values of `--allow-net`; they add up. `undefined` when there is none: nothing is allowed.
 *
 * A value is `all`, or entries with commas between them. An entry is `kind=pattern`, or a `pattern` of the kind that
 * stands before it in the same value: `connect=10.0.0.1:80,10.0.0.2:80,resolve=example.com`. Kinds are `connect`,
 * `listen` and `resolve`; the pattern `all` is everything of its kind. What patterns may say is the host's to check.
 */
export function networkGrants(values: readonly string[]): 'all' | NetworkGrants | undefined {
  if (values.length === 0) return undefined;
  const grants: Record<Kind, string[]> = { connect: [], listen: [], resolve: [] };
  let isAll = false;
  for (const value of values) {
    if (value === 'all') isAll = true;
    else readValue(value, grants);
  }
  return isAll ? 'all' : grants;
}

type Kind = keyof NetworkGrants;

function readValue(value: string, grants: Record<Kind, string[]>): void {
  let kind: Kind | undefined;
  for (const entry of value.split(',')) {
    const equals = entry.indexOf('=');
    if (equals >= 0) kind = kindOf(entry.slice(0, equals), value);
    const pattern = entry.slice(equals + 1);
    if (kind === undefined) throw bad(value, `\`${entry}\` does not say what it allows`);
    if (pattern === '') throw bad(value, `there is nothing behind \`${equals >= 0 ? entry : ','}\``);
    grants[kind].push(pattern === 'all' ? '*' : pattern);
  }
}

function kindOf(text: string, value: string): Kind {
  if (text === 'connect' || text === 'listen' || text === 'resolve') return text;
  throw bad(value, `\`${text}\` is not something to allow`);
}

function bad(value: string, why: string): Error {
  return failure(
    `--allow-net \`${value}\`: ${why}`,
    'it is `all`, or as in `connect=127.0.0.1:8080,listen=[::1]:0,resolve=example.com`',
  );
}
