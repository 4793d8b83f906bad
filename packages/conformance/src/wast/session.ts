/** The state of a script while it runs: definitions, instances, names. One directive at a time. */
import {
  compile,
  ComponentBinaryError,
  instantiate,
  type Component,
  type FunctionType,
  type ValueType,
} from '@wittle/component';
import { ComponentError, LinkError, Trap } from '@wittle/runtime';
import type { Action, Command, Invoke, Wasm } from './directives.ts';
import { componentHost, coreHost } from './host.ts';
import type { List } from './s-expression.ts';
import { TextProblem } from './text-format.ts';
import { compareTraps } from './trap-classes.ts';
import {
  camelCase,
  coreDifference,
  coreValueOf,
  difference,
  payloadDifference,
  shown,
  valueOf,
} from './values.ts';

/** What became of a directive: no problem, or why it failed; and what to count beside. */
export interface Outcome {
  readonly problem: string | undefined;
  readonly notes: readonly string[];
}

type Definition = Component | WebAssembly.Module;

type Instance =
  | { readonly kind: 'component'; readonly component: Component; readonly exports: Exports }
  | { readonly kind: 'module'; readonly exports: WebAssembly.Exports };

type Exports = Readonly<Record<string, unknown>>;

/** What an action came to. */
type Result =
  | { readonly kind: 'values'; readonly values: readonly unknown[]; readonly type: FunctionType | undefined }
  | { readonly kind: 'thrown'; readonly error: unknown; readonly type: FunctionType | undefined };

/** A directive that does not hold, or cannot be carried out. */
class Unmet extends Error {}

const rejectedByParser = 'rejected by the text parser, never given to the validator';
const anyTrap = 'any trap accepted: the expected text is in no class';

export class Session {
  readonly #parse: (text: string) => Promise<Uint8Array>;
  readonly #definitions = new Map<string | undefined, Definition>();
  readonly #instances = new Map<string, Instance>();
  #current: Instance | undefined;
  #componentImports: Record<string, unknown> | undefined;
  readonly #coreImports = coreHost();
  #notes: string[] = [];

  /** `parse` makes binaries of text; it throws TextProblem. */
  constructor(parse: (text: string) => Promise<Uint8Array>) {
    this.#parse = parse;
  }

  /** Carries out one directive. Never throws: what goes wrong is the problem. */
  async run(command: Command): Promise<Outcome> {
    this.#notes = [];
    try {
      await this.#carryOut(command);
      return { problem: undefined, notes: this.#notes };
    } catch (error) {
      const problem = error instanceof Unmet ? error.message : described(error);
      return { problem, notes: this.#notes };
    }
  }

  async #carryOut(command: Command): Promise<void> {
    switch (command.kind) {
      case 'define':
        this.#definitions.set(command.wasm.id, await this.#compiled(command.wasm));
        return;
      case 'define and instantiate': {
        const { wasm } = command;
        this.#current = undefined;
        const definition = await this.#compiled(wasm);
        this.#definitions.set(wasm.id, definition);
        this.#enter(await this.#instantiated(definition), wasm.id);
        return;
      }
      case 'instantiate': {
        this.#current = undefined;
        const definition = this.#definitions.get(command.definition);
        if (definition === undefined) throw new Unmet(`there is no definition ${command.definition ?? ''}`);
        this.#enter(await this.#instantiated(definition), command.id);
        return;
      }
      case 'register': {
        const instance = this.#instance(command.id);
        if (instance.kind === 'module') this.#coreImports[command.name] = instance.exports;
        else (await this.#imports())[command.name] = instance.exports;
        return;
      }
      case 'act': {
        const result = await this.#acted(command.action);
        if (result.kind === 'thrown') throw result.error;
        return;
      }
      case 'assert_return':
        return checkReturn(await this.#acted(command.action), command.expected);
      case 'assert_trap':
      case 'assert_exhaustion':
        return this.#checkTrap(await this.#outcomeOf(command.subject), command.message);
      case 'assert_exception': {
        const result = await this.#outcomeOf(command.subject);
        if (result.kind === 'thrown' && result.error instanceof WebAssembly.Exception) return;
        throw new Unmet(`expected an exception, ${came(result)}`);
      }
      case 'assert_suspension':
        throw new Unmet('not supported: `assert_suspension`, of the stack switching proposal');
      case 'assert_invalid':
      case 'assert_malformed':
        return this.#checkRejection(command.wasm);
      case 'assert_unlinkable':
        return this.#checkUnlinkable(command.wasm);
      case 'unsupported':
        throw new Unmet(`not supported: ${command.reason}`);
    }
  }

  async #bytes({ content }: Wasm, form: Wasm['form']): Promise<Uint8Array> {
    if (typeof content === 'string') return this.#parse(content);
    if (form === 'quote') throw new TextProblem('not UTF-8');
    return content;
  }

  async #compiled(wasm: Wasm): Promise<Definition> {
    const bytes = await this.#bytes(wasm, wasm.form);
    return wasm.sort === 'component'
      ? compile(bytes as BufferSource)
      : WebAssembly.compile(bytes as BufferSource);
  }

  async #instantiated(definition: Definition): Promise<Instance> {
    if (definition instanceof WebAssembly.Module) {
      const { exports } = await WebAssembly.instantiate(definition, this.#coreImports);
      return { kind: 'module', exports };
    }
    const exports = await instantiate<Exports>(definition, await this.#imports());
    return { kind: 'component', component: definition, exports };
  }

  async #imports(): Promise<Record<string, unknown>> {
    return (this.#componentImports ??= { ...(await componentHost()) });
  }

  // An instance with a name can be imported under it.
  #enter(instance: Instance, id: string | undefined): void {
    this.#current = instance;
    if (id === undefined) return;
    this.#instances.set(id, instance);
    if (instance.kind === 'component') this.#componentImports![id.slice(1)] = instance.exports;
  }

  #instance(id: string | undefined): Instance {
    const instance = id === undefined ? this.#current : this.#instances.get(id);
    if (instance === undefined)
      throw new Unmet(id === undefined ? 'there is no instance' : `there is no ${id}`);
    return instance;
  }

  async #outcomeOf(subject: Action | Wasm): Promise<Result> {
    if (subject.kind !== 'wasm') return this.#acted(subject);
    const definition = await this.#compiled(subject);
    try {
      await this.#instantiated(definition);
      return { kind: 'values', values: [], type: undefined };
    } catch (error) {
      return { kind: 'thrown', error, type: undefined };
    }
  }

  async #acted(action: Action): Promise<Result> {
    const instance = this.#instance(action.id);
    if (action.kind === 'get') {
      const global = instance.exports[action.name];
      if (!(global instanceof WebAssembly.Global))
        throw new Unmet(`no global \`${action.name}\` is exported`);
      return { kind: 'values', values: [global.value], type: undefined };
    }
    return instance.kind === 'component'
      ? calledLifted(instance, action)
      : calledCore(instance.exports, action);
  }

  #checkTrap(result: Result, expected: string): void {
    if (result.kind === 'values') throw new Unmet(`expected the trap "${expected}", ${came(result)}`);
    const { error } = result;
    if (!isTrap(error)) throw new Unmet(`expected the trap "${expected}", ${came(result)}, which is no trap`);
    switch (compareTraps(expected, error.message)) {
      case 'same class':
        return;
      case 'no class':
        this.#notes.push(anyTrap);
        return;
      case 'other class':
        throw new Unmet(`expected the trap "${expected}", ${came(result)}`);
    }
  }

  async #checkRejection(wasm: Wasm): Promise<void> {
    try {
      await this.#compiled(wasm);
    } catch (error) {
      if (error instanceof TextProblem) this.#notes.push(rejectedByParser);
      else if (!isRejection(error)) throw error;
      return;
    }
    throw new Unmet('accepted');
  }

  async #checkUnlinkable(wasm: Wasm): Promise<void> {
    const definition = await this.#compiled(wasm);
    try {
      await this.#instantiated(definition);
    } catch (error) {
      if (error instanceof LinkError || error instanceof WebAssembly.LinkError) return;
      throw error;
    }
    throw new Unmet('was linked');
  }
}

async function calledLifted(
  { component, exports }: Instance & { kind: 'component' },
  { name, args }: Invoke,
): Promise<Result> {
  const type = component.type.exports.get(name)?.type;
  if (type?.kind !== 'function') throw new Unmet(`no function \`${name}\` is exported`);
  if (type.params.length !== args.length)
    throw new Unmet(`\`${name}\` takes ${type.params.length} arguments`);
  const values = type.params.map((param, i) => valueOf(args[i]!, param.type));
  const key = camelCase(name);
  return called(exports[key === 'then' ? 'then_' : key], name, values, type);
}

async function calledCore(exports: WebAssembly.Exports, { name, args }: Invoke): Promise<Result> {
  const result = await called(exports[name], name, args.map(coreValueOf), undefined);
  // Several results are an array.
  const [value] = result.kind === 'values' ? result.values : [];
  return Array.isArray(value) ? { kind: 'values', values: value, type: undefined } : result;
}

async function called(
  callee: unknown,
  name: string,
  args: readonly unknown[],
  type: FunctionType | undefined,
): Promise<Result> {
  if (typeof callee !== 'function') throw new Unmet(`no function \`${name}\` among the exports`);
  try {
    const value: unknown = await (callee as (...args: readonly unknown[]) => unknown)(...args);
    const none = type === undefined ? value === undefined : type.result === undefined;
    if (type !== undefined && none && value !== undefined)
      throw new Unmet(`gave ${shown(value)}, not nothing`);
    return { kind: 'values', values: none ? [] : [value], type };
  } catch (error) {
    if (error instanceof Unmet) throw error;
    return { kind: 'thrown', error, type };
  }
}

function checkReturn(result: Result, expected: readonly List[]): void {
  const of = result.type?.result;
  if (result.kind === 'values') {
    const { values, type } = result;
    if (values.length !== expected.length) {
      throw new Unmet(`got ${values.length} results, expected ${expected.length}`);
    }
    const [constant] = expected;
    for (const problem of values.map((value, i) => {
      if (type === undefined) return coreDifference(value, expected[i]!);
      return returnDifference(value, constant!, of!);
    })) {
      if (problem !== undefined) throw new Unmet(problem);
    }
    return;
  }
  const [constant] = expected;
  if (!(result.error instanceof ComponentError) || of?.kind !== 'result' || constant === undefined)
    throw result.error;
  const { head, payload } = resultConstant(constant);
  if (head !== 'result.err') throw new Unmet(`threw the error value ${shown(result.error.payload)}`);
  const problem = payloadDifference(result.error.payload, payload, of.err);
  if (problem !== undefined) throw new Unmet(problem);
}

// A function whose result is a `result` gives the payload of `ok`.
function returnDifference(value: unknown, constant: List, type: ValueType): string | undefined {
  if (type.kind !== 'result') return difference(value, constant, type);
  const { head, payload } = resultConstant(constant);
  return head === 'result.ok'
    ? payloadDifference(value, payload, type.ok)
    : `gave ${shown(value)}, expected an error value`;
}

function resultConstant({ items: [head, payload] }: List): { head: string; payload: List | undefined } {
  return {
    head: head?.kind === 'atom' ? head.text : '',
    payload: payload?.kind === 'list' ? payload : undefined,
  };
}

function isTrap(error: unknown): error is Error {
  return error instanceof Trap || error instanceof WebAssembly.RuntimeError || isStackOverflow(error);
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** Whether bytes were refused as what they are not, and not by a mistake of ours. */
function isRejection(error: unknown): boolean {
  return error instanceof ComponentBinaryError || error instanceof WebAssembly.CompileError;
}

function came(result: Result): string {
  return result.kind === 'values' ? `got ${shown(result.values)}` : `got ${described(result.error)}`;
}

function described(error: unknown): string {
  if (error instanceof Trap || error instanceof WebAssembly.RuntimeError) return `trap: ${error.message}`;
  if (error instanceof TextProblem) return `the text parser rejects it: ${error.message}`;
  if (!(error instanceof Error)) return `thrown: ${shown(error)}`;
  const [place = ''] = /\b(?:packages|src)\/\S+:\d+:\d+/.exec(error.stack ?? '') ?? [];
  const isExpected = error instanceof ComponentBinaryError || error instanceof LinkError;
  return `${error.name}: ${error.message}${isExpected || place === '' ? '' : ` (${place})`}`;
}
