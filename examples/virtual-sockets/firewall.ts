/**
 * A guest in TypeScript that stands between a program and the sockets of its host: says where the program binds, connects
 * and sends, and denies what it may not. Everything else is the host's.
 */
import { ComponentError } from '@wittle/runtime';
import type { GuestExports, GuestImports } from './generated/firewall/instantiate.ts';
import type { InputStream, OutputStream } from './generated/firewall/in-process/imports/wasi/io/streams.ts';
import type {
  IpSocketAddress,
  Network,
} from './generated/firewall/in-process/imports/wasi/sockets/network.ts';
import type {
  IncomingDatagramStream,
  OutgoingDatagram,
} from './generated/firewall/in-process/imports/wasi/sockets/udp.ts';

export interface Policy {
  /** Whether the program may `bind` to, `connect` to or `send` to an address: `127.0.0.1:80`, `[::1]:80`. */
  readonly allows: (use: string, address: string) => boolean;
  /** Takes a line: `bind 127.0.0.1:80`, `connect [::1]:80 denied`. */
  readonly log: (line: string) => void;
}

/** The guest: a function of what the host has, which gives what the program is to have. */
export function firewall({ allows, log }: Policy): (host: GuestImports) => GuestExports {
  const check = (use: string, address: IpSocketAddress): void => {
    const text = textOf(address);
    const isAllowed = allows(use, text);
    log(isAllowed ? `${use} ${text}` : `${use} ${text} denied`);
    if (!isAllowed) throw new ComponentError('access-denied');
  };

  return (host) => {
    const { 'wasi:sockets/tcp': tcp, 'wasi:sockets/udp': udp } = host;
    const { createTcpSocket } = host['wasi:sockets/tcp-create-socket'];
    const { createUdpSocket } = host['wasi:sockets/udp-create-socket'];

    // An object of an imported resource is the layer's own once it has the class of the layer; what that does not have,
    // it inherits from the host's.
    class TcpSocket extends tcp.TcpSocket {
      override startBind(network: Network, address: IpSocketAddress): void {
        check('bind', address);
        super.startBind(network, address);
      }

      override startConnect(network: Network, address: IpSocketAddress): void {
        check('connect', address);
        super.startConnect(network, address);
      }

      override accept(): [TcpSocket, InputStream, OutputStream] {
        const [socket, input, output] = super.accept();
        log(`accept ${textOf(socket.remoteAddress())}`);
        return [as(TcpSocket, socket), input, output];
      }
    }

    class UdpSocket extends udp.UdpSocket {
      override startBind(network: Network, address: IpSocketAddress): void {
        check('bind', address);
        super.startBind(network, address);
      }

      override stream(address: IpSocketAddress | undefined): [IncomingDatagramStream, Outgoing] {
        if (address !== undefined) check('connect', address);
        const [incoming, outgoing] = super.stream(address);
        return [incoming, as(Outgoing, outgoing)];
      }
    }

    class Outgoing extends udp.OutgoingDatagramStream {
      override send(datagrams: readonly OutgoingDatagram[]): bigint {
        for (const { remoteAddress } of datagrams)
          if (remoteAddress !== undefined) check('send', remoteAddress);
        return super.send(datagrams);
      }
    }

    return {
      tcp: { TcpSocket },
      tcpCreateSocket: { createTcpSocket: (family) => as(TcpSocket, createTcpSocket(family)) },
      udp: {
        UdpSocket,
        IncomingDatagramStream: udp.IncomingDatagramStream,
        OutgoingDatagramStream: Outgoing,
      },
      udpCreateSocket: { createUdpSocket: (family) => as(UdpSocket, createUdpSocket(family)) },
    };
  };
}

/** The object as one of a class that extends its own. */
function as<Own extends object>(type: abstract new (...args: never) => Own, object: object): Own {
  return Object.setPrototypeOf(object, type.prototype as object) as Own;
}

function textOf({ tag, val }: IpSocketAddress): string {
  const { address, port } = val;
  return tag === 'ipv4'
    ? `${address.join('.')}:${port}`
    : `[${address.map((part) => part.toString(16)).join(':')}]:${port}`;
}
