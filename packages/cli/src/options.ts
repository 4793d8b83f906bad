/** Kinds of command-line options, each with its checks, and the ones that several commands share. */
import type { Argv, Options } from 'yargs';
import { failure } from './failure.ts';
import type { Io } from './io.ts';

/** A command: its options for yargs, and what it does. `run` gives the exit code. */
export interface Command<Args> {
  readonly declare: (yargs: Argv) => Argv<Args>;
  readonly run: (args: Args, io: Io) => number | Promise<number>;
}

/** An option with one value. */
export interface TextOption extends Options {
  readonly coerce: (given: unknown) => string | undefined;
}

/** An option that may be repeated, with one value or several between commas each time. */
export interface ListOption extends Options {
  readonly coerce: (given: unknown) => readonly string[];
}

/** An option with one value; `name` is for the message when it is given twice. */
export function text(name: string, description: string, more: Options = {}): TextOption {
  const coerce = (given: unknown): string | undefined => {
    if (Array.isArray(given)) throw failure(`--${name} is given more than once`);
    if (given === '') throw failure(`--${name} needs a value`);
    return given as string | undefined;
  };
  return { ...more, description, type: 'string', requiresArg: true, coerce };
}

/** An option with a few possible values; the first is what holds when it is left out, unless `more` says another. */
export function choice(
  name: string,
  description: string,
  choices: readonly string[],
  more: Options = {},
): TextOption {
  const base = text(name, `${description}: ${choices.join(', ')}`, { default: choices[0], ...more });
  const coerce = (given: unknown): string | undefined => {
    const value = base.coerce(given);
    if (value === undefined || choices.includes(value)) return value;
    const known = choices.map((each) => `\`${each}\``).join(', ');
    throw failure(`--${name} cannot be \`${value}\``, `there is ${known}`);
  };
  return { ...base, coerce };
}

/** An option that may be repeated, its values split at commas. */
export function list(description: string, more: Options = {}): ListOption {
  const coerce = (given: unknown): readonly string[] => {
    const values = Array.isArray(given) ? given : given === undefined ? [] : [given];
    return values.flatMap((value) => String(value).split(',')).filter((value) => value !== '');
  };
  return { ...more, description, type: 'string', array: true, requiresArg: true, coerce };
}

/** An option that may be repeated, its values as they are. */
export function repeated(description: string): ListOption {
  const coerce = (given: unknown): readonly string[] =>
    (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(String);
  return { description, type: 'string', array: true, requiresArg: true, coerce };
}

/** Whether an option was given: a list that was not has no values. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** Which `@unstable` items of the WIT are there; for all commands that read WIT. */
export const featureOptions: {
  readonly features: ListOption;
  readonly 'all-features': Options & { readonly type: 'boolean' };
} = {
  features: list('Features whose @unstable items are active'),
  'all-features': { description: 'All features are active', type: 'boolean' },
};

/** What {@link featureOptions} come to. */
export interface FeatureArgs {
  readonly features: readonly string[] | undefined;
  readonly 'all-features': boolean | undefined;
}

/** The global options, as commands see them. */
export interface GlobalArgs {
  readonly quiet?: boolean | undefined;
}

/** How yargs reads command lines: names with dots and numbers are text, and what is behind `--` stands apart. */
export const parserConfiguration = {
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
} as const;
