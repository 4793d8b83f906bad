/**
 * What we know of a directory that we generate into: its files, and what they held when we wrote them. Text, a line for
 * each file in the order of their paths, so that version control merges it; lines that say nothing to us are passed over.
 */
import { createHash } from 'node:crypto';

/** The name of the file, in the directory that it is about. */
export const manifestName = '.wittle.manifest';

/** A file that we generated. */
export interface ManifestEntry {
  /** Of what we wrote; several after a merge of two runs. */
  readonly digests: ReadonlySet<string>;
  /** People go on with it: it is ours only as long as nobody has changed it. */
  readonly isTemplate: boolean;
}

/** By paths relative to the directory, with slashes. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

const head =
  '# The files here that wittle generated: it updates and removes no others. Keep this one beside them.';

/** The text of a manifest: `<digest> <path>`, or `<digest> template <path>`. */
export function printManifest(manifest: Manifest): string {
  const paths = [...manifest.keys()].toSorted();
  const lines = paths.flatMap((path) => {
    const { digests, isTemplate } = manifest.get(path)!;
    return [...digests].toSorted().map((digest) => `${digest} ${isTemplate ? 'template ' : ''}${path}`);
  });
  return `${[head, ...lines].join('\n')}\n`;
}

/** Reads a manifest. Whatever is no line of ours, or names a place outside the directory, is left out. */
export function readManifest(text: string): Manifest {
  const entries = new Map<string, { digests: Set<string>; isTemplate: boolean }>();
  for (const line of text.split(/\r?\n/)) {
    const [, digest, template, path] = /^([0-9a-f]{16}) (template )?(.+)$/.exec(line) ?? [];
    if (digest === undefined || path === undefined || !isInside(path)) continue;
    const entry = entries.get(path) ?? { digests: new Set(), isTemplate: false };
    entry.digests.add(digest);
    entry.isTemplate ||= template !== undefined;
    entries.set(path, entry);
  }
  return entries;
}

/** What a text is recognised by: 64 bits of its SHA-256. The same for both kinds of line ends. */
export function digestOf(text: string): string {
  return createHash('sha256').update(withPlainLineEnds(text)).digest('hex').slice(0, 16);
}

/** A checkout may have changed every `\n` to `\r\n`, which is no change to us. */
export function withPlainLineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

function isInside(path: string): boolean {
  const parts = path.split('/');
  return (
    path !== manifestName &&
    parts.every((part) => !['', '.', '..'].includes(part) && !/[\\:\p{Cc}]/u.test(part))
  );
}
