import { hash } from 'node:crypto';
import type { A2aPrincipal } from '../../principal.js';

interface Verified {
  readonly principal: A2aPrincipal;
  readonly until: number;
}

/** Who verified tokens name, for a short time. Tokens themselves are not kept. */
export class TokenCache {
  readonly #byHash = new Map<string, Verified>();

  constructor(
    private readonly maxMs: number,
    private readonly maxSize: number,
  ) {}

  get(token: string): A2aPrincipal | undefined {
    const key = keyOf(token);
    const found = this.#byHash.get(key);
    if (found === undefined) return undefined;
    if (found.until > Date.now()) return found.principal;
    this.#byHash.delete(key);
    return undefined;
  }

  /** The oldest ones make room. */
  set(token: string, principal: A2aPrincipal): void {
    const until = Math.min(Date.now() + this.maxMs, principal.expiresAt?.getTime() ?? Infinity);
    if (until <= Date.now()) return;
    const [oldest] = this.#byHash.keys();
    if (this.#byHash.size >= this.maxSize && oldest !== undefined) this.#byHash.delete(oldest);
    this.#byHash.set(keyOf(token), { principal, until });
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');
