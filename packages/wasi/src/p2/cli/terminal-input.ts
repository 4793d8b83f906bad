/** `wasi:cli/terminal-input`: the input side of a terminal, about which there is nothing to ask yet. */
import type { Host } from '../../generated/imports/wasi/cli/terminal-input.ts';

/** WIT: `resource terminal-input`. */
export class TerminalInput {
  [Symbol.dispose](): void {}
}

export const terminalInput: Host = { TerminalInput };
