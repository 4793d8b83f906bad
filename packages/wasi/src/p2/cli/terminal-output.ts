/** `wasi:cli/terminal-output`: the output side of a terminal, about which there is nothing to ask yet. */
import type { Host } from '../../generated/imports/wasi/cli/terminal-output.ts';

/** WIT: `resource terminal-output`. */
export class TerminalOutput {
  [Symbol.dispose](): void {}
}

export const terminalOutput: Host = { TerminalOutput };
