import { BlockList, isIP } from 'node:net';

/** A set of addresses given as CIDRs or single addresses. */
export class AddressList {
  /** One for each family: a single list takes IPv4 addresses for their IPv4-mapped forms, and finds them in ranges of IPv6. */
  readonly #lists = { 4: new BlockList(), 6: new BlockList() };

  /** @throws RangeError naming an entry that is neither. */
  constructor(entries: Iterable<string>) {
    for (const entry of entries) this.#add(entry);
  }

  /** False for what is no address. */
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
