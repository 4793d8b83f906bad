/** `wasi:cli/exit`: ends the guest by an exception that it cannot catch. */
import type { Host } from '../../generated/imports/wasi/cli/exit.ts';

/** Thrown through the guest when it exits: not a failure. Whoever runs the guest catches it and takes the code. */
export class WasiExit extends Error {
  /** 0 to 255; 0 means success. */
  readonly code: number;

  constructor(code: number) {
    super(`the guest exited with code ${code}`);
    this.code = code;
  }

  override get name(): string {
    return 'WasiExit';
  }
}

export const exit: Host = {
  exit: (status) => {
    throw new WasiExit(status.tag === 'ok' ? 0 : 1);
  },
  exitWithCode: (statusCode) => {
    throw new WasiExit(statusCode);
  },
};
