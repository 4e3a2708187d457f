import type { Peer } from './peer.js';

/** The request with the tenant that the interface declares, else its own, else the client's. Spec 8.3.2. */
export function withTenant<T extends { tenant?: string }>(request: T, peer: Peer, fallback: string | undefined): T {
  const { tenant: given, ...rest } = request;
  const tenant = peer.tenant ?? given ?? fallback;
  return (tenant ? { ...rest, tenant } : rest) as T;
}
