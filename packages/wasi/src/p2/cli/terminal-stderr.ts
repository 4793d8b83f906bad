/** `wasi:cli/terminal-stderr`: whether standard error is a terminal. */
import type { Host } from '../../generated/imports/wasi/cli/terminal-stderr.ts';
import type { Stdio } from '../../host/stdio.ts';
import { TerminalOutput } from './terminal-output.ts';

export function terminalStderr(output: Stdio<unknown>): Host {
  return { getTerminalStderr: () => (output.isTerminal ? new TerminalOutput() : undefined) };
}
