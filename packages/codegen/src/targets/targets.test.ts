import { describe, expect, test } from '@jest/globals';
import { schemaProblems } from '../options.ts';
import type { Target } from '../target.ts';
import { targets } from './index.ts';

interface OptionSchema {
  readonly description?: string;
  readonly default?: unknown;
}

describe.each(Object.entries<Target<object>>({ ...targets }))('target %s', (name, target) => {
  const { properties = {}, additionalProperties } = target.optionsSchema as {
    readonly properties?: Readonly<Record<string, OptionSchema>>;
    readonly additionalProperties?: boolean;
  };

  test('is called what it is listed as, and says what it is in one line', () => {
    expect(target.name).toBe(name);
    expect(target.description).toMatch(/^[^\n]{10,140}$/);
  });

  test('has a schema of its options that says what its defaults are', () => {
    const defaults = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, each.default]));
    expect(defaults).toEqual(target.defaults);
    expect(schemaProblems(target.optionsSchema, target.defaults)).toEqual([]);
    expect(additionalProperties).toBe(false);
  });

  test('describes each option in one line', () => {
    for (const { description } of Object.values(properties)) expect(description).toMatch(/^[^\n]{10,180}$/);
  });
});

describe('a schema', () => {
  test('that is none is a problem, not an exception', () => {
    expect(schemaProblems({ type: 'nothing' }, { a: 1 })).toMatchObject([
      { path: [], message: expect.stringContaining('the schema is wrong') },
    ]);
  });

  test('finds places in values, whatever properties are called', () => {
    const schema = {
      properties: { 'a/~b': { type: 'array', items: { enum: ['one', 'two'] } }, 0: { type: 'object' } },
    };
    expect(schemaProblems(schema, { 'a/~b': ['one', 'tow'], 0: 1 })).toEqual([
      { path: ['0'], property: undefined, message: 'must be object', hint: undefined },
      {
        path: ['a/~b', 1],
        property: undefined,
        message: 'must be one of "one", "two"',
        hint: 'did you mean `two`?',
      },
    ]);
  });
});
