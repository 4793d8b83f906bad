/** `wasi:cli/terminal-stdout`: whether standard output is a terminal. */
import type { Stdio } from '../../host/stdio.ts';
import { TerminalOutput } from './terminal-output.ts';

/** WIT: `interface terminal-stdout`. */
export interface TerminalStdout {
  getTerminalStdout(): TerminalOutput | undefined;
}

export function terminalStdout(output: Stdio<unknown>): TerminalStdout {
  return { getTerminalStdout: () => (output.isTerminal ? new TerminalOutput() : undefined) };
}
