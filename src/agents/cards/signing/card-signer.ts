import { createHash } from 'node:crypto';
import type { AgentCard, AgentCardSignature } from '../../../protocol/model/index.js';
import { cardPayload, leanPayload } from '../../../protocol/v1-0/card/card-payload.js';
import type { SignerKey, SigningKeys } from '../../../security/keys/signing-keys.js';
import type { SigningTools } from './signing-tools.js';

/** Number of cards whose signatures are cached. Extended cards may differ by caller, and signing takes time. */
const MAX_KEPT = 256;

export interface CardSignerOptions {
  /** URL of the public keys, if there is one. Evaluated per card, because a port may be known late. */
  readonly jku: () => string | undefined;
  readonly strict?: boolean;
}

/** Signs cards: a JWS over their canonical form, with each key. Spec 8.4. */
export class CardSigner {
  readonly #kept = new Map<string, Promise<AgentCardSignature[]>>();

  constructor(
    private readonly keys: SigningKeys,
    private readonly tools: SigningTools,
    private readonly options: CardSignerOptions,
  ) {}

  get keySet(): SigningKeys['keySet'] {
    return this.keys.keySet;
  }

  /**
   * Returns a copy with signatures, and without members that v1.0 does not have. A card with the same content gets the same
   * signatures. Unless `strict` is set, each key also signs the form that the published SDKs verify, if that differs.
   */
  async sign(card: AgentCard): Promise<AgentCard> {
    const { jku, strict } = this.options;
    const payload = cardPayload(card);
    const forms = strict ? [payload] : [payload, leanPayload(card)];
    const texts = new Set(forms.map((form) => this.tools.canonicalize(form)));
    return { ...(payload as unknown as AgentCard), signatures: await this.#signatures([...texts], jku()) };
  }

  async #signatures(texts: readonly string[], jku?: string): Promise<AgentCardSignature[]> {
    const id = createHash('sha256')
      .update(JSON.stringify([jku, ...texts]))
      .digest('base64');
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    const made = kept ?? this.#make(texts, jku);
    this.#kept.set(id, made);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
    try {
      return await made;
    } catch (error) {
      this.#kept.delete(id);
      throw error;
    }
  }

  #make(payloads: readonly string[], jku?: string): Promise<AgentCardSignature[]> {
    return Promise.all(
      this.keys.signers.flatMap((key) => payloads.map((payload) => this.#signature(payload, key, jku))),
    );
  }

  async #signature(payload: string, { kid, alg, key }: SignerKey, jku?: string): Promise<AgentCardSignature> {
    const header = { alg, typ: 'JOSE', kid, ...(jku !== undefined && { jku }) };
    const { protected: signed, signature } = await this.tools.sign(payload, header, key);
    return { protected: signed, signature };
  }
}
