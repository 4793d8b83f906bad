/** `wasi:sockets/udp-create-socket`. */
import type { Instance } from '../../host/instance.ts';
import type { IpAddressFamily } from './network.ts';
import { requireSocketRoom } from './socket-room.ts';
import { UdpSocket } from './udp.ts';

/** WIT: `interface udp-create-socket`. Throws `ComponentError<ErrorCode>`. */
export interface UdpCreateSocket {
  createUdpSocket(addressFamily: IpAddressFamily): UdpSocket;
}

export function udpCreateSocket(instance: Instance): UdpCreateSocket {
  return {
    createUdpSocket: (addressFamily) => {
      requireSocketRoom(instance, 'udp');
      return new UdpSocket(instance, addressFamily);
    },
  };
}
