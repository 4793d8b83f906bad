/** `wasi:cli/terminal-stdin`: whether standard input is a terminal. */
import type { Stdio } from '../../host/stdio.ts';
import { TerminalInput } from './terminal-input.ts';

/** WIT: `interface terminal-stdin`. */
export interface TerminalStdin {
  getTerminalStdin(): TerminalInput | undefined;
}

export function terminalStdin(input: Stdio<unknown>): TerminalStdin {
  return { getTerminalStdin: () => (input.isTerminal ? new TerminalInput() : undefined) };
}
