/** `wasi:sockets/tcp-create-socket`. */
import type { Instance } from '../../host/instance.ts';
import { requireSocketRoom } from './socket-room.ts';
import type { IpAddressFamily } from './network.ts';
import { TcpSocket } from './tcp.ts';

/** WIT: `interface tcp-create-socket`. Throws `ComponentError<ErrorCode>`. */
export interface TcpCreateSocket {
  createTcpSocket(addressFamily: IpAddressFamily): TcpSocket;
}

export function tcpCreateSocket(instance: Instance): TcpCreateSocket {
  return {
    createTcpSocket: (addressFamily) => {
      requireSocketRoom(instance, 'tcp');
      return new TcpSocket(instance, addressFamily);
    },
  };
}
