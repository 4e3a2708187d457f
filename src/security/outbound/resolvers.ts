import { lookup, Resolver } from 'node:dns/promises';
import type { ResolvedAddress, ResolveHost } from './outbound.options.js';

const addressOf = (address: string, family: number): ResolvedAddress => ({ address, family: family === 6 ? 6 : 4 });

/**
 * The system's resolver, which knows /etc/hosts, search domains and so on. It blocks one of the process's few worker threads for
 * as long as a name server takes, so it is for trusted names.
 */
export const systemResolver: ResolveHost = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address, family }) => addressOf(address, family));

/** Queries the name servers directly, which blocks nothing else. `servers`: default those of the system. */
export function dnsResolver(servers?: readonly string[]): ResolveHost {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [
      ...(ipv4.status === 'fulfilled' ? ipv4.value.map((address) => addressOf(address, 4)) : []),
      ...(ipv6.status === 'fulfilled' ? ipv6.value.map((address) => addressOf(address, 6)) : []),
    ];
    if (addresses.length === 0 && ipv4.status === 'rejected') throw ipv4.reason;
    return addresses;
  };
}
