/** The error of a guest that broke a rule of WASI for which the WIT says "trap". */
import { Trap } from '@wittle/runtime';

/** Ends the guest as every trap does: it did what the interface forbids, and there is no error value to return for it. */
export class WasiTrap extends Trap {
  override get name(): string {
    return 'WasiTrap';
  }
}
