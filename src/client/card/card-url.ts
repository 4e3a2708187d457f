import { CARD_DEFAULTS } from './agent-card.options.js';
import { A2AClientInvalidArgsError } from '../errors/client.errors.js';

/** The URL of an agent's card: below the agent's URL, unless that is already the card's. A query is kept. */
export function cardUrl(agent: string, path: string): string {
  if (!URL.canParse(agent) || !/^https?:$/.test(new URL(agent).protocol)) {
    throw new A2AClientInvalidArgsError(
      "The address of an agent must be an absolute http or https URL, like 'https://agents.example/weather'.",
    );
  }
  const url = new URL(agent);
  url.hash = '';
  if (!url.pathname.includes('/.well-known/') && !url.pathname.endsWith('.json')) {
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  }
  return url.href;
}

const OLDER_NAME = '/.well-known/agent.json';

/** The card URL of servers older than v0.3; undefined when the client was given another path. */
export function olderCardUrl(url: string): string | undefined {
  const older = new URL(url);
  if (!older.pathname.endsWith(CARD_DEFAULTS.path)) return undefined;
  older.pathname = older.pathname.slice(0, -CARD_DEFAULTS.path.length) + OLDER_NAME;
  return older.href;
}
