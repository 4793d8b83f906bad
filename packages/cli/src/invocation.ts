/** What `--invoke` says: a function that a component exports, its arguments, and what becomes of its result. */
import type { Component } from '@wittle/component';
import {
  exportedFunctions,
  functionsNamed,
  parseArguments,
  parseCall,
  printWave,
  WaveError,
  type ExportedFunction,
} from '@wittle/component/wave';
import { ComponentError } from '@wittle/runtime';
import { diagnosed, finding } from './diagnose.ts';
import { failure } from './failure.ts';

/** A call that fits a component. */
export interface Invocation {
  readonly function: ExportedFunction;
  readonly args: readonly unknown[];
}

/** What a call came to: its result as WAVE, `undefined` if it has none; `isError` for the `err` of a result. */
export interface Outcome {
  readonly text: string | undefined;
  readonly isError: boolean;
}

/** Reads `name(arguments)`, for a component at `path`; throws a `Failure` for what does not fit it. */
export function readInvocation(text: string, component: Component, path: string): Invocation {
  try {
    const call = parseCall(text);
    const found = functionNamed(call.name, component, path);
    return { function: found, args: parseArguments(call, found.type) };
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    const span = { source: { name: '--invoke', text }, start: error.start, end: error.end };
    throw diagnosed([finding('wave', error.reason, span, undefined)]);
  }
}

/** Makes the call on an instance, as `instantiate` gives it. Throws what the guest or the host throws. */
export async function invoke({ function: called, args }: Invocation, exports: object): Promise<Outcome> {
  const { result } = called.type;
  const path = [...called.path];
  const name = path.pop()!;
  let holder: unknown = exports;
  for (const key of path) holder = (holder as Readonly<Record<string, unknown>>)[key];
  let value: unknown;
  try {
    value = await (holder as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>)[name]!(
      ...args,
    );
    if (result?.kind === 'result') value = { tag: 'ok', val: value };
  } catch (error) {
    if (!(error instanceof ComponentError) || result?.kind !== 'result') throw error;
    return { text: printWave({ tag: 'err', val: error.payload }, result), isError: true };
  }
  return { text: result === undefined ? undefined : printWave(value, result), isError: false };
}

/** The functions that can be called, each on a line of its own. */
export function signatures(component: Component): string {
  return listed(exportedFunctions(component.type));
}

function functionNamed(name: string, component: Component, path: string): ExportedFunction {
  const functions = exportedFunctions(component.type);
  const [found, ...others] = functionsNamed(name, functions);
  if (found !== undefined && others.length === 0) return found;
  const candidates = others.length > 0 ? [found!, ...others] : functions;
  if (candidates.length === 0) {
    throw failure(
      `${path} exports no function that --invoke can call`,
      'a function can be called if it neither takes nor gives resources, streams or futures',
    );
  }
  const problem =
    others.length > 0
      ? `\`${name}\` is not clear`
      : `${path} exports no function \`${name}\` that --invoke can call`;
  throw failure(problem, `there is${listed(candidates)}`);
}

function listed(functions: readonly ExportedFunction[]): string {
  const lines = functions.slice(0, MAX_LISTED).map(({ signature }) => `\n    ${signature}`);
  if (functions.length > MAX_LISTED) lines.push(`\n    … (${functions.length} in all)`);
  return lines.join('');
}

const MAX_LISTED = 30;
