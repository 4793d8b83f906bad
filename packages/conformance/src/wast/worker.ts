/** Runs scripts in a worker thread: a script comes in, its directives' results go out. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { CaseResult } from '../suite.ts';
import { directiveName, readScript, type Command, type Directive } from './directives.ts';
import { lineAt, SyntaxProblem } from './s-expression.ts';
import { Session } from './session.ts';
import { textParser } from './text-format.ts';

export interface Script {
  /** Its path in the corpus. */
  readonly name: string;
  readonly file: string;
  /** Instantiate nothing; directives that ask for it are left out. */
  readonly validateOnly: boolean;
}

export type Report =
  | { readonly kind: 'begin'; readonly line: number; readonly directive: string }
  | { readonly kind: 'result'; readonly result: CaseResult }
  | { readonly kind: 'end' };

const port = parentPort!;
const parse = await textParser();

port.on('message', (script: Script) => void run(script));

async function run({ name, file, validateOnly }: Script): Promise<void> {
  const source = readFileSync(file, 'utf8');
  const session = new Session(parse);
  for (const { line, command } of directivesOf(name, source)) {
    const directive = directiveName(command);
    if (validateOnly && !isValidation(command)) continue;
    post({ kind: 'begin', line, directive });
    const { problem, notes } = await session.run(validateOnly ? withoutInstance(command) : command);
    const checks = { [directive]: problem === undefined };
    post({ kind: 'result', result: { name: `${name}:${line}`, problem, checks, notes } });
  }
  post({ kind: 'end' });
}

function isValidation({ kind }: Command): boolean {
  return /^(define|assert_(invalid|malformed)$)/.test(kind);
}

function withoutInstance(command: Command): Command {
  return command.kind === 'define and instantiate' ? { kind: 'define', wasm: command.wasm } : command;
}

function directivesOf(name: string, source: string): readonly Directive[] {
  try {
    return readScript(source);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const line = lineAt(source, error.at);
    const result = { name: `${name}:${line}`, problem: error.message, checks: { script: false } };
    post({ kind: 'result', result });
    return [];
  }
}

function post(report: Report): void {
  port.postMessage(report);
}
