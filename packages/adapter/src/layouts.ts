/** Sizes, flags and enumerations of Preview 1's types, where more than one function group needs them. */

/** Preview 1: `filetype`. */
export const filetype = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regularFile: 4,
  socketDatagram: 5,
  socketStream: 6,
  symbolicLink: 7,
} as const;

/** Preview 1: `fdflags`. */
export const fdflags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;

/** Preview 1: `oflags`. */
export const oflags = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;

/** Preview 1: `rights`, in the order of their bits. */
export const rights = {
  fdDatasync: 0x1n,
  fdRead: 0x2n,
  fdSeek: 0x4n,
  fdFdstatSetFlags: 0x8n,
  fdSync: 0x10n,
  fdTell: 0x20n,
  fdWrite: 0x40n,
  fdAdvise: 0x80n,
  fdAllocate: 0x100n,
  pathCreateDirectory: 0x200n,
  pathCreateFile: 0x400n,
  pathLinkSource: 0x800n,
  pathLinkTarget: 0x1000n,
  pathOpen: 0x2000n,
  fdReaddir: 0x4000n,
  pathReadlink: 0x8000n,
  pathRenameSource: 0x10000n,
  pathRenameTarget: 0x20000n,
  pathFilestatGet: 0x40000n,
  pathFilestatSetSize: 0x80000n,
  pathFilestatSetTimes: 0x100000n,
  fdFilestatGet: 0x200000n,
  fdFilestatSetSize: 0x400000n,
  fdFilestatSetTimes: 0x800000n,
  pathSymlink: 0x1000000n,
  pathRemoveDirectory: 0x2000000n,
  pathUnlinkFile: 0x4000000n,
  pollFdReadwrite: 0x8000000n,
  sockShutdown: 0x10000000n,
  sockAccept: 0x20000000n,
} as const;

/** Preview 1: `clockid`. The clocks of CPU time have no equivalent in Preview 2. */
export const clockid = { realtime: 0, monotonic: 1 } as const;
