/**
 * Command lines that are plain, as most are: read here, by what the commands declare for yargs. Loading yargs takes longer
 * than most commands do. Help, mistakes and everything unusual is its business: nothing here gives another result.
 */
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
  const given = new Map<string, string | true | string[]>();
  const places: string[] = [];
  for (let at = 0; at < end; at++) {
    const argument = argv[at]!;
    if (!argument.startsWith('-')) {
      places.push(argument);
      continue;
    }
    const [, spelled = '', , joined] = /^(--[a-z][a-z-]+|-[a-z])(=([^]*))?$/.exec(argument) ?? [];
    const name = nameOf(declared, spelled);
    const option = name === undefined ? undefined : declared[name];
    if (name === undefined || option === undefined) return undefined;
    const next = joined ?? (at + 1 < end ? argv[at + 1]! : '');
    if (option.type === 'boolean') {
      // `--check false` is one option and no argument.
      if (joined !== undefined || /^(?:true|false)$/.test(next) || given.has(name)) return undefined;
      given.set(name, true);
      continue;
    }
    // An empty value, one that may be an option, or with quotes that yargs may take off.
    if (option.type !== 'string' || /^(?:-|["']|$)/.test(next)) return undefined;
    const before = given.get(name);
    if (option.array !== true && before !== undefined) return undefined;
    given.set(name, option.array === true ? [...((before as string[] | undefined) ?? []), next] : next);
    if (joined === undefined) at++;
  }
  const placed = placesOf(positional, places);
  if (placed === undefined) return undefined;
  const args: Record<string, unknown> = { ...placed };
  for (const [name, { default: otherwise, coerce }] of Object.entries(declared)) {
    const value = given.get(name) ?? (otherwise as unknown);
    if (value !== undefined) args[name] = coerce === undefined ? value : (coerce(value) as unknown);
  }
  if (end + 1 < argv.length) args['--'] = argv.slice(end + 1);
  return args;
}

/** By what is typed: `--out`, or `-o` for its alias. */
function nameOf(declared: Readonly<Record<string, Options>>, spelled: string): string | undefined {
  const name = spelled.replace(/^--?/, '');
  if (spelled.startsWith('--')) return Object.hasOwn(declared, name) ? name : undefined;
  return Object.keys(declared).find((each) => declared[each]!.alias === name);
}

/** `[wit]`, `<wit>` or `<wit..>`. */
function placesOf(positional: string, given: readonly string[]): Record<string, unknown> | undefined {
  const [, open, name = '', many] = /^([[<])([\w-]+)(\.\.)?[\]>]$/.exec(positional) ?? [];
  if (given.includes('')) return undefined;
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
