/** Options of a target against its JSON schema, at the door: what is wrong with them is data, not an exception. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Diagnostic } from '@wittle/parser';
import { problem } from './world/problems.ts';

/** What is wrong with the options that a target was given; nothing when they fit its schema. */
export function optionProblems(schema: object, given: unknown): readonly Diagnostic[] {
  // Compiling a schema takes longer than generating a small world, and most runs change nothing.
  if (isEmpty(given)) return [];
  const validate = validators.get(schema) ?? compile(schema);
  if (validate(given)) return [];
  const problems = (validate.errors ?? []).map((error) => describe(schema, error));
  return [...new Set(problems)].map((message) => problem('invalid-option', message));
}

const validators = new WeakMap<object, ValidateFunction>();

function compile(schema: object): ValidateFunction {
  const made = new Ajv({ allErrors: true }).compile(schema);
  validators.set(schema, made);
  return made;
}

function isEmpty(given: unknown): boolean {
  return (
    typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).length === 0
  );
}

function describe(schema: object, error: ErrorObject): string {
  const path = error.instancePath.split('/').slice(1);
  if (error.keyword === 'additionalProperties') {
    const { properties = {} } = schema as { properties?: object };
    const known = Object.keys(properties).map((each) => `\`${each}\``);
    return `unknown option \`${String(error.params['additionalProperty'])}\`; there is ${known.join(', ') || 'none'}`;
  }
  const where = path.length === 0 ? 'options' : `option \`${path.join('.')}\``;
  if (error.keyword === 'enum') {
    const allowed = error.params['allowedValues'] as readonly unknown[];
    return `${where} must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`;
  }
  return `${where} ${error.message ?? 'is wrong'}`;
}
