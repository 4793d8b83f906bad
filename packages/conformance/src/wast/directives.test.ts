import { describe, expect, test } from '@jest/globals';
import { directiveName, readScript, type Command } from './directives.ts';

const only = (source: string): Command => readScript(source)[0]!.command;

describe('directives', () => {
  test('know their lines', () => {
    expect(readScript('(component)\n\n(assert_return (invoke "f"))').map(({ line }) => line)).toEqual([1, 3]);
  });

  test('have the text of a component as it is written, without `definition`', () => {
    expect(only('(component definition $c (import "f" (func)))')).toEqual({
      kind: 'define',
      wasm: {
        kind: 'wasm',
        sort: 'component',
        id: '$c',
        form: 'text',
        content: '(component  $c (import "f" (func)))',
      },
    });
  });

  test('have binaries as bytes, and quoted text as text', () => {
    expect(only(String.raw`(module $m binary "\00a" "sm")`)).toMatchObject({
      kind: 'define and instantiate',
      wasm: { sort: 'module', id: '$m', form: 'binary', content: Uint8Array.of(0, 97, 115, 109) },
    });
    expect(only(String.raw`(assert_malformed (component quote "(a" "\")\")") "")`)).toMatchObject({
      kind: 'assert_malformed',
      wasm: { form: 'quote', content: '(component (a")")\n)' },
    });
    // No text at all: it is left to whoever parses it to refuse these bytes.
    expect(only(String.raw`(assert_malformed (component quote "\ff") "")`)).toMatchObject({
      wasm: { form: 'quote', content: Uint8Array.of(255) },
    });
  });

  test.each([
    ['(component instance $i $d)', { kind: 'instantiate', sort: 'component', id: '$i', definition: '$d' }],
    ['(register "a" $i)', { kind: 'register', name: 'a', id: '$i' }],
    ['(invoke $i "f")', { kind: 'act', action: { kind: 'invoke', id: '$i', name: 'f', args: [] } }],
    ['(get "g")', { kind: 'act', action: { kind: 'get', id: undefined, name: 'g' } }],
    ['(assert_trap (invoke "f") "unreachable")', { kind: 'assert_trap', message: 'unreachable' }],
    ['(assert_unlinkable (component) "x")', { kind: 'assert_unlinkable', message: 'x' }],
    ['(assert_exception (invoke "f"))', { kind: 'assert_exception' }],
  ])('%s', (source, expected) => {
    expect(only(source)).toMatchObject(expected);
  });

  test.each(['(thread $t)', '(assert_return (shout "f"))', '(assert_invalid (f) "x")', 'a'])(
    '%s is not supported, and not left out',
    (source) => {
      expect(only(source).kind).toBe('unsupported');
    },
  );

  test('are counted by their names in scripts', () => {
    expect(directiveName(only('(assert_trap (component) "x")'))).toBe('assert_trap (instantiation)');
    expect(directiveName(only('(component definition)'))).toBe('component definition');
  });
});
