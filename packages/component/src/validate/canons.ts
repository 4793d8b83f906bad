/** Canonical definitions. CanonicalABI.md: "Canonical Definitions"; each kind's core signature is under its heading. */
import type {
  AsyncCanon,
  AsyncCanonKind,
  Canon,
  CoreFunctionType,
  CoreValueType,
} from '../binary/definition.ts';
import { signatureOf } from '../binary/canons.ts';
import { memoryAt, readOptions, requireMemory, requireRealloc, type Options } from './canon-options.ts';
import type { FunctionType, ItemFacts, ValueType } from './component-type.ts';
import { coreSignature } from './core-signature.ts';
import { expectSignature, printCoreTypes, printSignature } from './core-subtype.ts';
import { coreTypeAt } from './core-types.ts';
import { check, fail } from './invalid.ts';
import type { Scope } from './scope.ts';
import { factsOf } from './type-facts.ts';
import { valueType } from './value-types.ts';

/** Adds the function that is defined. */
export function addCanon(scope: Scope, canon: Canon): ItemFacts {
  switch (canon.kind) {
    case 'lift': {
      const type = scope.typeAt('function', canon.type);
      const options = readOptions(scope, canon.options);
      checkLift(type, scope.at('core function', canon.callee), options);
      scope.add('function', type);
      return { kind: 'function', type, memory: options.memory };
    }
    case 'lower': {
      const type = scope.at('function', canon.callee);
      const options = readLowering(scope, canon);
      checkAsync(type, options);
      scope.add('core function', coreSignature(type, options, 'lower'));
      return { kind: 'function', type, memory: options.memory };
    }
    case 'resource.new':
    case 'resource.drop':
    case 'resource.rep': {
      const type = scope.typeAt('resource', canon.type);
      const rep = type.identity.defined?.rep;
      const isDrop = canon.kind === 'resource.drop';
      if (rep === undefined && !isDrop) return fail(`type ${canon.type.index} is not a local resource`);
      addCore(scope, isDrop ? 'i:' : canon.kind === 'resource.new' ? 'r:i' : 'i:r', { r: rep });
      return { kind: 'resource', type };
    }
    case 'task.return': {
      const type = canon.result && valueType(scope, canon.result);
      const options = readLowering(scope, canon);
      check(!options.async && !options.realloc, '`task.return` takes `memory` and an encoding only');
      const params = type === undefined ? [] : [{ name: '', type }];
      scope.add('core function', coreSignature({ params, result: undefined }, options, 'lower'));
      return { kind: 'value type', type };
    }
    default:
      return addBuiltin(scope, canon as Builtin);
  }
}

function checkLift(type: FunctionType, callee: CoreFunctionType, options: Options): void {
  const { postReturn, callback } = options;
  if (postReturn !== undefined)
    expectSignature('`post-return`', postReturn, `${printCoreTypes(callee.results)} -> []`);
  if (callback !== undefined) expectSignature('`callback`', callback, '[i32 i32 i32] -> [i32]');
  checkAsync(type, options);
  expectSignature('core function', callee, printSignature(coreSignature(type, options, 'lift')));
}

function checkAsync(type: FunctionType, options: Options): void {
  check(!options.async || type.async, 'canonical option `async` requires an async function type');
}

function readLowering(
  scope: Scope,
  { kind, options }: Extract<Canon, { readonly options: unknown }>,
): Options {
  const found = readOptions(scope, options);
  const isLift = found.postReturn !== undefined || found.callback !== undefined;
  check(!isLift, `\`${kind}\` takes no \`post-return\` or \`callback\``);
  return found;
}

/** Letters are: i32, i64 (l), a pointer, a context, a closure (t) of a thread, its function (r) or where that is (u). */
type Letters = Readonly<Record<string, CoreValueType | undefined>>;

function addCore(scope: Scope, signature: string, letters: Letters): void {
  const all: Letters = { i: 'i32', l: 'i64', ...letters };
  const [params, results] = signature.split(':').map((part) => Array.from(part, (letter) => all[letter]!));
  scope.add('core function', { kind: 'function', params: params!, results: results! });
}

type Builtin = AsyncCanon & { readonly kind: Exclude<AsyncCanonKind, 'task.return'> };

function addBuiltin(scope: Scope, canon: Builtin): ItemFacts {
  const { kind, type: index, context, memory, table } = canon;
  const options = readLowering(scope, canon);
  const letters: Record<string, CoreValueType> = {
    p: memory ? memoryAt(scope, memory) : (options.memory ?? 'i32'),
  };
  let type: ValueType | undefined;
  if (context !== undefined) {
    const { slot, type: storage } = context;
    if (storage !== 'i32' && storage !== 'i64')
      return fail(`the type of \`${kind}\` must be \`i32\` or \`i64\``);
    check(slot < 2, `\`${kind}\` has no slot ${slot}`);
    scope.contextType ??= storage;
    check(scope.contextType === storage, `the type of \`${kind}\` must be that of other contexts`);
    letters['c'] = storage;
  }
  if (table !== undefined) {
    const { element, address, shared } = scope.at('core table', table);
    const fits = element.nullable && element.heap === 'func' && shared === (kind === 'thread.spawn-indirect');
    check(fits, 'expected a table of (ref null func)');
    letters['u'] = address;
  }
  if (kind === 'error-context.new' || kind === 'error-context.debug-message') {
    check(!options.async, `\`${kind}\` takes no \`async\``);
    (kind === 'error-context.new' ? requireMemory : requireRealloc)(options);
  }
  if (index !== undefined) {
    const [family, operation] = kind.split('.');
    if (family === 'thread') {
      const { type: start, text } = coreTypeAt(scope, index.index);
      const [closure] = start.kind === 'function' ? start.params : [];
      const fits = start.kind === 'function' && start.params.length === 1 && start.results.length === 0;
      check(
        fits && /^i(?:32|64)$/.test(`${closure}`),
        'the parameter of a start function must be `i32` or `i64`',
      );
      letters['t'] = closure!;
      letters['r'] = { nullable: true, heap: text };
    } else {
      type = scope.typeAt(family as 'stream', index);
      const { element } = type;
      if (element !== undefined && (operation === 'read' || operation === 'write')) {
        requireMemory(options);
        if (operation === 'read' && factsOf(element).memory) requireRealloc(options);
      }
    }
  }
  addCore(scope, signatureOf(kind), letters);
  return type === undefined ? { kind: 'none' } : { kind: 'value type', type };
}
