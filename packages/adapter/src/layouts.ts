/** Sizes, flags and enumerations of Preview 1's types, where more than one function group needs them. */

/** Preview 1: `filetype`. */
export const filetype = { unknown: 0, characterDevice: 2, directory: 3 } as const;

/** Preview 1: `fdflags`. */
export const fdflags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;

/** Preview 1: `clockid`. The clocks of CPU time have no equivalent in Preview 2. */
export const clockid = { realtime: 0, monotonic: 1 } as const;
