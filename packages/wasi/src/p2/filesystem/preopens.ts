/** `wasi:filesystem/preopens`: the directories that the host grants. */
import type { Host } from '../../generated/imports/wasi/filesystem/preopens.ts';
import { openHostDirectory } from '../../host/files/host-directory.ts';
import { MemoryDirectory } from '../../host/files/memory-directory.ts';
import type { OpenDirectory } from '../../host/files/open-objects.ts';
import type { Instance } from '../../host/instance.ts';
import { Descriptor } from './types.ts';

/** A directory for the guest: a path of the host, or one in memory. */
export type DirectorySource = string | MemoryDirectory;

/** A directory with what is allowed below it. */
export interface Preopen {
  readonly directory: DirectorySource;
  /** Nothing below can be changed: `not-permitted`. Default: false. */
  readonly readOnly?: boolean;
}

/** Directories by the path that the guest knows them under: `{ '/data': './data' }`. */
export type Preopens = Readonly<Record<string, DirectorySource | Preopen>>;

/**
 * Opens all directories at once: what is granted is what is there now, whatever is done to its path later. Throws a
 * TypeError for one that cannot be opened.
 */
export function preopens(instance: Instance, granted: Preopens): Host {
  const opened = Object.entries(granted).map(([path, given]) => {
    const { directory, readOnly = false } =
      typeof given === 'string' || given instanceof MemoryDirectory ? { directory: given } : given;
    return { path, write: !readOnly, directory: openSource(path, directory) };
  });
  instance.atEnd.push(() => opened.forEach(({ directory }) => directory.close()));
  return {
    getDirectories: () =>
      opened.map(({ path, write, directory }) => {
        const flags = { read: true, ...(write && { mutateDirectory: true }) };
        // Each call gives descriptors of their own.
        return [new Descriptor(instance, directory.reopen(), { write }, flags), path];
      }),
  };
}

function openSource(path: string, source: DirectorySource): OpenDirectory {
  if (path === '') throw new TypeError('preopens: the path that the guest sees is empty');
  if (source instanceof MemoryDirectory) return source.open();
  try {
    return openHostDirectory(source);
  } catch (error) {
    throw new TypeError(`preopens['${path}']: ${(error as Error).message}`, { cause: error });
  }
}
