/** `wasi:cli/terminal-stdin`: whether standard input is a terminal. */
import type { Host } from '../../generated/imports/wasi/cli/terminal-stdin.ts';
import type { Stdio } from '../../host/stdio.ts';
import { TerminalInput } from './terminal-input.ts';

export function terminalStdin(input: Stdio<unknown>): Host {
  return { getTerminalStdin: () => (input.isTerminal ? new TerminalInput() : undefined) };
}
