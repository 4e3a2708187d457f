import { readSigningKeys } from '../../../security/keys/signing-keys.js';
import type { AgentAddresses } from '../agent-addresses.interface.js';
import type { CardsOptions } from '../cards.options.js';
import { CardSigner } from './card-signer.js';
import { signingTools } from './signing-tools.js';

export const CARD_SIGNER = Symbol('CardSigner');

/** Creates the signer from the options; null if cards are not signed. Rejects if a key is wrong or a package is missing. */
export async function createCardSigner(
  { signing }: CardsOptions,
  addresses: AgentAddresses,
): Promise<CardSigner | null> {
  if (signing === undefined) return null;
  const tools = await signingTools();
  const keys = await readSigningKeys(signing.keys, 'A2aModule: cards.signing.keys', tools);
  const { jku, strict } = signing;
  return new CardSigner(keys, tools, {
    jku: () => (jku === undefined ? addresses.keySet() : jku || undefined),
    strict,
  });
}
