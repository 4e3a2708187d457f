import { isIP, isIPv6 } from 'node:net';
import { AddressList, embeddedIpv4, SPECIAL_IPV4, SPECIAL_IPV6 } from './address-list.js';
import { OutboundError } from './outbound.error.js';
import type { OutboundOptions, RequireHttps } from './outbound.options.js';

const SPECIAL = new AddressList([...SPECIAL_IPV4, ...SPECIAL_IPV6]);

/** Decides which URLs and addresses may be called: the public internet, and the allow-list. */
export class OutboundGuard {
  readonly #names: readonly string[];
  readonly #addresses: AddressList;
  readonly #requireHttps: RequireHttps;

  /** @throws RangeError naming an entry of the allow-list that is no host name, address or CIDR. */
  constructor({ allow = [], requireHttps = false }: Omit<OutboundOptions, 'resolve'> = {}) {
    this.#names = allow.filter(isHostName).map(plainName);
    this.#addresses = new AddressList(allow.filter((entry) => !isHostName(entry)));
    this.#requireHttps = requireHttps;
  }

  /**
   * Checks what is known before the name is resolved: scheme, credentials, IP addresses as host.
   * @throws OutboundError `url` or `address`.
   */
  checkUrl(url: string | URL): URL {
    const parsed = parse(url);
    this.#checkScheme(parsed);
    if (parsed.username !== '' || parsed.password !== '') {
      throw new OutboundError('url', 'The url must not hold a user name or a password.');
    }
    const literals = literalsOf(hostOf(parsed));
    if (literals.length > 0 && !this.permitsName(hostOf(parsed)) && !literals.some((one) => this.permits(one))) {
      throw new OutboundError('address', `${parsed.hostname} is not a public address, and is not allowed here.`);
    }
    return parsed;
  }

  #checkScheme(url: URL): void {
    if (url.protocol === 'https:') return;
    const plain = this.#requireHttps === 'unless-allowed' ? this.#isListed(hostOf(url)) : !this.#requireHttps;
    if (plain && url.protocol === 'http:') return;
    throw new OutboundError('url', `The url must begin with ${plain ? 'http:// or ' : ''}https://.`);
  }

  #isListed(host: string): boolean {
    return this.permitsName(host) || literalsOf(host).some((address) => this.#lists(address));
  }

  /** True for a name on the allow-list: it may have any address. */
  permitsName(hostname: string): boolean {
    const name = plainName(hostname);
    return this.#names.some((one) => (one.startsWith('*.') ? name.endsWith(one.slice(1)) : name === one));
  }

  /** True if connections to the address are allowed. False if it is not an IP address. */
  permits(address: string): boolean {
    return this.#lists(address) || (isIP(address) !== 0 && !SPECIAL.has(ipv4Of(address) ?? address));
  }

  /** The address is on the allow-list, or the IPv4 address that it embeds. */
  #lists(address: string): boolean {
    const ipv4 = ipv4Of(address);
    return this.#addresses.has(address) || (ipv4 !== undefined && this.#addresses.has(ipv4));
  }
}

const ipv4Of = (address: string): string | undefined => (isIPv6(address) ? embeddedIpv4(address) : undefined);

/** The host of a URL without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

const HOST_NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/** A last label of only digits would be an IP address, or a mistyped one. */
const isHostName = (entry: string): boolean => HOST_NAME.test(entry) && !/(^|\.)\d+\.?$/.test(entry);

/** `localhost.` is `localhost`. */
const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** RFC 6761, 6.3. */
export const isLocalhost = (host: string): boolean => /(^|\.)localhost$/.test(plainName(host));

/** The IP addresses that a host stands for without name resolution; none for other names. */
function literalsOf(host: string): string[] {
  if (isIP(host) !== 0) return [host];
  return isLocalhost(host) ? ['127.0.0.1', '::1'] : [];
}

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch {
    throw new OutboundError('url', 'The url is not an absolute url.');
  }
}
