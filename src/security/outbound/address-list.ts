import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that are not on the public internet (IANA special-purpose registries), as CIDRs. */
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

/** Global unicast is 2000::/3 only: everything else is refused, and its special-purpose ranges too. */
export const SPECIAL_IPV6 = [
  '::/3', // unspecified, loopback, IPv4-compatible, discard, local NAT64, SRv6 …
  '4000::/2',
  '8000::/1', // unique local, link-local, site-local, multicast
  '2001::/23', // IETF protocols; Teredo
  '2001:db8::/32',
  '3fff::/20',
] as const;

/** A set of IP addresses, from CIDRs and single addresses. */
export class AddressList {
  /** One list per family: a single list would match IPv4 addresses in their IPv4-mapped form with IPv6 ranges. */
  readonly #lists = { 4: new BlockList(), 6: new BlockList() };

  /** @throws RangeError naming an entry that is neither. */
  constructor(entries: Iterable<string>) {
    for (const entry of entries) this.#add(entry);
  }

  /** False if it is not an IP address. */
  has(address: string): boolean {
    const family = isIP(address);
    return family === 6 ? this.#lists[6].check(address, 'ipv6') : family === 4 && this.#lists[4].check(address);
  }

  #add(entry: string): void {
    const [address = '', bits, ...rest] = entry.split('/');
    const family = isIP(address);
    const width = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (family === 0 || rest.length > 0 || !(prefix <= width)) {
      throw new RangeError(`'${entry}' is neither an address nor a CIDR such as 10.0.0.0/8 or fd00::/8.`);
    }
    this.#lists[family === 6 ? 6 : 4].addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Prefixes of IPv6 addresses that contain an IPv4 address, with the index of the group where it starts. */
const EMBEDDINGS: readonly { readonly prefix: readonly number[]; readonly at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // IPv4-mapped
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 }, // IPv4-translated (SIIT)
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64
  { prefix: [0x2002], at: 1 }, // 6to4
];

/** The IPv4 address that an IPv6 address leads to; undefined if it has none of the known forms. `ipv6` is valid. */
export function embeddedIpv4(ipv6: string): string | undefined {
  const groups = groupsOf(ipv6);
  const form = EMBEDDINGS.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  if (!form) return undefined;
  const [high = 0, low = 0] = groups.slice(form.at);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(ipv6: string): number[] {
  const [text = ''] = ipv6.split('%');
  const [head = '', tail] = text.split('::');
  const [front, back] = [numbersOf(head), numbersOf(tail ?? '')];
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

const numbersOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (isIPv4(group) ? pairOf(group) : [parseInt(group, 16)]));

function pairOf(ipv4: string): [number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
