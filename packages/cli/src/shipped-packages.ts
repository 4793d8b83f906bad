/** The WIT packages that come with wittle: found by name in its own `wit/`, or in the repository's. */
import { existsSync, readFileSync, readdirSync, type Dirent } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directories by package id (`wasi:sockets@0.2.12`), in the order of the ids. Read once a process, at first use. */
export function shippedPackages(): ReadonlyMap<string, string> {
  index ??= readIndex(shippedFolder());
  return index;
}

/** The ids of the shipped package of that name in all versions; the newest last. */
export function shippedVersions(name: string): readonly string[] {
  return [...shippedPackages().keys()].filter((id) => id.split('@')[0] === name.split('@')[0]);
}

/** Whether a file is one of theirs; `path` is absolute. */
export function isShipped(path: string): boolean {
  return [...shippedPackages().values()].some((directory) => dirname(path) === resolve(directory));
}

let index: ReadonlyMap<string, string> | undefined;

// A published package carries the folder; in the repository there is only one, at the root.
function shippedFolder(): string {
  const own = fileURLToPath(new URL('../wit', import.meta.url));
  return existsSync(own) ? own : fileURLToPath(new URL('../../../wit', import.meta.url));
}

function readIndex(folder: string): ReadonlyMap<string, string> {
  const found: (readonly [string, string])[] = [];
  const visit = (directory: string): void => {
    const entries = readdirSync(directory, { withFileTypes: true });
    const id = declaredName(directory, entries);
    if (id !== undefined) found.push([id, directory]);
    for (const entry of entries) if (entry.isDirectory()) visit(join(directory, entry.name));
  };
  visit(folder);
  return new Map(found.sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1)));
}

// Numbers by their value: 0.2.12 after 0.2.6.
function sortKey(id: string): string {
  return id.replace(/\d+/g, (digits) => digits.padStart(10, '0'));
}

// Our own files put the declaration at the beginning of a line; the parser checks it when it is used.
function declaredName(directory: string, entries: readonly Dirent[]): string | undefined {
  for (const { name } of entries) {
    if (!name.endsWith('.wit')) continue;
    const [, id] = /^package ([^\s;]+);/m.exec(readFileSync(join(directory, name), 'utf8')) ?? [];
    if (id !== undefined) return id;
  }
  return undefined;
}
