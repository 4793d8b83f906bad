/** `wasi:sockets/instance-network`: the one network there is. */
import type { Host } from '../../generated/imports/wasi/sockets/instance-network.ts';
import { Network } from './network.ts';

export const instanceNetwork: Host = { instanceNetwork: () => new Network() };
