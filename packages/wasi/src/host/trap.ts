/** The error of a guest that broke a rule of WASI for which the WIT says "trap". */

/** Ends the guest: it did what the interface forbids, and there is no error value to return for it. */
export class WasiTrap extends Error {
  override get name(): string {
    return 'WasiTrap';
  }
}
