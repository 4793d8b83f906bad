import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { fits } from './schema-fits.ts';

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('', 'a', 'b', '😀', 0, 1.5, true, false, null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'constructor', '__proto__'), tie('any'), { maxKeys: 3 }),
  ),
})).any;

const type = fc.constantFrom('string', 'boolean', 'array', 'object', 'number', 'null');

const schema = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.record(
      {
        type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
        enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
        minLength: fc.constantFrom(0, 1, 2),
        minItems: fc.constantFrom(0, 1, 2),
        minProperties: fc.constantFrom(0, 1, 2),
        pattern: fc.constantFrom('a', '^$'),
        items: tie('any'),
        required: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
        properties: fc.dictionary(fc.constantFrom('x', 'y', 'constructor'), tie('any'), { maxKeys: 2 }),
        additionalProperties: tie('any'),
        not: tie('any'),
        description: fc.constant('text'),
      },
      { requiredKeys: [] },
    ),
  ),
})).any as fc.Arbitrary<object | boolean>;

test('what surely fits is what the validator takes', () => {
  let sure = 0;
  fc.assert(
    fc.property(schema, value, (wanted, given) => {
      const isSure = fits(wanted, given);
      if (isSure) sure++;
      let isValid: boolean;
      try {
        isValid = new Ajv({ strict: false, ownProperties: true }).validate(wanted, given);
      } catch {
        return;
      }
      expect(isSure && !isValid).toBe(false);
    }),
    { numRuns: 300 },
  );
  expect(sure).toBeGreaterThan(0);
});

test('schemas of options are no matter for the validator when they are kept', () => {
  const options = {
    type: 'object',
    additionalProperties: false,
    properties: { suffix: { enum: ['.js', ''] }, names: { type: 'array', items: { type: 'string' } } },
  };
  expect(fits(options, {})).toBe(true);
  expect(fits(options, { suffix: '', names: ['a'] })).toBe(true);
  expect(fits(options, { suffix: 'js' })).toBe(false);
  expect(fits(options, { suffx: '' })).toBe(false);
});
