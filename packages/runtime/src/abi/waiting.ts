/** What a world whose exports may wait takes with it; others do without. */
import type { Waiting } from '../core-world.ts';
import { canSuspend, inProcess, promising, suspendable } from '../jspi.ts';

export const waiting: Waiting = { canSuspend, promising, suspendable, inProcess };
