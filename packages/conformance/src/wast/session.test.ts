/** What holds, and above all what does not: a runner that lets a wrong result pass would say nothing. */
import { describe, expect, test } from '@jest/globals';
import { readScript } from './directives.ts';
import { Session } from './session.ts';
import { TextProblem } from './text-format.ts';

// (component … (func (export "f") (param "a" u32) (result u32)) (func (export "trap")))
const component = String.raw`
  "\00asm\0d\00\01\00\01\3d\00asm\01\00\00\00\01\09\02\60\01\7f\01\7f\60\00\00\03\03\02\00\01\07\0c\02\01f\00\00\04"
  "trap\00\01\0a\0a\02\04\00\20\00\0b\03\00\00\0b\00\09\04name\00\02\01m\02\04\01\00\00\00\07\08\01\40\01\01a"
  "\79\00\79\06\07\01\00\00\01\00\01f\08\06\01\00\00\00\00\00\07\05\01\40\00\01\00\06\0a\01\00\00\01\00\04trap\08\06"
  "\01\00\00\01\00\01\0b\10\02\00\01f\01\00\00\00\04trap\01\01\00"`;
// (component (import "absent" (func)))
const unlinkable = String.raw`"\00asm\0d\00\01\00\07\05\01\40\00\01\00\0a\0b\01\00\06absent\01\00"`;

/** The problems of a script's directives, in order. */
async function run(script: string): Promise<(string | undefined)[]> {
  const session = new Session(async (text) => {
    throw new TextProblem(`no text here: ${text}`);
  });
  const problems: (string | undefined)[] = [];
  for (const { command } of readScript(script)) problems.push((await session.run(command)).problem);
  return problems;
}

const afterwards = async (directive: string): Promise<string | undefined> =>
  (await run(`(component binary ${component}) ${directive}`))[1];

describe('what holds', () => {
  test.each([
    '(assert_return (invoke "f" (u32.const 7)) (u32.const 7))',
    '(assert_trap (invoke "trap") "unreachable")',
    '(invoke "f" (u32.const 7))',
    `(assert_unlinkable (component binary ${unlinkable}) "absent")`,
    String.raw`(assert_malformed (component binary "\00asm\0d\00\01\00\0d") "")`,
    '(assert_malformed (component quote "(oh") "")',
  ])('%s', async (directive) => {
    expect(await afterwards(directive)).toBeUndefined();
  });

  test('an instance of a definition, by its name', async () => {
    const script = `(component definition $c binary ${component}) (component instance $i $c)
      (component instance $j $c) (assert_return (invoke $i "f" (u32.const 1)) (u32.const 1))`;
    expect(await run(script)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a core module, registered', async () => {
    // (module (func (export "f") (result i32) (i32.const 42))), and one that imports and exports it
    const script = String.raw`
      (module $a binary "\00asm\01\00\00\00\01\05\01\60\00\01\7f\03\02\01\00\07\05\01\01f\00\00\0a\06\01\04\00\41\2a\0b")
      (register "a" $a)
      (module binary "\00asm\01\00\00\00\01\05\01\60\00\01\7f\02\07\01\01a\01f\00\00\07\05\01\01g\00\00")
      (assert_return (invoke "g") (i32.const 42))
      (assert_return (invoke "g") (i32.const 43))`;
    expect(await run(script)).toEqual([undefined, undefined, undefined, undefined, 'got 42, expected 43']);
  });
});

describe('what does not hold', () => {
  test.each([
    ['(assert_return (invoke "f" (u32.const 7)) (u32.const 8))', 'got 7, expected 8'],
    ['(assert_return (invoke "f" (u32.const 7)))', 'got 1 results, expected 0'],
    ['(assert_return (invoke "trap"))', 'trap: unreachable'],
    ['(assert_return (invoke "absent"))', 'no function `absent` is exported'],
    ['(invoke "trap")', 'trap: unreachable'],
    ['(assert_trap (invoke "f" (u32.const 7)) "unreachable")', 'expected the trap "unreachable", got [7]'],
    [
      '(assert_trap (invoke "trap") "unaligned pointer")',
      'expected the trap "unaligned pointer", got trap: unreachable',
    ],
    [`(assert_invalid (component binary ${component}) "")`, 'accepted'],
    [`(assert_unlinkable (component binary ${component}) "")`, 'was linked'],
    ['(component quote "(oh")', 'the text parser rejects it: no text here: (component (oh\n)'],
    ['(assert_suspension (invoke "f") "")', /^not supported/],
    ['(thread $t)', 'not supported: the directive `thread`'],
    [`(component binary ${unlinkable})`, /^LinkError/],
  ])('%s', async (directive, problem) => {
    expect(await afterwards(directive)).toEqual(
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    );
  });

  test('a directive that needs an instance, after one that failed', async () => {
    const script = `(component binary ${component}) (component binary ${unlinkable}) (invoke "f" (u32.const 1))`;
    expect((await run(script))[2]).toBe('there is no instance');
  });
});
