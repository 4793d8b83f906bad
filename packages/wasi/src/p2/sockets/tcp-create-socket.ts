/** `wasi:sockets/tcp-create-socket`. */
import type { Host } from '../../generated/imports/wasi/sockets/tcp-create-socket.ts';
import type { Instance } from '../../host/instance.ts';
import { requireSocketRoom } from './socket-room.ts';
import { TcpSocket } from './tcp.ts';

export function tcpCreateSocket(instance: Instance): Host {
  return {
    createTcpSocket: (addressFamily) => {
      requireSocketRoom(instance, 'tcp');
      return new TcpSocket(instance, addressFamily);
    },
  };
}
