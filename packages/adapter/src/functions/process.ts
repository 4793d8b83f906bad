/** The end of the program, and its place among others. Preview 1: `proc_*`, `sched_yield`. */
import type { Context } from '../context.ts';
import { errno } from '../errno.ts';
import type { Functions } from '../signatures.ts';

export function processFunctions({
  host,
}: Context): Pick<Functions, 'proc_exit' | 'proc_raise' | 'sched_yield'> {
  return {
    /**
     * Ends the program; does not return. As in POSIX the low 8 bits of the code count; a host that cannot tell a code
     * hears success or failure.
     */
    proc_exit: (code) => {
      const exit = host['wasi:cli/exit'];
      const status = code & 0xff;
      if (exit.exitWithCode !== undefined) exit.exitWithCode(status);
      else exit.exit({ tag: status === 0 ? 'ok' : 'err' });
      throw new Error(`the host's wasi:cli/exit returned from the exit with code ${status}; it must throw`);
    },
    /** Sends a signal to the program itself. Preview 2 has no signals. */
    proc_raise: () => errno.nosys,
    /** Lets others run. There is nobody else: a guest that waits does so in `poll_oneoff`. */
    sched_yield: () => errno.success,
  };
}
