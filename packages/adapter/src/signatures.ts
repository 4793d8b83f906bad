/** Every function of the adapter's core module, with its core signature: the table all others are checked against. */
import type { CoreType } from '@wittle/runtime';

/** The core module's name, as guests import it. */
export const moduleName = 'wasi_snapshot_preview1';

/** One row of the table. */
export interface Signature {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
  /** Whether a call may have to wait: it then returns a promise of its result. */
  readonly mayBlock?: boolean;
}

/**
 * The 46 functions of Preview 1 in the order of its definition, then the adapter's own two.
 * Preview 1: `wasi_snapshot_preview1`, after flattening: pointers, sizes, flags and descriptors are i32; a string is a
 * pointer and a length; results but the error number go through pointers at the end.
 */
export const signatures = {
  args_get: { params: ['i32', 'i32'], results: ['i32'] },
  args_sizes_get: { params: ['i32', 'i32'], results: ['i32'] },
  environ_get: { params: ['i32', 'i32'], results: ['i32'] },
  environ_sizes_get: { params: ['i32', 'i32'], results: ['i32'] },
  clock_res_get: { params: ['i32', 'i32'], results: ['i32'] },
  clock_time_get: { params: ['i32', 'i64', 'i32'], results: ['i32'] },
  fd_advise: { params: ['i32', 'i64', 'i64', 'i32'], results: ['i32'] },
  fd_allocate: { params: ['i32', 'i64', 'i64'], results: ['i32'] },
  fd_close: { params: ['i32'], results: ['i32'], mayBlock: true },
  fd_datasync: { params: ['i32'], results: ['i32'] },
  fd_fdstat_get: { params: ['i32', 'i32'], results: ['i32'] },
  fd_fdstat_set_flags: { params: ['i32', 'i32'], results: ['i32'] },
  fd_fdstat_set_rights: { params: ['i32', 'i64', 'i64'], results: ['i32'] },
  fd_filestat_get: { params: ['i32', 'i32'], results: ['i32'] },
  fd_filestat_set_size: { params: ['i32', 'i64'], results: ['i32'] },
  fd_filestat_set_times: { params: ['i32', 'i64', 'i64', 'i32'], results: ['i32'] },
  fd_pread: { params: ['i32', 'i32', 'i32', 'i64', 'i32'], results: ['i32'] },
  fd_prestat_get: { params: ['i32', 'i32'], results: ['i32'] },
  fd_prestat_dir_name: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  fd_pwrite: { params: ['i32', 'i32', 'i32', 'i64', 'i32'], results: ['i32'] },
  fd_read: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], mayBlock: true },
  fd_readdir: { params: ['i32', 'i32', 'i32', 'i64', 'i32'], results: ['i32'] },
  fd_renumber: { params: ['i32', 'i32'], results: ['i32'], mayBlock: true },
  fd_seek: { params: ['i32', 'i64', 'i32', 'i32'], results: ['i32'] },
  fd_sync: { params: ['i32'], results: ['i32'] },
  fd_tell: { params: ['i32', 'i32'], results: ['i32'] },
  fd_write: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], mayBlock: true },
  path_create_directory: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  path_filestat_get: { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  path_filestat_set_times: { params: ['i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i32'], results: ['i32'] },
  path_link: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  path_open: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i32', 'i32'], results: ['i32'] },
  path_readlink: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  path_remove_directory: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  path_rename: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  path_symlink: { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  path_unlink_file: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  poll_oneoff: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], mayBlock: true },
  proc_exit: { params: ['i32'], results: [] },
  proc_raise: { params: ['i32'], results: ['i32'] },
  sched_yield: { params: [], results: ['i32'] },
  random_get: { params: ['i32', 'i32'], results: ['i32'] },
  sock_accept: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  sock_recv: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  sock_send: { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  sock_shutdown: { params: ['i32', 'i32'], results: ['i32'] },
  adapter_open_badfd: { params: ['i32'], results: ['i32'] },
  adapter_close_badfd: { params: ['i32'], results: ['i32'] },
} as const;

/** A function of the adapter's core module. */
export type FunctionName = keyof typeof signatures;

/** An implementation of each function: unsigned numbers for i32, signed bigints for i64, the error number out. */
export type Functions = {
  readonly [Name in FunctionName]: (
    ...args: Arguments<(typeof signatures)[Name]['params']>
  ) => ResultOf<Name>;
};

type Arguments<Params extends readonly CoreType[]> = {
  -readonly [Index in keyof Params]: Params[Index] extends 'i64' ? bigint : number;
};
type ResultOf<Name extends FunctionName> = (typeof signatures)[Name] extends { readonly mayBlock: true }
  ? number | Promise<number>
  : (typeof signatures)[Name]['results'] extends readonly []
    ? never
    : number;
