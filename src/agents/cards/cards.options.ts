import { checkKeys } from '../../common/option-checks.js';
import { checkWholeNumber, MAX_TIMER_MS } from '../../common/number-options.js';
import { isObject } from '../../common/is-object.js';
import type { CardDefaults } from './card-defaults.js';
import type { CardSigningOptions } from './signing/card-signing.options.js';

export const CARDS_OPTIONS = Symbol('CardsOptions');

export interface CardsOptions extends CardDefaults {
  /** Default: cards are not signed. */
  readonly signing?: CardSigningOptions;
  /** Time that an agent's `extendedAgentCard` has, in ms; then the call fails with UNAVAILABLE. Default 10,000. */
  readonly extendedCardTimeoutMs?: number;
}

export const EXTENDED_CARD_TIMEOUT_MS = 10_000;

const KEYS = Object.keys({
  provider: true,
  documentationUrl: true,
  iconUrl: true,
  securitySchemes: true,
  securityRequirements: true,
  signing: true,
  extendedCardTimeoutMs: true,
} satisfies Record<keyof CardsOptions, true>);

/** Checks the options. Throws TypeError or RangeError naming what is wrong. The defaults of cards are checked with the agents. */
export function cardsOptions(given: CardsOptions = {}): CardsOptions {
  const options: unknown = given;
  if (!isObject(options)) throw new TypeError('A2aModule: cards must be an object.');
  checkKeys(options, KEYS, 'A2aModule: cards', refuse);
  const { extendedCardTimeoutMs: limit = EXTENDED_CARD_TIMEOUT_MS, signing } = given;
  checkWholeNumber(limit, [1, MAX_TIMER_MS], 'A2aModule: cards.extendedCardTimeoutMs');
  if (signing !== undefined && !isObject(signing)) throw new TypeError('A2aModule: cards.signing must be { keys }.');
  const jku: unknown = signing?.jku;
  if (jku !== undefined && jku !== false && !(typeof jku === 'string' && URL.canParse(jku))) {
    throw new TypeError('A2aModule: cards.signing.jku must be an absolute url, or false.');
  }
  if (signing) checkKeys(signing, ['keys', 'jku', 'strict'], 'A2aModule: cards.signing', refuse);
  return given;
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
