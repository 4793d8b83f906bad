/**
 * What is shown to those who write programs and targets: the program of the README, and the target of docs/targets.md, its
 * own tests, and what it makes of every kind of type.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { renderDiagnostics } from '@wittle/parser';
import { generate, type GenerateResult, type Target } from '../src/index.ts';
import { compile } from './compile.ts';
import { GENERATOR, worldOf } from './generate.ts';

const folder = import.meta.dirname;
const directory = join(folder, '../out/documentation/targets');

interface JsonSchemaOptions {
  readonly interfaces: readonly string[];
  readonly base: string;
  readonly wide: 'string' | 'number';
}

let target: Target<JsonSchemaOptions>;

beforeAll(async () => {
  const page = readFileSync(join(folder, '../../../docs/targets.md'), 'utf8');
  mkdirSync(directory, { recursive: true });
  for (const [, path, text] of page.matchAll(
    /^<!-- file: wittle-json-schema\/(.+\.(?:ts|wit)) -->\n\n```\w+\n([^]*?)^```$/gm,
  )) {
    writeFileSync(join(directory, path!), text!);
  }
  ({ target } = (await import(join(directory, 'target.ts'))) as { target: Target<JsonSchemaOptions> });
});

test('the program of the README works as it stands there', () => {
  const readme = readFileSync(join(folder, '../README.md'), 'utf8');
  const [, program] = /^<!-- program -->\n\n```ts\n([^]*?)^```$/m.exec(readme)!;
  writeFileSync(join(directory, 'program.ts'), program!);
  const command = ['--no-warnings', '--conditions=wittle-source', 'program.ts'];
  const output = execFileSync(process.execPath, command, { cwd: directory, encoding: 'utf8' });
  expect(output).toBe('imports/$root.ts true\nindex.ts true\n');
});

test('the targets compile under every strict flag', () => {
  const own = join(directory, '../targets-alone');
  mkdirSync(own, { recursive: true });
  const page = readFileSync(join(folder, '../../../docs/targets.md'), 'utf8');
  const [, labels] = /^<!-- file: shop\/labels\.ts -->\n\n```ts\n([^]*?)^```$/m.exec(page)!;
  writeFileSync(join(own, 'labels.ts'), labels!);
  writeFileSync(join(own, 'target.ts'), readFileSync(join(directory, 'target.ts'), 'utf8'));
  expect(compile(own, { skipLibCheck: true })).toEqual([]);
  writeFileSync(join(own, 'labels.ts'), labels!.replace('defaults: { marker:', 'defaults: { maker:'));
  expect(compile(own, { skipLibCheck: true })).toEqual([expect.stringMatching(/^labels\.ts\(.*'maker'/)]);
});

test('the tests of the target pass', () => {
  const command = ['--test', '--no-warnings', '--conditions=wittle-source', 'target.test.ts'];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const output = execFileSync(process.execPath, command, { cwd: directory, encoding: 'utf8', env });
  expect(output).toMatch(/^. pass 3$/m);
});

const kinds = `package demo:kinds@1.2.0;
interface money {
  /// In cents.
  type amount = u64;
  resource vault;
}
interface kinds {
  use money.{amount, vault};
  enum color { red, deep-blue }
  flags rights { read, write-it, a1, a-1 }
  variant value { nothing, num(amount), text(option<string>), many(list<color>) }
  record integers { a: u8, b: u16, c: u32, d: u64, e: s8, f: s16, g: s32, h: s64 }
  record others { yes: bool, single: f32, double: f64, letter: char, text: string }
  record made {
    maybe: option<u32>, nested: option<option<u8>>, pair: tuple<u8, string>, list-of: list<option<string>>,
    four: list<u16, 4>, pairs: map<string, rights>, value: value, color: color, paid: amount,
  }
  record results { both: result<u8, color>, ok: result<u8>, err: result<_, color>, neither: result }
  /// Use another.
  @since(version = 1.0.0)
  @deprecated(version = 1.1.0)
  type old = tuple<color>;
  f: func(vault: vault, made: made) -> results;
}
world good {
  use money.{amount};
  import kinds;
  record own-one { amount: amount }
  export in-line: interface { use kinds.{color}; record painted { color: color } g: func() -> painted; }
}`;

function run(text: string, options: Partial<JsonSchemaOptions> = {}): GenerateResult {
  return generate(worldOf(text), target, options, GENERATOR);
}

/** Whether a value is one of a type, by the schemas of `kinds`. */
function accepts(type: string, value: unknown, options: Partial<JsonSchemaOptions> = {}): boolean {
  const ajv = new Ajv2020();
  for (const { contents } of run(kinds, options).files) ajv.addSchema(JSON.parse(contents) as object);
  const { base = '/' } = options;
  return ajv.validate(
    { $ref: `${base}demo/kinds@1.2.0/${type.replace('#', '.schema.json#/$defs/')}` },
    value,
  );
}

describe('a world with every kind of type', () => {
  test('becomes a file for each interface, for those written in the world, and for the world itself', () => {
    const { files, diagnostics } = run(kinds);
    expect(files.map(({ path }) => path)).toEqual(
      ['good.in-line', 'good', 'kinds', 'money'].map((name) => `demo/kinds@1.2.0/${name}.schema.json`),
    );
    expect(renderDiagnostics(diagnostics)).toMatch(
      /^test\.wit:5:12: warning\[no-json\]: resource `vault` is left out: it is no data\n/,
    );
    expect(diagnostics).toHaveLength(1);
    expect(JSON.parse(files[0]!.contents)).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: '/demo/kinds@1.2.0/good.in-line.schema.json',
      $comment: 'Generated by wittle test from test.wit.',
      $defs: {
        color: { $ref: '/demo/kinds@1.2.0/kinds.schema.json#/$defs/color' },
        painted: {
          type: 'object',
          properties: { color: { $ref: '#/$defs/color' } },
          required: ['color'],
          additionalProperties: false,
        },
      },
    });
    const { $defs } = JSON.parse(files[2]!.contents) as { $defs: Record<string, object> };
    expect($defs['old']).toEqual({
      description: 'Use another.',
      deprecated: true,
      type: 'array',
      prefixItems: [{ $ref: '#/$defs/color' }],
      items: false,
      minItems: 1,
    });
    expect(Object.keys($defs)).toContain('amount');
    expect(Object.keys($defs)).not.toContain('vault');
  });

  const integers = {
    a: 255,
    b: 65535,
    c: 4294967295,
    d: '18446744073709551615',
    e: -128,
    f: -32768,
    g: -2147483648,
    h: '-9223372036854775808',
  };
  const others = { yes: true, single: 0.5, double: 'NaN', letter: '😀', text: 'ä' };
  const made = {
    maybe: 1,
    nested: { tag: 'some', val: null },
    pair: [1, 'a'],
    listOf: ['a', null],
    four: [1, 2, 3, 4],
    pairs: [['a', { read: true, writeIt: false, a1: true, a_1: false }]],
    value: { tag: 'many', val: ['red', 'deep-blue'] },
    color: 'deep-blue',
    paid: '100',
  };
  const { maybe: _, ...withoutOption } = made;
  const results = {
    both: { tag: 'err', val: 'red' },
    ok: { tag: 'err' },
    err: { tag: 'ok' },
    neither: { tag: 'ok' },
  };

  test.each<[string, unknown]>([
    ['kinds#integers', integers],
    ['kinds#others', others],
    ['kinds#made', made],
    ['kinds#made', withoutOption],
    ['kinds#made', { ...made, nested: { tag: 'some' } }],
    ['kinds#made', { ...made, nested: { tag: 'none' } }],
    ['kinds#made', { ...made, value: { tag: 'text' } }],
    ['kinds#results', results],
    ['kinds#results', { ...results, both: { tag: 'ok', val: 1 }, ok: { tag: 'ok', val: 2 } }],
    ['kinds#rights', {}],
    ['kinds#old', ['red']],
    ['good#own-one', { amount: '1' }],
    ['good.in-line#painted', { color: 'red' }],
  ])('%s takes %j', (type, value) => {
    expect(accepts(type, value)).toBe(true);
  });

  test.each<[string, unknown]>([
    ...Object.entries({ a: 256, b: -1, c: 2 ** 32, d: 1, e: 128, f: 32768, g: 0.5, h: '' }).map(
      ([name, value]): [string, unknown] => ['kinds#integers', { ...integers, [name]: value }],
    ),
    ...Object.entries({ yes: 1, single: 'nan', double: null, letter: 'ab', text: 1 }).map(
      ([name, value]): [string, unknown] => ['kinds#others', { ...others, [name]: value }],
    ),
    ...Object.entries({
      maybe: -1,
      nested: null,
      pair: [1],
      listOf: [1],
      four: [1, 2, 3],
      pairs: { a: {} },
      value: { tag: 'num' },
      color: 'green',
      paid: 100,
      more: 1,
    }).map(([name, value]): [string, unknown] => ['kinds#made', { ...made, [name]: value }]),
    ['kinds#made', { ...made, pair: [1, 'a', 2] }],
    ['kinds#made', { ...made, value: { tag: 'nothing', val: 1 } }],
    ['kinds#results', { ...results, ok: { tag: 'ok' } }],
    ['kinds#results', { ...results, neither: { tag: 'done' } }],
    ['kinds#rights', { write: true }],
    ['kinds#old', []],
    ['good.in-line#painted', {}],
  ])('%s does not take %j', (type, value) => {
    expect(accepts(type, value)).toBe(false);
  });

  test('has numbers for 64-bit integers when asked to', () => {
    const wide = { wide: 'number', base: 'https://shop.example/' } as const;
    const numbers = { ...integers, d: 5, h: -5 };
    expect(accepts('kinds#integers', numbers, wide)).toBe(true);
    expect(accepts('kinds#integers', integers, wide)).toBe(false);
    expect(accepts('kinds#integers', { ...numbers, d: -5 }, wide)).toBe(false);
  });
});

test('only the interfaces that are asked for are made, with what they refer to', () => {
  const { files, diagnostics } = run(kinds, { interfaces: ['demo:kinds/kinds'] });
  const defs = files.map(({ path, contents }) => [
    path,
    Object.keys((JSON.parse(contents) as { $defs: object }).$defs).length,
  ]);
  expect(defs).toEqual([
    ['demo/kinds@1.2.0/kinds.schema.json', 9],
    ['demo/kinds@1.2.0/money.schema.json', 1],
  ]);
  expect(diagnostics).toEqual([]);
  expect(renderDiagnostics(run(kinds, { interfaces: ['demo:kinds/kids'] }).diagnostics)).toMatch(
    /^test\.wit:\d+:7: error\[unknown-interface\]: .* names `demo:kinds\/kids`, which world good does not have\n[^]*hint: did you mean `demo:kinds\/kinds`\?/,
  );
});

test('what is no data has its place in the WIT, all of it, and there are no files', () => {
  const { files, diagnostics } = run(`package demo:bad;
interface bad {
  resource r;
  record holds {
    inner: list<own<r>>,
    lent: option<r>,
  }
  variant flows {
    one(stream<u8>),
    two(future),
    three(error-context),
  }
}
world w { import bad; }`);
  expect(files).toEqual([]);
  expect(
    diagnostics.map(({ severity, message, span }) => [
      severity,
      span!.source.text.slice(0, span!.start).split('\n').length,
      message,
    ]),
  ).toEqual([
    ['warning', 3, 'resource `r` is left out: it is no data'],
    ['error', 5, 'a handle of resource `r` cannot be JSON'],
    ['error', 6, 'a handle of resource `r` cannot be JSON'],
    ['error', 9, 'a stream cannot be JSON'],
    ['error', 10, 'a future cannot be JSON'],
    ['error', 11, 'an error-context cannot be JSON'],
  ]);
});
