/** Canonical definitions. CanonicalABI.md: "Canonical Definitions"; each kind's core signature is under its heading. */
import type {
  AsyncCanon,
  AsyncCanonKind,
  Canon,
  CoreFunctionType,
  CoreValueType,
  Index,
} from '../binary/definition.ts';
import { readOptions, type Options } from './canon-options.ts';
import type { FunctionType, ItemFacts, ValueType } from './component-type.ts';
import { printCoreTypes, sameCoreTypes } from './core-subtype.ts';
import { coreFunctionType, coreReference } from './core-types.ts';
import { coreSignature } from './core-signature.ts';
import { check, fail } from './invalid.ts';
import type { Scope } from './scope.ts';
import { factsOf } from './type-facts.ts';
import { resourceType, valueType } from './value-types.ts';

/** Adds the function that is defined. */
export function addCanon(scope: Scope, canon: Canon, offset: number): ItemFacts {
  const add = (params: readonly CoreValueType[], results: readonly CoreValueType[]): void => {
    scope.add('core function', { kind: 'function', params, results }, offset);
  };
  switch (canon.kind) {
    case 'lift': {
      const type = scope.at('type', canon.type);
      if (type.kind !== 'function')
        fail(`type index ${canon.type.index} is not a function type`, canon.type.offset);
      const callee = scope.at('core function', canon.callee);
      const options = readOptions(scope, canon.options, offset);
      checkLift(type, callee, options, offset);
      scope.add('function', type, offset);
      return { kind: 'function', type };
    }
    case 'lower': {
      const type = scope.at('function', canon.callee);
      const options = readOptions(scope, canon.options, offset);
      checkLowering(options, 'lowerings', offset);
      checkAsync(type, options, offset);
      const { params, results } = coreSignature(type, options, 'lower', offset);
      add(params, results);
      return { kind: 'function', type };
    }
    case 'resource.new':
    case 'resource.drop':
    case 'resource.rep': {
      const type = resourceType(scope, canon.type);
      const { defined } = type.identity;
      if (canon.kind === 'resource.drop') add(['i32'], []);
      else if (defined === undefined) {
        return fail(`type ${canon.type.index} is not a local resource`, canon.type.offset);
      } else if (canon.kind === 'resource.new') add([defined.rep], ['i32']);
      else add(['i32'], [defined.rep]);
      return { kind: 'resource', type };
    }
    case 'task.return': {
      const type = canon.result && valueType(scope, canon.result);
      const options = readOptions(scope, canon.options, offset);
      checkLowering(options, '`task.return`', offset);
      check(!options.async && !options.realloc, '`task.return` takes `memory` and an encoding only', offset);
      const params = type === undefined ? [] : [{ name: '', type }];
      const signature = coreSignature(
        { kind: 'function', async: false, params, result: undefined },
        options,
        'lower',
        offset,
      );
      add(signature.params, signature.results);
      return { kind: 'value type', type };
    }
    default: {
      const letters: Record<string, CoreValueType> = { i: 'i32', l: 'i64' };
      const type = checkBuiltin(scope, canon as Builtin, letters, offset);
      const [params, results] = signatures[(canon as Builtin).kind].split(':') as [string, string];
      const types = (text: string): CoreValueType[] => Array.from(text, (letter) => letters[letter]!);
      add(types(params), types(results));
      return type === undefined ? { kind: 'none' } : { kind: 'value type', type };
    }
  }
}

function checkLift(type: FunctionType, callee: CoreFunctionType, options: Options, offset: number): void {
  const { postReturn, callback } = options;
  if (postReturn !== undefined) {
    const fits = sameCoreTypes(postReturn.params, callee.results) && postReturn.results.length === 0;
    check(fits, wrongOption('post-return'), offset);
  }
  if (callback !== undefined) {
    const fits =
      sameCoreTypes(callback.params, ['i32', 'i32', 'i32']) && sameCoreTypes(callback.results, ['i32']);
    check(fits, wrongOption('callback'), offset);
  }
  checkAsync(type, options, offset);
  const expected = coreSignature(type, options, 'lift', offset);
  for (const part of ['params', 'results'] as const) {
    const [lowered, given] = [expected[part], callee[part]];
    if (sameCoreTypes(lowered, given)) continue;
    const what = part === 'params' ? 'parameter' : 'result';
    fail(
      `lowered ${what} types \`${printCoreTypes(lowered)}\` do not match ${what} types \`${printCoreTypes(given)}\``,
      offset,
    );
  }
}

function wrongOption(name: string): string {
  return `canonical option \`${name}\` uses a core function with an incorrect signature`;
}

function checkLowering(options: Options, what: string, offset: number): void {
  const cannot = (name: string): string => `canonical option \`${name}\` cannot be specified for ${what}`;
  check(options.postReturn === undefined, cannot('post-return'), offset);
  check(options.callback === undefined, cannot('callback'), offset);
}

function checkAsync(type: FunctionType, options: Options, offset: number): void {
  check(!options.async || type.async, 'the `async` canonical option requires an async function type', offset);
}

type Builtin = AsyncCanon & { readonly kind: Exclude<AsyncCanonKind, 'task.return'> };

/** What letters stand for in core signatures: i32, i64, a pointer, a context, the address in a table, a closure. */
const signatures: Readonly<Record<Builtin['kind'], string>> = {
  'backpressure.inc': ':',
  'backpressure.dec': ':',
  'task.cancel': ':',
  'context.get': ':c',
  'context.set': 'c:',
  'subtask.cancel': 'i:i',
  'subtask.drop': 'i:',
  'stream.new': ':l',
  'stream.read': 'ipp:p',
  'stream.write': 'ipp:p',
  'stream.cancel-read': 'i:i',
  'stream.cancel-write': 'i:i',
  'stream.drop-readable': 'i:',
  'stream.drop-writable': 'i:',
  'future.new': ':l',
  'future.read': 'ip:i',
  'future.write': 'ip:i',
  'future.cancel-read': 'i:i',
  'future.cancel-write': 'i:i',
  'future.drop-readable': 'i:',
  'future.drop-writable': 'i:',
  'error-context.new': 'pp:i',
  'error-context.debug-message': 'ip:',
  'error-context.drop': 'i:',
  'waitable-set.new': ':i',
  'waitable-set.wait': 'ip:i',
  'waitable-set.poll': 'ip:i',
  'waitable-set.drop': 'i:',
  'waitable.join': 'ii:',
  'thread.index': ':i',
  'thread.new-indirect': 'ut:i',
  'thread.resume-later': 'i:',
  'thread.suspend': ':i',
  'thread.yield': ':i',
  'thread.suspend-then-resume': 'i:i',
  'thread.yield-then-resume': 'i:i',
  'thread.suspend-then-promote': 'i:i',
  'thread.yield-then-promote': 'i:i',
  'thread.spawn-ref': 'rt:i',
  'thread.spawn-indirect': 'ut:i',
  'thread.available-parallelism': ':i',
};

/** Checks what a built-in refers to, and says what letters of its signature stand for. Gives the type it is made for. */
function checkBuiltin(
  scope: Scope,
  canon: Builtin,
  letters: Record<string, CoreValueType>,
  offset: number,
): ValueType | undefined {
  const { kind, type, context, memory, table } = canon;
  const [family] = kind.split('.');
  const options = readOptions(scope, canon.options, offset);
  checkLowering(options, `\`${kind}\``, offset);
  letters['p'] = options.memory ?? 'i32';
  if (memory !== undefined)
    letters['p'] = readOptions(scope, [{ kind: 'memory', ...memory }], offset).memory!;
  if (context !== undefined) {
    if (context.type !== 'i32' && context.type !== 'i64') {
      return fail(`\`${kind}\` only supports \`i32\` or \`i64\``, offset);
    }
    check(context.slot < 2, `\`${kind}\` immediate must be zero or one: ${context.slot}`, offset);
    scope.contextType ??= context.type;
    check(scope.contextType === context.type, `\`${kind}\` type must match previous context type`, offset);
    letters['c'] = context.type;
  }
  if (family === 'thread') checkThread(scope, type, table, letters, kind === 'thread.spawn-indirect');
  if (family === 'error-context' && kind !== 'error-context.drop') {
    check(!options.async, `cannot specify \`async\` option on \`${kind}\``, offset);
    options.requireMemory(offset);
    if (kind === 'error-context.debug-message') options.requireRealloc(offset);
  }
  if (family !== 'stream' && family !== 'future') return undefined;
  const made = valueType(scope, type!);
  if (made.kind !== family) return fail(`\`${kind}\` requires a ${family} type`, offset);
  const { element } = made as { readonly element: ValueType | undefined };
  if (/read$|write$/.test(kind) && !kind.includes('cancel') && element !== undefined) {
    options.requireMemory(offset);
    if (kind.endsWith('read') && factsOf(element, offset).memory) options.requireRealloc(offset);
  }
  return made;
}

function checkThread(
  scope: Scope,
  type: Index | undefined,
  table: Index | undefined,
  letters: Record<string, CoreValueType>,
  isShared: boolean,
): void {
  if (type !== undefined) {
    const { params, results } = coreFunctionType(scope, type.index, type.offset);
    const [closure] = params;
    const fits = params.length === 1 && (closure === 'i32' || closure === 'i64') && results.length === 0;
    check(fits, 'start function must take a single `i32` or `i64` argument and return nothing', type.offset);
    letters['t'] = closure!;
    letters['r'] = coreReference(scope, type.index, type.offset);
  }
  if (table !== undefined) {
    const { element, address, shared } = scope.at('core table', table);
    const fits = element.nullable && element.heap === 'func' && shared === isShared;
    check(fits, 'table is not a table of (ref null func)', table.offset);
    letters['u'] = address;
  }
}
