/** What every function of one guest's adapter works with. */
import type { DescriptorTable } from './descriptors.ts';
import type { GuestMemory } from './memory.ts';
import type { Preview2 } from './preview2.ts';

/** One guest: its host, its memory, its descriptors. */
export interface Context {
  readonly host: Preview2;
  readonly memory: GuestMemory;
  readonly descriptors: DescriptorTable;
  readonly closeReserved: 'release' | 'badf';
}
