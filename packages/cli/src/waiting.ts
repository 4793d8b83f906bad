/** How a guest waits, and for how long it may run: options that `run` and `serve` share. */
import type { CompileOptions } from '@wittle/component';
import type { WaitingOptions } from '@wittle/wasi';
import { failure } from './failure.ts';
import { choice, text, type TextOption } from './options.ts';

export interface WaitingArgs {
  readonly blocking: string | undefined;
  readonly 'time-limit': string | undefined;
}

/** For yargs; `timeLimit` says what is limited. */
export function waitingOptions(timeLimit: string): {
  readonly blocking: TextOption;
  readonly 'time-limit': TextOption;
} {
  return {
    blocking: choice(
      'blocking',
      'How the guest waits: with JSPI, in a worker, or never; auto is JSPI where there is any, else a worker',
      ['auto', 'jspi', 'worker', 'none'],
    ),
    'time-limit': text('time-limit', timeLimit),
  };
}

/** What they say; throws a `Failure` for what makes no sense. */
export function waitingOf(args: WaitingArgs): WaitingOptions {
  const limit = args['time-limit'];
  const timeLimit = Number(limit) * 1000;
  if (limit !== undefined && !(timeLimit > 0 && Number.isFinite(timeLimit)))
    throw failure(`--time-limit \`${limit}\` is no number of seconds above 0`);
  if (limit !== undefined && (args.blocking === 'jspi' || args.blocking === 'none'))
    throw failure(
      `--time-limit needs a guest in a worker, and --blocking is \`${args.blocking}\``,
      'leave --blocking out',
    );
  return {
    ...(args.blocking !== 'auto' && { blocking: args.blocking as NonNullable<WaitingOptions['blocking']> }),
    ...(limit !== undefined && { timeLimit }),
  };
}

/** How a program has to be compiled for that. */
export function compilingFor({ blocking, timeLimit }: WaitingOptions): CompileOptions {
  return blocking === 'worker' || timeLimit !== undefined ? { portable: true } : {};
}
