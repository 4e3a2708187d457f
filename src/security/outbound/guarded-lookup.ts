import type { LookupFunction } from 'node:net';
import { OutboundError } from './outbound.error.js';
import { isLocalhost, type OutboundGuard } from './outbound.guard.js';
import type { ResolvedAddress, ResolveHost } from './outbound.options.js';
import { dnsResolver, systemResolver } from './resolvers.js';

const LOOPBACK: readonly ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** The system's resolver for names on the allow-list, the name servers for all others. localhost is known. */
export function defaultResolver(guard: OutboundGuard): ResolveHost {
  const dns = dnsResolver();
  return async (hostname) => {
    if (guard.permitsName(hostname)) return systemResolver(hostname);
    return isLocalhost(hostname) ? LOOPBACK : dns(hostname);
  };
}

/**
 * The `lookup` of a connection. The socket connects to the address that it returns, so each address is checked at the moment of
 * its use, and a name cannot change its meaning in between. Addresses that are not permitted are left out.
 */
export function guardedLookup(guard: OutboundGuard, resolve: ResolveHost): LookupFunction {
  return (hostname, options, callback) => {
    const family = Number(options.family === 'IPv6' ? 6 : options.family === 'IPv4' ? 4 : (options.family ?? 0));
    void permitted(guard, resolve, hostname, family).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: OutboundError) => callback(error, []),
    );
  };
}

async function permitted(
  guard: OutboundGuard,
  resolve: ResolveHost,
  hostname: string,
  wanted: number,
): Promise<[ResolvedAddress, ...ResolvedAddress[]]> {
  const resolved = (await addressesOf(resolve, hostname)).filter(({ family }) => wanted === 0 || family === wanted);
  if (resolved.length === 0) throw new OutboundError('resolve', `${hostname} has no address.`, 'ENOTFOUND');
  const [first, ...rest] = resolved.filter(({ address }) => guard.permitsName(hostname) || guard.permits(address));
  if (!first) {
    throw new OutboundError('address', `${hostname} leads to an address that is not public, and is not allowed here.`);
  }
  return [first, ...rest];
}

async function addressesOf(resolve: ResolveHost, hostname: string): Promise<readonly ResolvedAddress[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new OutboundError(
      'resolve',
      `${hostname} could not be resolved.`,
      typeof code === 'string' ? code : undefined,
    );
  }
}
