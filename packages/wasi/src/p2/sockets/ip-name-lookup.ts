/** `wasi:sockets/ip-name-lookup`: names to addresses with the system's resolver. */
import { lookup } from 'node:dns';
import { domainToASCII } from 'node:url';
import type { Host } from '../../generated/imports/wasi/sockets/ip-name-lookup.ts';
import type { IpAddress } from '../../generated/imports/wasi/sockets/network.ts';
import { parseAddress, unmapped } from '../../host/addresses.ts';
import { errorCodeOf, networkError } from '../../host/error-codes.ts';
import type { Instance } from '../../host/instance.ts';
import { Readiness } from '../../host/readiness.ts';
import { Pollable } from '../io/poll.ts';

/** Looks a name up and calls back, once, with its addresses as text. What it throws is a failed lookup as well. */
export type Resolver = (
  name: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly { readonly address: string }[]) => void,
) => void;

/** The system's: the hosts file, DNS, and whatever else it is set up with. */
export const systemResolver: Resolver = (name, done) => lookup(name, { all: true }, done);

/** WIT: `resource resolve-address-stream`. */
export class ResolveAddressStream {
  readonly #instance: Instance;
  readonly #readiness = new Readiness(() => this.#result !== undefined);
  #result: IpAddress[] | NodeJS.ErrnoException | undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** The lookup is over. */
  settle(result: IpAddress[] | NodeJS.ErrnoException): void {
    this.#result = result;
    this.#readiness.notify();
  }

  /** Throws `ComponentError<ErrorCode>`. */
  resolveNextAddress(): IpAddress | undefined {
    const result = this.#result;
    if (result === undefined) throw networkError('would-block');
    if (Array.isArray(result)) return result.shift();
    const code = errorCodeOf(result) ?? 'permanent-resolver-failure';
    throw networkError(code, result);
  }

  subscribe(): Pollable {
    return new Pollable(this.#instance, this.#readiness);
  }

  [Symbol.dispose](): void {}
}

export function ipNameLookup(instance: Instance, resolver: Resolver): Host {
  let running = 0;
  const { grants, limits } = instance;
  return {
    ResolveAddressStream,
    resolveAddresses: (_network, name) => {
      const target = parseName(name);
      const stream = new ResolveAddressStream(instance);
      if (typeof target !== 'string') {
        // Writing an address as text asks nobody, so any grant of the network is enough.
        if (!grants.sockets && !grants.allowsResolve(name)) throw grants.denyResolve(name);
        stream.settle([unmapped(target)]);
        return stream;
      }
      if (!grants.allowsResolve(target)) throw grants.denyResolve(target);
      if (running >= limits.lookups) {
        throw networkError(
          'temporary-resolver-failure',
          new Error(`${running} lookups run, which is limits.lookups`),
        );
      }
      running++;
      let answered = false;
      const open = { closeNow: () => instance.open.delete(open) };
      instance.open.add(open);
      const done: Parameters<Resolver>[1] = (error, found) => {
        // A resolver of the host's own may answer twice.
        if (answered) return;
        answered = true;
        running--;
        instance.open.delete(open);
        if (error !== null) {
          stream.settle(error);
          return;
        }
        const addresses = found
          .flatMap(({ address }) => parseAddress(address.split('%')[0]!) ?? [])
          .map(unmapped);
        grants.learn(target, addresses);
        stream.settle(addresses);
      };
      try {
        resolver(target, done);
      } catch (error) {
        done(error as Error, []);
      }
      return stream;
    },
  };
}

/** An address, or a name in ASCII form; throws `invalid-argument` when the text is neither. */
function parseName(text: string): IpAddress | string {
  const bracketed = text.startsWith('[') && text.endsWith(']');
  const literal = parseAddress(bracketed ? text.slice(1, -1) : text);
  if (literal !== undefined && (!bracketed || literal.tag === 'ipv6')) return literal;
  // These end a host name in a URL, where Node would only cut them off.
  const name = /[\s:/?#@%\\[\]]/.test(text) ? '' : domainToASCII(text);
  const labels = name.replace(/\.$/, '').split('.');
  if (name.length > 253 || labels.some((label) => label === '' || label.length > 63)) {
    throw networkError(
      'invalid-argument',
      new Error(`${JSON.stringify(text)} is neither a host name nor an IP address`),
    );
  }
  return parseAddress(name) ?? name;
}
