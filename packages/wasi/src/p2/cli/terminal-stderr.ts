/** `wasi:cli/terminal-stderr`: whether standard error is a terminal. */
import type { Stdio } from '../../host/stdio.ts';
import { TerminalOutput } from './terminal-output.ts';

/** WIT: `interface terminal-stderr`. */
export interface TerminalStderr {
  getTerminalStderr(): TerminalOutput | undefined;
}

export function terminalStderr(output: Stdio<unknown>): TerminalStderr {
  return { getTerminalStderr: () => (output.isTerminal ? new TerminalOutput() : undefined) };
}
