/** `wasi:sockets/udp-create-socket`. */
import type { Host } from '../../generated/imports/wasi/sockets/udp-create-socket.ts';
import type { Instance } from '../../host/instance.ts';
import { requireSocketRoom } from './socket-room.ts';
import { UdpSocket } from './udp.ts';

export function udpCreateSocket(instance: Instance): Host {
  return {
    createUdpSocket: (addressFamily) => {
      requireSocketRoom(instance, 'udp');
      return new UdpSocket(instance, addressFamily);
    },
  };
}
