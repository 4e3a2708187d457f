import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key that encrypts secrets at rest. */
export interface EncryptionKey {
  /** Names the key in what it encrypted: letters, digits, `-` and `_`, at most 64. */
  readonly id: string;
  /** 32 random bytes as base64. Secret. */
  readonly key: string;
}

/** Most keys: one that encrypts, and older ones that only decrypt. */
const MAX_KEYS = 16;
const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 bits of nonce, 128 of tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const SEALED = /^sealed:v1:([A-Za-z0-9_-]{1,64}):([A-Za-z0-9_-]+)$/;

/** Encrypts texts by AES-256-GCM, each for one place: what was copied elsewhere cannot be opened there. */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: string;

  /**
   * The first key encrypts, all decrypt. Throws RangeError naming the key that is wrong; it shows nothing of a key. `where` names the
   * option.
   */
  constructor(keys: readonly EncryptionKey[], where: string) {
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
      throw new RangeError(`${where} must be an array of 1 to ${MAX_KEYS} keys, such as [{ id, key }].`);
    }
    const read = new Map<string, Buffer>();
    for (const [index, given] of (keys as readonly Partial<EncryptionKey>[]).entries()) {
      const { id, key } = given ?? {};
      if (typeof id !== 'string' || !ID.test(id) || read.has(id)) {
        throw new RangeError(
          `${where}[${index}].id must be letters, digits, "-" and "_", and no other key may have it.`,
        );
      }
      const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : undefined;
      if (bytes?.length !== KEY_BYTES) {
        throw new RangeError(`${where}[${index}].key must be ${KEY_BYTES} random bytes as base64.`);
      }
      read.set(id, bytes);
    }
    this.#keys = read;
    this.#current = keys[0]!.id;
  }

  /** `place`: where the text is kept, such as the ids of its row. It is authenticated, not stored. */
  seal(text: string, place: readonly string[]): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#current)!, nonce);
    cipher.setAAD(aad(place));
    const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `sealed:v1:${this.#current}:${bytes.toString('base64url')}`;
  }

  /**
   * A text that is not sealed is returned as it is: it was stored before there were keys. Throws Error if the key is missing, or if the
   * text was changed or moved.
   */
  open(sealed: string, place: readonly string[]): string {
    const [, id, data] = SEALED.exec(sealed) ?? [];
    if (id === undefined || data === undefined) return sealed;
    const key = this.#keys.get(id);
    if (!key)
      throw new Error(`A stored secret was encrypted with the key '${id}', which is not configured. Add it again.`);
    const bytes = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(aad(place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new Error('A stored secret cannot be decrypted: it was changed, or it is not where it was stored.', {
        cause: error,
      });
    }
  }
}

const aad = (place: readonly string[]): Buffer => Buffer.from(JSON.stringify(place));
