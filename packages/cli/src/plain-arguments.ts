/**
 * Command lines that are plain, as most are: read here, by what the commands declare for yargs. Loading yargs takes longer
 * than most commands do. Help, mistakes and everything unusual is its business: nothing here gives another result.
 */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { Argv, Options } from 'yargs';
import type { Command } from './options.ts';

/** What yargs would give a command that it hands these arguments, or `undefined` when that is not easy to say. */
export function readPlainArguments(
  command: Command<unknown>,
  globals: Readonly<Record<string, Options>>,
  positional: string,
  argv: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const declared = { ...optionsOf(command), ...globals };
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const read = split(declared, argv.slice(0, end));
  const placed = read && placesOf(positional, read.positionals);
  if (read === undefined || placed === undefined) return undefined;
  const args: Record<string, unknown> = { ...placed };
  for (const [name, { default: otherwise, coerce }] of Object.entries(declared)) {
    const value = read.values[name] ?? (otherwise as unknown);
    if (value !== undefined) args[name] = coerce === undefined ? value : (coerce(value) as unknown);
  }
  if (end + 1 < argv.length) args['--'] = argv.slice(end + 1);
  return args;
}

/** Options and the rest, where Node and yargs take them for the same. */
function split(
  declared: Readonly<Record<string, Options>>,
  args: readonly string[],
): Pick<ReturnType<typeof parseArgs>, 'values' | 'positionals'> | undefined {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { type, array, alias }] of Object.entries(declared)) {
    if (type !== 'string' && type !== 'boolean') return undefined;
    options[name] = { type, multiple: array === true, ...(typeof alias === 'string' && { short: alias }) };
  }
  const seen = new Set<string>();
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      options,
      allowPositionals: true,
      tokens: true,
    });
    const differ = tokens.some((token) => {
      // `--check false` is one option to yargs, and no argument.
      if (token.kind !== 'option')
        return token.kind === 'positional' && /^(?:-|$|true$|false$)/.test(token.value);
      const isAgain = seen.has(token.name) && options[token.name]!.multiple !== true;
      seen.add(token.name);
      // `-oDIR`; an empty value, one that may be an option, or with quotes that yargs takes off.
      const isJoined = token.inlineValue === true && !token.rawName.startsWith('--');
      return isAgain || isJoined || (token.value !== undefined && /^(?:[-"']|$)/.test(token.value));
    });
    return differ ? undefined : { values, positionals };
  } catch {
    // A mistake, which yargs explains.
    return undefined;
  }
}

/** `[wit]`, `<wit>` or `<wit..>`. */
function placesOf(positional: string, given: readonly string[]): Record<string, unknown> | undefined {
  const [, open, name = '', many] = /^([[<])([\w-]+)(\.\.)?[\]>]$/.exec(positional) ?? [];
  if (many !== undefined) return given.length === 0 ? undefined : { [name]: given };
  if (given.length > 1 || (given.length === 0 && open === '<')) return undefined;
  return given.length === 0 ? {} : { [name]: given[0] };
}

/** The options that a command declares, by its declaring them to what only listens. */
function optionsOf(command: Command<unknown>): Readonly<Record<string, Options>> {
  const found: Record<string, Options> = {};
  const listener = {
    options: (more: Readonly<Record<string, Options>>) => {
      Object.assign(found, more);
      return listener;
    },
    positional: () => listener,
    example: () => listener,
    epilogue: () => listener,
  };
  command.declare(listener as unknown as Argv);
  return found;
}
