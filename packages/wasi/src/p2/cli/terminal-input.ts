/** `wasi:cli/terminal-input`: the input side of a terminal, about which there is nothing to ask yet. */

/** WIT: `resource terminal-input`. */
export class TerminalInput {
  [Symbol.dispose](): void {}
}

/** WIT: `interface terminal-input`. */
export interface TerminalInputInterface {
  readonly TerminalInput: typeof TerminalInput;
}

export const terminalInput: TerminalInputInterface = { TerminalInput };
