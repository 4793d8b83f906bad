/** The JSON schema of a configuration: what is checked, and what editors show. */
import type { Target } from '@wittle/codegen';

/**
 * The schema of what `config.ts` has as types. With targets, it knows their options too, for editors; without them it
 * leaves options to the targets' own schemas, which is how they are checked.
 */
export function configSchema(targets: readonly Target<object>[] = []): object {
  const names = targets.map(({ name }) => name);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of wittle',
    type: 'object',
    additionalProperties: false,
    required: ['projects'],
    properties: {
      $schema: { type: 'string', description: 'Where editors find this schema.' },
      projects: {
        type: 'object',
        description: 'By names of your choice, which --project and messages use.',
        minProperties: 1,
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          required: ['wit'],
          properties: { ...witProperties, ...outputProperties(names), outputs: outputsSchema(targets) },
          ...(targets.length > 0 && {
            oneOf: [{ required: ['out'] }, { required: ['outputs'], not: ownOutput }],
            allOf: optionsOf(targets),
          }),
        },
      },
    },
  };
}

const strings = { type: 'array', items: { type: 'string', minLength: 1 } };

const witProperties = {
  wit: {
    type: 'string',
    minLength: 1,
    description:
      'A .wit file, a directory with its deps/, a component, or the name of a package that comes with wittle.',
  },
  world: {
    type: 'string',
    minLength: 1,
    description: 'The world, when there are several: name, ns:package/name or ns:package/name@1.0.0.',
  },
  features: { ...strings, description: 'Features whose @unstable items are active.' },
  allFeatures: { type: 'boolean', default: false, description: 'All features are active.' },
};

function outputProperties(names: readonly string[]): Readonly<Record<string, object>> {
  return {
    target: {
      description:
        'What to generate. A target from elsewhere is a path that begins with ./ or ../, or the name of a package.',
      default: 'host',
      ...(names.length > 0
        ? { anyOf: [{ enum: names }, { type: 'string', pattern: '[/.-]' }] }
        : { type: ['string', 'object'] }),
    },
    out: {
      type: 'string',
      minLength: 1,
      description: "The directory to write into: made when it is not there, and wittle's own.",
    },
    options: { type: 'object', description: 'Options of the target; what is left out has its default.' },
  };
}

function outputsSchema(targets: readonly Target<object>[]): object {
  return {
    type: 'array',
    minItems: 1,
    description: 'Several outputs for one world, instead of target, out and options.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['out'],
      properties: outputProperties(targets.map(({ name }) => name)),
      ...(targets.length > 0 && { allOf: optionsOf(targets) }),
    },
  };
}

/** What stands in a project that has one output. */
const ownOutput = { anyOf: ['target', 'out', 'options'].map((property) => ({ required: [property] })) };

function optionsOf(targets: readonly Target<object>[]): readonly object[] {
  return targets.map(({ name, optionsSchema }) => ({
    if: {
      properties: { target: { const: name } },
      // Without a target it is this one.
      ...(name === 'host' ? { not: { required: ['outputs'] } } : { required: ['target'] }),
    },
    // oxlint-disable-next-line unicorn/no-thenable
    then: { properties: { options: optionsSchema } },
  }));
}
