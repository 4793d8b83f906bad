/** What the host and a guest's thread tell each other, beside the calls of imports. */
import type { AdapterOptions } from '@wittle/adapter';
import type { Connection } from './connection.ts';
import type { CallReply } from './exports.ts';
import type { GuestFailure } from './guest-failures.ts';
import type { PortableProgram } from './portable-program.ts';
import type { Surface } from './shapes.ts';
import type { OwnInterfaces } from './wasi-surface.ts';

/** What the worker is started with. */
export interface WorkerData {
  readonly program: PortableProgram;
  readonly connection: Connection;
  readonly own: OwnInterfaces;
  readonly adapter: AdapterOptions | undefined;
  readonly handles: number;
  /** The host calls exports itself. */
  readonly offersExports: boolean;
}

/** From the worker. */
export type WorkerMessage =
  | { readonly kind: 'exports'; readonly surface: Surface }
  | ({ readonly kind: 'reply' } & CallReply)
  | { readonly kind: 'ended'; readonly failure: GuestFailure | undefined };

/** What a thread in which guests answer requests is started with. */
export interface HttpThreadData {
  readonly program: PortableProgram;
  readonly own: OwnInterfaces;
  readonly handles: number;
}

/** From such a thread: the component is compiled; the guest of a request has ended. */
export type HttpThreadMessage =
  { readonly kind: 'ready' } | { readonly kind: 'ended'; readonly failure: GuestFailure | undefined };

/** To such a thread: a request, or that the instance that is there will not answer another. */
export type HttpRequest =
  | {
      /** With the first only: the imports of all. */
      readonly connection: Connection | undefined;
      /** The instance that has answered the last one answers this. */
      readonly again: boolean;
      /** The instance answers no other one. */
      readonly isLast: boolean;
      /** `handle`'s. */
      readonly args: Uint8Array;
    }
  | 'drop';

/** The name by which the worker asks whether an import may be missing; no interface is called so. */
export const trapMissingName = 'trap missing';

/** What answers requests. */
export const handlerName = 'wasi:http/incoming-handler';
