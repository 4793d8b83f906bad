/** `wasi:filesystem/preopens`: no directory is open to the guest. */

/** WIT: `interface preopens`; the list has no elements, so their type does not matter. */
export interface Preopens {
  getDirectories(): [never, string][];
}

export const preopens: Preopens = { getDirectories: () => [] };
