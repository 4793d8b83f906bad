/** `wasi:cli/terminal-output`: the output side of a terminal, about which there is nothing to ask yet. */

/** WIT: `resource terminal-output`. */
export class TerminalOutput {
  [Symbol.dispose](): void {}
}

/** WIT: `interface terminal-output`. */
export interface TerminalOutputInterface {
  readonly TerminalOutput: typeof TerminalOutput;
}

export const terminalOutput: TerminalOutputInterface = { TerminalOutput };
