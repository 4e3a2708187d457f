import { checkNames, checkWholeNumber, definedOptions, MAX_TIMER_MS } from '../../common/number-options.js';
import type { AgentCard, JsonObject } from '../../protocol/model/index.js';

/** Checks a card as it was received, before any of it is used. Throws, or rejects, to refuse it. */
export type AgentCardVerifier = (received: JsonObject, card: AgentCard) => void | Promise<void>;

/** How the client fetches, keeps and verifies an agent's card. */
export interface AgentCardOptions {
  /** Path of the card below the agent's URL. Default `/.well-known/agent-card.json`. */
  path?: string;
  /** Default 1 MiB. */
  maxBytes?: number;
  /** Time from the call to the last byte, in ms. Default 10,000. */
  timeoutMs?: number;
  /** How long a card is used without revalidation when its response does not say, in seconds. Default 300. */
  defaultMaxAge?: number;
  /** Upper limit of what the response may say, in seconds. Default 86,400. */
  maxAge?: number;
  /** How long an expired card that cannot be revalidated is still used, in seconds. Default 86,400; 0: not at all. */
  staleIfError?: number;
  /** Default: cards are not verified. */
  verify?: AgentCardVerifier;
}

export const CARD_DEFAULTS = {
  path: '/.well-known/agent-card.json',
  maxBytes: 1024 * 1024,
  timeoutMs: 10_000,
  defaultMaxAge: 300,
  maxAge: 86_400,
  staleIfError: 86_400,
} as const satisfies AgentCardOptions;

export type CheckedCardOptions = AgentCardOptions & Required<Omit<AgentCardOptions, 'verify'>>;

const RANGES = {
  maxBytes: [1, 512 * 1024 * 1024],
  timeoutMs: [1, MAX_TIMER_MS],
  defaultMaxAge: [0, 31_536_000],
  maxAge: [0, 31_536_000],
  staleIfError: [0, 31_536_000],
} as const;

/** Fills in the defaults. Throws RangeError or TypeError naming the invalid option. */
export function cardOptions(given: AgentCardOptions = {}): CheckedCardOptions {
  const names = [...Object.keys(CARD_DEFAULTS), 'verify'];
  checkNames(given, names, 'card');
  const options: CheckedCardOptions = { ...CARD_DEFAULTS, ...definedOptions(given) };
  for (const [name, range] of Object.entries(RANGES)) {
    checkWholeNumber(options[name as keyof typeof RANGES], range, `card.${name}`);
  }
  if (!options.path.startsWith('/')) throw new TypeError(`card.path must begin with '/'.`);
  if (options.verify !== undefined && typeof options.verify !== 'function')
    throw new TypeError('card.verify must be a function.');
  return options;
}
