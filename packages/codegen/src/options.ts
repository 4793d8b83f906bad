/** Values against JSON schemas, at the door: what is wrong with them is data, not an exception. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { closest, type Diagnostic } from '@wittle/parser';
import { fits } from './schema-fits.ts';
import { problem } from './world/problems.ts';

/** What is wrong with a value, and where in it. */
export interface SchemaProblem {
  /** From the outside in: names of properties, and positions in arrays. */
  readonly path: readonly (string | number)[];
  /** The name that is not known or not there; it is no part of `path`. */
  readonly property: string | undefined;
  /** What is wrong with what is at `path`: `must be one of ".js", ".ts"`, `unknown property`. */
  readonly message: string;
  /** Did-you-mean, or what there is. */
  readonly hint: string | undefined;
}

/** What is wrong with the options that a target was given; nothing when they fit its schema. */
export function optionProblems(schema: object, given: unknown): readonly Diagnostic[] {
  const problems = schemaProblems(schema, given).map(({ path, property, message, hint }) => {
    if (property === undefined || !message.startsWith('unknown')) {
      const where = path.length === 0 ? 'options' : `option \`${path.join('.')}\``;
      return { message: `${where} ${message}`, hint: undefined };
    }
    const { properties = {} } = schema as { properties?: object };
    const known = Object.keys(properties).map((each) => `\`${each}\``);
    return {
      message: `unknown option \`${[...path, property].join('.')}\`; there is ${known.join(', ') || 'none'}`,
      hint: hint?.startsWith('did you mean') === true ? hint : undefined,
    };
  });
  return problems.map(({ message, hint }) => problem('invalid-option', message, undefined, hint));
}

/**
 * What is wrong with a value by a JSON schema (draft 7). A schema that is none is itself a problem, as it may be that of
 * a target from elsewhere. Keywords that the draft does not have are left alone.
 */
export function schemaProblems(schema: object, given: unknown): readonly SchemaProblem[] {
  if (fits(schema, given)) return [];
  let validate: ValidateFunction;
  try {
    validate = validators.get(schema) ?? compile(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      {
        path: [],
        property: undefined,
        message: `cannot be checked: the schema is wrong: ${why}`,
        hint: undefined,
      },
    ];
  }
  if (validate(given)) return [];
  const problems = new Map<string, SchemaProblem>();
  for (const error of validate.errors ?? []) {
    const found = describe(error, given);
    if (found !== undefined) problems.set(JSON.stringify(found), found);
  }
  return [...problems.values()].filter((each, _, all) => !all.some((other) => isMisspelling(other, each)));
}

/** Whether `needed` is there after all, only under another name. */
function isMisspelling(other: SchemaProblem, needed: SchemaProblem): boolean {
  return (
    needed.message === `needs \`${needed.property}\`` &&
    other.hint === `did you mean \`${needed.property}\`?` &&
    JSON.stringify(other.path) === JSON.stringify(needed.path)
  );
}

const validators = new WeakMap<object, ValidateFunction>();

/** `strict` is off as schemas of others have keywords of their own; `verbose` gives errors the schema around them. */
const ajvOptions = {
  allErrors: true,
  strict: false,
  ownProperties: true,
  verbose: true,
  logger: false,
} as const;

function compile(schema: object): ValidateFunction {
  const made = new Ajv(ajvOptions).compile(schema);
  validators.set(schema, made);
  return made;
}

function describe(error: ErrorObject, given: unknown): SchemaProblem | undefined {
  const path = pathOf(error.instancePath, given);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const property = String(params['additionalProperty']);
      const { properties = {} } = (error.parentSchema ?? {}) as { readonly properties?: object };
      const known = Object.keys(properties).filter((each) => !each.startsWith('$'));
      const near = closest(property, known);
      const list = known.map((each) => `\`${each}\``).join(', ');
      const hint = near === undefined ? `there is ${list || 'none'}` : `did you mean \`${near}\`?`;
      return { path, property, message: `unknown property \`${property}\``, hint };
    }
    case 'required': {
      const property = String(params['missingProperty']);
      return { path, property, message: `needs \`${property}\``, hint: undefined };
    }
    case 'enum': {
      const allowed = params['allowedValues'] as readonly unknown[];
      const near = typeof error.data === 'string' ? closest(error.data, allowed.map(String)) : undefined;
      const message = `must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`;
      return { path, property: undefined, message, hint: near && `did you mean \`${near}\`?` };
    }
    // Only says that another error is about one branch.
    case 'if':
      return undefined;
    default:
      return { path, property: undefined, message: error.message ?? 'is wrong', hint: undefined };
  }
}

// A pointer does not say whether `0` is a position or a name; the value does.
function pathOf(pointer: string, given: unknown): readonly (string | number)[] {
  let value = given;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(name) : name;
      value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[key];
      return key;
    });
}
