/** `wasi:sockets/instance-network`: the one network there is. */
import { Network } from './network.ts';

/** WIT: `interface instance-network`. */
export interface InstanceNetwork {
  instanceNetwork(): Network;
}

export const instanceNetwork: InstanceNetwork = { instanceNetwork: () => new Network() };
