/**
 * Whether a value surely fits a JSON schema, without compiling it: that takes longer than generating a small world, and
 * nearly all options are right. Everything that is wrong, or not known here, is for the validator to tell.
 */

/** `true` only when the value fits; `false` when it does not, or when that is not easy to say. */
export function fits(schema: unknown, value: unknown): boolean {
  if (schema === true) return true;
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).every(([keyword, of]) => {
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    return rule !== undefined && rule(of, value, schema as Keywords);
  });
}

type Keywords = Readonly<Record<string, unknown>>;
type Rule = (of: unknown, value: unknown, schema: Keywords) => boolean;

const isFine: Rule = () => true;

/** The keywords that are understood. Each is about values of one type and says nothing of others. */
const rules: Readonly<Record<string, Rule>> = {
  $schema: isFine,
  title: isFine,
  description: isFine,
  default: isFine,
  type: (of, value) => (Array.isArray(of) ? of : [of]).some((type) => isOf(type, value)),
  // Compared as they are: of objects the validator knows more.
  enum: (of, value) => Array.isArray(of) && of.includes(value),
  minLength: (of, value) => typeof value !== 'string' || [...value].length >= Number(of),
  minItems: (of, value) => !Array.isArray(value) || value.length >= Number(of),
  minProperties: (of, value) => !isObject(value) || Object.keys(value).length >= Number(of),
  items: (of, value) => !Array.isArray(value) || value.every((item) => fits(of, item)),
  required: (of, value) =>
    !isObject(value) || (Array.isArray(of) && of.every((name) => Object.hasOwn(value, String(name)))),
  properties: (of, value) =>
    !isObject(value) ||
    Object.entries(of as Keywords).every(
      ([name, schema]) => !Object.hasOwn(value, name) || fits(schema, value[name]),
    ),
  additionalProperties: (of, value, { properties = {} }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, each]) => Object.hasOwn(properties as Keywords, name) || fits(of, each),
    ),
};

function isOf(type: unknown, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return (type === 'string' || type === 'boolean') && typeof value === type;
}

function isObject(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
