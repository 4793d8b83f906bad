/** `wasi:filesystem/preopens`: the directories that the host grants. */
import type { Host } from '../../generated/imports/wasi/filesystem/preopens.ts';
import { openHostDirectory } from '../../host/files/host-directory.ts';
import { MemoryDirectory } from '../../host/files/memory-directory.ts';
import type { OpenDirectory } from '../../host/files/open-objects.ts';
import type { Instance } from '../../host/instance.ts';
import { WasiTrap } from '../../host/trap.ts';
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
  const opened: Opened[] = [];
  const close = (): void => opened.forEach(({ directory }) => directory.close());
  try {
    for (const [path, given] of Object.entries(granted)) opened.push(openGranted(path, given));
  } catch (error) {
    close();
    throw error;
  }
  instance.atEnd.push(close);
  return {
    getDirectories: () => {
      const { files } = instance.limits;
      if (instance.files + opened.length > files)
        throw new WasiTrap(
          `wasi:filesystem/preopens.get-directories: more than ${files} files and directories would be open (limits.files)`,
        );
      const given: [Descriptor, string][] = [];
      try {
        // Each call gives descriptors of their own.
        for (const { path, write, directory } of opened) {
          const flags = { read: true, ...(write && { mutateDirectory: true }) };
          given.push([new Descriptor(instance, directory.reopen(), { path, write }, flags), path]);
        }
      } catch (error) {
        for (const [descriptor] of given) descriptor[Symbol.dispose]();
        throw new WasiTrap(`wasi:filesystem/preopens.get-directories: ${(error as Error).message}`);
      }
      return given;
    },
  };
}

interface Opened {
  readonly path: string;
  readonly write: boolean;
  readonly directory: OpenDirectory;
}

function openGranted(path: string, given: DirectorySource | Preopen): Opened {
  if (typeof given === 'string' || given instanceof MemoryDirectory)
    return { path, write: true, directory: openSource(path, given) };
  if (typeof given !== 'object' || given === null) return openGranted(path, { directory: given });
  // A misspelt `readOnly` must not mean that all may be written.
  for (const name of Object.keys(given)) {
    if (name !== 'directory' && name !== 'readOnly')
      throw new TypeError(`preopens['${path}'].${name} does not exist; there are directory, readOnly`);
  }
  const { directory, readOnly = false } = given;
  if (typeof readOnly !== 'boolean') throw new TypeError(`preopens['${path}'].readOnly is true or false`);
  return { path, write: !readOnly, directory: openSource(path, directory) };
}

function openSource(path: string, source: DirectorySource): OpenDirectory {
  if (path === '') throw new TypeError('preopens: the path that the guest sees is empty');
  if (source instanceof MemoryDirectory) return source.open();
  if (typeof source !== 'string' || source === '')
    throw new TypeError(`preopens['${path}']: a directory is a path of the host or a MemoryDirectory`);
  try {
    return openHostDirectory(source);
  } catch (error) {
    throw new TypeError(`preopens['${path}']: ${(error as Error).message}`, { cause: error });
  }
}
