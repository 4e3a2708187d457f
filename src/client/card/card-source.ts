import type { AgentCard } from '../../protocol/model/index.js';
import type { Credentials } from '../calls/credentials.js';
import type { ClientHttp } from '../http/client-http.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { followRedirects } from '../http/redirects.js';
import { checkAgentCard } from './agent-card.check.js';
import type { CheckedCardOptions } from './agent-card.options.js';
import { AgentCardResolver, type CardAnswer } from './agent-card.resolver.js';
import { cardUrl, olderCardUrl } from './card-url.js';

/** Where a client gets its card from. */
export interface CardSource {
  /** The URL of the card, if it is fetched. */
  readonly url?: string;
  /** @throws AgentCardResolutionError */
  card(): Promise<AgentCard>;
  /** The URL in the card does not answer: check whether the card is still right. */
  expire(): void;
}

/** A fixed card. @throws A2AClientJSONError for an invalid one. */
export function givenCard(agent: AgentCard): CardSource {
  const card = Promise.resolve(checkAgentCard(agent));
  return { card: () => card, expire: () => undefined };
}

/** The card at an agent's URL. @throws A2AClientInvalidArgsError for an invalid URL. */
export function fetchedCard(
  agent: string,
  options: CheckedCardOptions,
  http: ClientHttp,
  credentials: Credentials,
  signal: AbortSignal,
): CardSource {
  const url = cardUrl(agent, options.path);
  const { timeoutMs } = options;
  const protocol = { accept: 'application/json', 'accept-encoding': 'identity', 'a2a-version': '1.0' };
  const fetchAt = async (at: string, more: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
    const ask = async (refused?: { challenge?: string }): Promise<HttpAnswer> => {
      const own = await credentials.for({ url: at, method: 'GET', signal, ...(refused && { refused }) });
      return http.open({ method: 'GET', url: at, headers: { ...own, ...more, ...protocol }, timeoutMs, signal });
    };
    const answer = await ask();
    if (answer.status !== 401 || !credentials.canRefresh) return answer;
    answer.close();
    return ask({ challenge: answer.header('www-authenticate') });
  };
  const older = olderCardUrl(url);
  const fetch = async (more: Readonly<Record<string, string>>): Promise<CardAnswer> => {
    const found = await followRedirects(url, (at) => fetchAt(at, more));
    if (found.answer.status !== 404 || older === undefined) return found;
    const fallback = await followRedirects(older, (at) => fetchAt(at, more));
    if (fallback.answer.status === 404) {
      fallback.answer.close();
      return found;
    }
    found.answer.close();
    return fallback;
  };
  const resolver = new AgentCardResolver(fetch, options);
  return { url, card: () => resolver.resolve(), expire: () => resolver.expire() };
}
