import type { AgentCard, JsonObject } from '../../protocol/model/index.js';
import { AgentCardResolutionError } from '../errors/client.errors.js';
import { isRedirect } from '../http/redirects.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { TRANSIENT_STATUS } from '../http/retry.js';
import { parseJson } from '../transport/parse-json.js';
import { checkAgentCard } from './agent-card.check.js';
import type { CheckedCardOptions } from './agent-card.options.js';
import { freshnessOf } from './freshness.js';

/** A response, and the URL that gave it. */
export interface CardAnswer {
  readonly answer: HttpAnswer;
  readonly url: string;
}

/** Requests the card with the headers given. Rejects when there is no response. */
export type FetchCard = (headers: Readonly<Record<string, string>>) => Promise<CardAnswer>;

interface Kept {
  readonly card: AgentCard;
  readonly etag?: string;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

/** After a failure the cached card is used for this long before the next request, in ms. */
const REST_AFTER_FAILURE_MS = 5_000;

/**
 * The card of one agent. It is fetched when needed and cached as long as its response allows, then revalidated (ETag). While that fails,
 * the last one is used for a limited time. Concurrent callers share one request.
 */
export class AgentCardResolver {
  #kept?: Kept;
  #asking?: Promise<AgentCard>;

  constructor(
    private readonly fetch: FetchCard,
    private readonly options: CheckedCardOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws AgentCardResolutionError when there is no usable card, with the reason as its cause. */
  resolve(): Promise<AgentCard> {
    if (this.#kept && this.now() < this.#kept.freshUntil) return Promise.resolve(this.#kept.card);
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** The card may be wrong, because the URL in it does not answer: revalidate it before the next use. */
  expire(): void {
    if (this.#kept) this.#kept = { ...this.#kept, freshUntil: 0 };
  }

  async #ask(): Promise<AgentCard> {
    const kept = this.#kept;
    try {
      const { answer, url } = await this.fetch(kept?.etag === undefined ? {} : { 'if-none-match': kept.etag });
      try {
        return await this.#take(answer, url, kept);
      } finally {
        answer.close();
      }
    } catch (error) {
      if (kept && mayPass(error) && this.now() < kept.staleUntil) {
        this.#kept = { ...kept, freshUntil: Math.min(kept.staleUntil, this.now() + REST_AFTER_FAILURE_MS) };
        return kept.card;
      }
      throw resolutionError(error);
    }
  }

  async #take(answer: HttpAnswer, url: string, kept: Kept | undefined): Promise<AgentCard> {
    const { status } = answer;
    if (status === 304 && kept) return this.#keep(kept.card, answer, kept.etag);
    if (isRedirect(status)) {
      throw new AgentCardResolutionError(
        `The card was answered with a redirect (HTTP ${status}) that is not followed, as it leads to another origin or to no end. Give the address of the card.`,
        status,
      );
    }
    if (status !== 200) throw new AgentCardResolutionError(`The card was answered with HTTP ${status}.`, status);
    const received = parseJson(await answer.text(this.options.maxBytes, this.options.timeoutMs));
    const card = checkAgentCard(received, url);
    await this.#verify(received as JsonObject, card);
    return this.#keep(card, answer, answer.header('etag'));
  }

  async #verify(received: JsonObject, card: AgentCard): Promise<void> {
    try {
      await this.options.verify?.(received, card);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new AgentCardResolutionError(`The card was refused: ${why}`, 200, { cause: error });
    }
  }

  #keep(card: AgentCard, answer: HttpAnswer, etag: string | undefined): AgentCard {
    const { maxAge, staleIfError } = freshnessOf((name) => answer.header(name), this.options);
    const freshUntil = this.now() + maxAge * 1000;
    this.#kept = {
      card,
      freshUntil,
      staleUntil: freshUntil + staleIfError * 1000,
      ...(etag !== undefined && { etag }),
    };
    return card;
  }
}

/** A response that says that there is no such card, or an invalid card, is not a temporary failure. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof AgentCardResolutionError) || error.status === undefined || TRANSIENT_STATUS.has(error.status);

function resolutionError(error: unknown): unknown {
  if (error instanceof AgentCardResolutionError || !(error instanceof Error)) return error;
  return new AgentCardResolutionError(`The card of the agent could not be had: ${error.message}`, undefined, {
    cause: error,
  });
}
