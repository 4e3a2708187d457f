import { A2AError, versionNotSupported } from '../../protocol/errors/index.js';
import type { AgentCard } from '../../protocol/model/index.js';
import { mergedCard, toV03Card } from '../../protocol/v0-3/index.js';
import type { RequestedVersion } from '../protocol-version.js';

/** The forms of a card at one url; `merged` holds the members of both versions. */
export type CardVariant = '1.0' | '0.3' | 'merged';

/** 1.x is served the v1.0 form, 0.x the v0.3 form, no version both in one. Anything else is an A2AError. */
export function cardVariant({ asked, version }: RequestedVersion): CardVariant | A2AError {
  if (asked === undefined) return 'merged';
  if (version?.startsWith('1.')) return '1.0';
  return version?.startsWith('0.') ? '0.3' : versionNotSupported(asked);
}

export const CARD_FORMS: Readonly<Record<CardVariant, (card: AgentCard) => object>> = {
  '1.0': (card) => card,
  '0.3': toV03Card,
  merged: mergedCard,
};
