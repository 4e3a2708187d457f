import { createHash, timingSafeEqual } from 'node:crypto';
import { checkKeys, checkTexts, isText } from '../../common/option-checks.js';
import { unauthenticated } from '../../protocol/errors/index.js';
import type { SecurityScheme } from '../../protocol/model/index.js';
import { AddressList, embeddedIpv4 } from '../outbound/address-list.js';
import type { A2aPrincipal } from '../principal.js';
import { type AuthenticationCall, type Authenticator, headerOf } from './authenticator.interface.js';

/** Headers of a gateway in front that authenticates callers and removes these headers from what they send. */
export interface TrustedGatewayOptions {
  /** The header with the owner, such as 'x-forwarded-user'; for gRPC a metadata key. */
  readonly ownerHeader: string;
  /** Default: callers have no tenant of their own. */
  readonly tenantHeader?: string;
  /** Scopes with spaces between them. Default: none. */
  readonly scopesHeader?: string;
  /** Roles with spaces between them. Default: none. */
  readonly rolesHeader?: string;
  /** Addresses and CIDRs of the gateway, as this server sees its connections. This, a secret, or both. */
  readonly from?: readonly string[];
  /** A header that only the gateway can send. At least 32 characters. */
  readonly secret?: { readonly header: string; readonly value: string };
  /** How cards declare what the gateway demands of clients. Default: cards say nothing of it. */
  readonly scheme?: SecurityScheme;
  /** The name of the scheme in cards. Default 'gateway'. */
  readonly name?: string;
}

const HEADERS = ['ownerHeader', 'tenantHeader', 'scopesHeader', 'rolesHeader'] as const;
const MIN_SECRET = 32;

class GatewayAuthenticator implements Authenticator {
  readonly name: string;
  readonly scheme?: SecurityScheme;
  readonly #from?: AddressList;
  readonly #secret?: { readonly header: string; readonly digest: Buffer };

  constructor(private readonly options: TrustedGatewayOptions) {
    const { name = 'gateway', scheme, from, secret } = options;
    this.name = name;
    this.scheme = scheme;
    if (from) this.#from = new AddressList(from);
    if (secret) this.#secret = { header: secret.header.toLowerCase(), digest: digestOf(secret.value) };
  }

  authenticate(call: AuthenticationCall): A2aPrincipal | null {
    const { ownerHeader, tenantHeader, scopesHeader, rolesHeader } = this.options;
    const owner = headerOf(call, ownerHeader.toLowerCase());
    if (owner === undefined) return null;
    // Silently ignored, a header of the wrong sender would look like a caller without credentials.
    if (!this.#trusts(call)) throw unauthenticated(`The header ${ownerHeader} is accepted from the gateway only.`);
    const tenant = tenantHeader && headerOf(call, tenantHeader.toLowerCase());
    for (const value of [owner, tenant]) {
      if (value?.includes(',')) throw unauthenticated('The gateway named more than one caller.');
    }
    const scopes = scopesHeader && headerOf(call, scopesHeader.toLowerCase());
    const roles = rolesHeader && headerOf(call, rolesHeader.toLowerCase());
    return {
      owner,
      ...(tenant && { tenant }),
      claims: { ...(scopes && { scopes: listOf(scopes) }), ...(roles && { roles: listOf(roles) }) },
    };
  }

  #trusts(call: AuthenticationCall): boolean {
    if (this.#from && !isFrom(this.#from, call.address ?? '')) return false;
    if (!this.#secret) return true;
    return timingSafeEqual(digestOf(headerOf(call, this.#secret.header) ?? ''), this.#secret.digest);
  }
}

/** A server that listens on `::` sees IPv4 addresses in their mapped form. */
const isFrom = (list: AddressList, address: string): boolean =>
  list.has(address) || (/^::ffff:/i.test(address) && list.has(embeddedIpv4(address) ?? ''));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const listOf = (text: string): string[] => text.split(/[ ,]+/).filter((part) => part !== '');

/**
 * Believes the headers of a gateway. Throws TypeError or RangeError naming the option that is wrong.
 *
 * @example trustedGateway({ ownerHeader: 'x-forwarded-user', from: ['10.0.0.0/8'] })
 */
export function trustedGateway(options: TrustedGatewayOptions): Authenticator {
  checkKeys(options, [...HEADERS, 'from', 'secret', 'scheme', 'name'], 'trustedGateway', refuse);
  const { ownerHeader, from, secret } = options;
  if (!isText(ownerHeader)) refuse('trustedGateway: ownerHeader is missing: give the header with the owner.');
  for (const name of HEADERS) {
    const header: unknown = options[name];
    if (header !== undefined && !isToken(header)) refuse(`trustedGateway: ${name} must be the name of a header.`);
  }
  if (!from?.length && !secret) {
    refuse('trustedGateway: give from, secret or both: else anybody could send the headers.');
  }
  if (from !== undefined) checkTexts(from, 'trustedGateway: from', refuse);
  if (secret && (!isToken(secret.header) || !isText(secret.value) || secret.value.length < MIN_SECRET)) {
    refuse(`trustedGateway: secret must have a header and a value of at least ${MIN_SECRET} characters.`);
  }
  return new GatewayAuthenticator(options);
}

const isToken = (name: unknown): boolean => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name);

function refuse(problem: string): never {
  throw new TypeError(problem);
}
