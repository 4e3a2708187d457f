/** What is not the public internet (IANA special-purpose registries), as CIDRs. */
export const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32', // Azure's platform services, public in form only
  '169.254.0.0/16', // link-local; the clouds' metadata services
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

/** Global unicast is 2000::/3 alone: all else is refused, and of it what has a special purpose. */
export const SPECIAL_IPV6 = [
  '::/3', // unspecified, loopback, IPv4-compatible, discard, local NAT64, SRv6 …
  '4000::/2',
  '8000::/1', // unique local, link-local, site-local, multicast
  '2001::/23', // IETF protocols; Teredo
  '2001:db8::/32',
  '3fff::/20',
] as const;
