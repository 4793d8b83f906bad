/** What a worker that runs a WASI guest has to know of WASI. */
import { systemClock, type WasiOptions } from '../options.ts';
import { secureRandom } from '../host/random-bytes.ts';
import { insecure } from '../p2/random/insecure.ts';
import { random } from '../p2/random/random.ts';
import { wallClock } from '../p2/clocks/wall-clock.ts';
import type { WasiImports } from '../wasi.ts';
import type { ServeOptions } from './serve-imports.ts';

/** The functions of WASI 0.2 that take resources for good; and what only works without a thread in between. */
export const wasiServeOptions: ServeOptions = {
  moves: {
    'wasi:http/outgoing-handler.handle': [0, 1],
    'wasi:http/types.IncomingBody.finish': [0],
    'wasi:http/types.OutgoingBody.finish': [0, 1],
    'wasi:http/types.OutgoingRequest': [0],
    'wasi:http/types.OutgoingResponse': [0],
    'wasi:http/types.ResponseOutparam.sendInformational': [1],
    'wasi:http/types.ResponseOutparam.set': [0, 1],
  },
  leaveOut: (path) => /\.Descriptor\.(readInto|writeFrom|appendFrom|appended)$/.test(path),
};

/** Which interfaces need nothing of the host's thread. */
export interface OwnInterfaces {
  /** The clocks are the system's. */
  readonly clock: boolean;
  /** Random bytes are the system's; the number is `limits.randomBytes`. */
  readonly random: number | undefined;
}

export function ownInterfaces(options: WasiOptions, randomBytes: number): OwnInterfaces {
  return {
    clock: options.clock === undefined,
    random: options.random === undefined ? randomBytes : undefined,
  };
}

/** The imports with what the thread can do by itself, which is a hundred times faster than asking. */
export function withOwnInterfaces(imports: WasiImports, own: OwnInterfaces): WasiImports {
  const monotonicClock = imports['wasi:clocks/monotonic-clock'];
  return {
    ...imports,
    ...(own.clock && {
      'wasi:clocks/monotonic-clock': {
        ...monotonicClock,
        now: systemClock.monotonic,
        resolution: () => 1n,
      },
      'wasi:clocks/wall-clock': wallClock({ clock: systemClock }),
    }),
    ...(own.random !== undefined && {
      'wasi:random/random': random(secureRandom, own.random),
      'wasi:random/insecure': insecure(secureRandom, own.random),
    }),
  };
}
