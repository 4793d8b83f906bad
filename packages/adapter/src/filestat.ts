/** Attributes and times of files. Preview 1: `filestat`, `fstflags`. */
import { Failure, errno } from './errno.ts';
import { filetype } from './layouts.ts';
import type { GuestMemory } from './memory.ts';
import type {
  Datetime,
  DescriptorStat,
  DescriptorType,
  MetadataHashValue,
  NewTimestamp,
} from './preview2.ts';

export const filestatSize = 64;

const filetypes: Readonly<Record<DescriptorType, number>> = {
  unknown: filetype.unknown,
  'block-device': filetype.blockDevice,
  'character-device': filetype.characterDevice,
  directory: filetype.directory,
  // Preview 1 has no pipes.
  fifo: filetype.unknown,
  'symbolic-link': filetype.symbolicLink,
  'regular-file': filetype.regularFile,
  socket: filetype.socketStream,
};

export function filetypeOf(type: DescriptorType): number {
  return filetypes[type];
}

/** Preview 2 tells no device and inode; its hash tells objects apart as they do. */
export function storeFilestat(
  memory: GuestMemory,
  pointer: number,
  stat: DescriptorStat,
  hash: MetadataHashValue,
): number {
  memory.clear(pointer, filestatSize);
  memory.storeU64(pointer, 1n);
  memory.storeU64(pointer + 8, hash.lower);
  memory.storeU8(pointer + 16, filetypeOf(stat.type));
  memory.storeU64(pointer + 24, stat.linkCount);
  memory.storeU64(pointer + 32, stat.size);
  memory.storeU64(pointer + 40, nanoseconds(stat.dataAccessTimestamp));
  memory.storeU64(pointer + 48, nanoseconds(stat.dataModificationTimestamp));
  memory.storeU64(pointer + 56, nanoseconds(stat.statusChangeTimestamp));
  return errno.success;
}

/** The new times of `fd_filestat_set_times`. @throws Failure `inval` for a time that is both given and now. */
export function newTimes(
  accessed: bigint,
  modified: bigint,
  flags: number,
): readonly [accessed: NewTimestamp, modified: NewTimestamp] {
  if (flags > 15) throw new Failure(errno.inval);
  return [newTime(accessed, flags & 3), newTime(modified, flags >> 2)];
}

function newTime(time: bigint, flags: number): NewTimestamp {
  switch (flags) {
    case 0:
      return { tag: 'no-change' };
    case 1: {
      const unsigned = BigInt.asUintN(64, time);
      const seconds = unsigned / 1_000_000_000n;
      return { tag: 'timestamp', val: { seconds, nanoseconds: Number(unsigned % 1_000_000_000n) } };
    }
    case 2:
      return { tag: 'now' };
    default:
      throw new Failure(errno.inval);
  }
}

function nanoseconds(time: Datetime | undefined): bigint {
  return time === undefined
    ? 0n
    : BigInt.asUintN(64, time.seconds * 1_000_000_000n + BigInt(time.nanoseconds));
}
