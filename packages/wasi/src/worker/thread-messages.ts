/** What the host and a guest's thread tell each other, beside the calls of imports. */
import type { AdapterOptions } from '@wittle/adapter';
import type { ComponentBinary } from '@wittle/runtime';
import type { Connection } from './connection.ts';
import type { CallReply } from './exports.ts';
import type { GuestFailure } from './guest-failures.ts';
import type { Surface } from './shapes.ts';
import type { OwnInterfaces } from './wasi-surface.ts';

/** What the worker is started with. */
export interface WorkerData {
  readonly program: PortableProgram;
  readonly connection: Connection;
  readonly own: OwnInterfaces;
  readonly adapter: AdapterOptions | undefined;
  /** The host calls exports itself. */
  readonly offersExports: boolean;
}

/** A program that can be posted. */
export type PortableProgram = WebAssembly.Module | Uint8Array | { readonly url: string } | ComponentBinary;

/** From the worker. */
export type WorkerMessage =
  | { readonly kind: 'exports'; readonly surface: Surface }
  | ({ readonly kind: 'reply' } & CallReply)
  | { readonly kind: 'ended'; readonly failure: GuestFailure | undefined };

/** The name by which the worker asks whether an import may be missing; no interface is called so. */
export const trapMissingName = 'trap missing';
