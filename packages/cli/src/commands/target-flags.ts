/** Options of targets as flags of the command line: made from their schemas. */
import { targets, type Target } from '@wittle/codegen/run';
import type { Options } from 'yargs';
import { failure } from '../failure.ts';
import { choice, isGiven, list, text } from '../options.ts';

/** A flag, and the targets that have it as an option. */
interface Flag {
  readonly name: string;
  readonly property: string;
  readonly schema: OptionSchema;
  /** What it means, and for which targets when it means several things. */
  readonly description: string;
  readonly targets: readonly string[];
}

/** What a schema says of an option, as far as it matters to a flag. */
interface OptionSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

/** The flags of all targets for yargs, in groups by the targets that have them. */
export function targetFlags(): Readonly<Record<string, Options>> {
  return Object.fromEntries(flags().map((flag) => [flag.name, { ...optionOf(flag), group: groupOf(flag) }]));
}

/** The flags that were given. */
export function givenFlags(args: Readonly<Record<string, unknown>>): readonly string[] {
  return flags()
    .filter(({ name }) => isGiven(args[name]))
    .map(({ name }) => name);
}

/** The options of a target that were given; throws a `Failure` for those of other targets. */
export function targetOptions(target: string, args: Readonly<Record<string, unknown>>): object {
  const options: Record<string, unknown> = {};
  for (const { name, property, schema, targets: having } of flags()) {
    const given = args[name];
    if (!isGiven(given)) continue;
    if (!having.includes(target)) {
      const own = flags().filter((flag) => flag.targets.includes(target));
      const there = own.map((flag) => `--${flag.name}`).join(', ') || 'nothing';
      throw failure(
        `--${name} is an option of ${targetNames(having)}, not of ${target}`,
        having.length === 1
          ? `add --target ${having[0]}; target ${target} has ${there}`
          : `target ${target} has ${there}`,
      );
    }
    options[property] = schema.enum !== undefined && given === NONE ? '' : given;
  }
  return options;
}

/** `importSuffix` as it is called on the command line. */
export function flagName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** An empty text, where it is one of the choices. */
const NONE = 'none';

function flags(): readonly Flag[] {
  made ??= makeFlags();
  return made;
}

let made: readonly Flag[] | undefined;

function makeFlags(): readonly Flag[] {
  const found = new Map<string, Found>();
  for (const { name, optionsSchema } of Object.values<Target<object>>({ ...targets })) {
    const { properties = {} } = optionsSchema as {
      readonly properties?: Readonly<Record<string, OptionSchema>>;
    };
    for (const [property, schema] of Object.entries(properties)) {
      const known = found.get(property);
      const { description = '' } = schema;
      if (known === undefined) {
        found.set(property, { schema, targets: [name], descriptions: new Map([[description, [name]]]) });
      } else {
        known.targets.push(name);
        known.descriptions.set(description, [...(known.descriptions.get(description) ?? []), name]);
        // Two targets may differ in what they allow; the schema of the one that is run has the last word.
        if (known.schema.enum !== undefined && schema.enum !== undefined) {
          known.schema = { ...known.schema, enum: [...new Set([...known.schema.enum, ...schema.enum])] };
        }
      }
    }
  }
  return [...found].map(([property, { schema, descriptions, targets: having }]) => ({
    name: flagName(property),
    property,
    schema,
    description: [...descriptions]
      .map(([text, of]) => (descriptions.size === 1 ? text : `${of.join(', ')}: ${text}`))
      .join('; '),
    targets: having,
  }));
}

interface Found {
  schema: OptionSchema;
  readonly targets: string[];
  /** With the targets that describe it so. */
  readonly descriptions: Map<string, readonly string[]>;
}

// Without defaults: what is not given is the target's business.
function optionOf({ name, description, schema }: Flag): Options {
  const { type, enum: choices } = schema;
  const told = `${description.charAt(0).toUpperCase()}${description.slice(1)}`;
  if (choices !== undefined) {
    const shown = choices.map((each) => (each === '' ? NONE : each));
    return choice(name, told, shown, { default: undefined });
  }
  if (type === 'boolean') return { description: told, type: 'boolean' };
  if (type === 'array') return list(told);
  return text(name, told);
}

function groupOf({ targets: having }: Flag): string {
  return having.length === Object.keys(targets).length && having.length > 1
    ? 'Options of all targets:'
    : `Options of ${targetNames(having)}:`;
}

function targetNames(names: readonly string[]): string {
  return `target${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
