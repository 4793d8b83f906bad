/** `wasi:cli/terminal-stdout`: whether standard output is a terminal. */
import type { Host } from '../../generated/imports/wasi/cli/terminal-stdout.ts';
import type { Stdio } from '../../host/stdio.ts';
import { TerminalOutput } from './terminal-output.ts';

export function terminalStdout(output: Stdio<unknown>): Host {
  return { getTerminalStdout: () => (output.isTerminal ? new TerminalOutput() : undefined) };
}
