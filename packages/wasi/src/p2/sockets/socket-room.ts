/** Whether the guest may have one more socket. */
import { networkError } from '../../host/error-codes.ts';
import type { Instance } from '../../host/instance.ts';

/** Throws `access-denied` when no grant could make the socket useful, `new-socket-limit` when there are too many. */
export function requireSocketRoom(instance: Instance, protocol: 'tcp' | 'udp'): void {
  if (!instance.grants.sockets) throw instance.grants.denySocket(protocol);
  const { sockets } = instance.limits;
  if (instance.sockets < sockets) return;
  throw networkError(
    'new-socket-limit',
    new Error(`the guest has ${sockets} sockets, which is limits.sockets`),
  );
}
