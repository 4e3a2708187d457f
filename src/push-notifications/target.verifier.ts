import { randomBytes } from 'node:crypto';
import { invalidParams, resourceExhausted } from '../protocol/errors/index.js';
import { OutboundError, type OutboundHttp } from '../security/outbound/index.js';
import { pushHost } from '../tasks/push-host.js';
import type { DeliveryCapacity } from './delivery-capacity.js';

/** The query parameter that contains the challenge. */
export const CHALLENGE = 'validationToken';
/** Time for which a target that echoed is not verified again for the same owner. */
const VERIFIED_MS = 10 * 60_000;
const MAX_VERIFIED = 10_000;
const ANSWER_BYTES = 1_024;

/**
 * Verifies a target: sends a GET with a random string, which it must echo. So clients cannot name a server that expects no
 * notifications. The challenge contains no secrets, and counts like any other call to the host and of the owner.
 */
export class TargetVerifier {
  /** Expiry of the verification, by owner and URL. */
  readonly #verified = new Map<string, number>();

  constructor(
    private readonly http: OutboundHttp,
    private readonly capacity: DeliveryCapacity,
    private readonly timeoutMs: number,
  ) {}

  /** @throws A2AError INVALID_PARAMS for `field` if it is not echoed; RESOURCE_EXHAUSTED if there is no capacity for the call. */
  async verify(owner: string, url: string, field: string): Promise<void> {
    const key = JSON.stringify([owner, url]);
    const until = this.#verified.get(key);
    if (until !== undefined && until > performance.now()) return;
    const problem = await this.#challenge(owner, url);
    if (problem !== undefined)
      throw invalidParams([{ field, description: `did not confirm that it is a webhook: ${problem}` }]);
    this.#verified.delete(key);
    this.#verified.set(key, performance.now() + VERIFIED_MS);
    const [oldest] = this.#verified.keys();
    if (this.#verified.size > MAX_VERIFIED && oldest !== undefined) this.#verified.delete(oldest);
  }

  /** The problem; undefined if there is none. */
  async #challenge(owner: string, url: string): Promise<string | undefined> {
    const host = pushHost(url);
    const end = this.capacity.begin({ owner, host });
    if (!end) throw resourceExhausted('The host of the webhook cannot be called now. Try again later.', 5);
    const token = randomBytes(24).toString('base64url');
    const target = new URL(url);
    target.searchParams.append(CHALLENGE, token);
    try {
      const request = { url: target, timeoutMs: this.timeoutMs, maxResponseBytes: ANSWER_BYTES, truncate: true };
      const { status, body } = await this.http.request({ ...request, headers: { 'User-Agent': 'nest-a2a' } });
      end(true);
      if (status < 200 || status > 299) return `it responded to the challenge with HTTP status ${status}.`;
      return body.toString().trim() === token ? undefined : 'it did not echo the challenge.';
    } catch (error) {
      if (!(error instanceof OutboundError)) {
        end();
        throw error;
      }
      end(error.code === 'address' || error.code === 'request' ? undefined : false);
      return error.message;
    }
  }
}
