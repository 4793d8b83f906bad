/**
 * Times as they were asked for. Node sets a file's times in seconds with a fraction, exact to a quarter of a
 * microsecond; programs that set a time and compare what they read back want all nanoseconds. So what was asked for is
 * remembered for as long as the file has the time that came of it.
 */

interface Known {
  readonly asked: bigint;
  readonly actual: bigint;
}

/** As many files are remembered; the oldest are forgotten first. */
const maxFiles = 4096;

const known = new Map<
  string,
  { readonly accessed?: Known | undefined; readonly modified?: Known | undefined }
>();

/** What of a file's attributes is looked at here. */
export interface Timed {
  readonly device: bigint;
  readonly inode: bigint;
  readonly accessed: bigint;
  readonly modified: bigint;
}

/** The same attributes, with the times that were asked for where those are still in place. */
export function withAskedTimes<T extends Timed>(attributes: T): T {
  if (known.size === 0) return attributes;
  const times = known.get(keyOf(attributes));
  return {
    ...attributes,
    ...(times?.accessed?.actual === attributes.accessed && { accessed: times.accessed.asked }),
    ...(times?.modified?.actual === attributes.modified && { modified: times.modified.asked }),
  };
}

/** Remembers what was asked for; `attributes` are those that came of it. */
export function rememberTimes(
  attributes: Timed,
  accessed: bigint | undefined,
  modified: bigint | undefined,
): void {
  const key = keyOf(attributes);
  const before = known.get(key);
  known.delete(key);
  known.set(key, {
    accessed: accessed === undefined ? before?.accessed : { asked: accessed, actual: attributes.accessed },
    modified: modified === undefined ? before?.modified : { asked: modified, actual: attributes.modified },
  });
  if (known.size > maxFiles) known.delete(known.keys().next().value!);
}

function keyOf({ device, inode }: Timed): string {
  return `${device} ${inode}`;
}
