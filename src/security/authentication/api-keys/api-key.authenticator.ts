import { checkKeys, isText } from '../../../common/option-checks.js';
import { unauthenticated, unavailable } from '../../../protocol/errors/index.js';
import type { SecurityScheme } from '../../../protocol/model/index.js';
import type { A2aPrincipal } from '../../principal.js';
import { type AuthenticationCall, type Authenticator, headerOf } from '../authenticator.interface.js';
import { apiKeyId, type ApiKeyRecord, isKeyOf } from './api-key.js';
import { ApiKeyFile } from './api-key-file.js';
import type { ApiKeyStore } from './api-key-store.interface.js';
import { StorageApiKeys } from './storage-api-keys.js';

/** Which API keys are accepted. */
export interface ApiKeysOptions {
  /** The path of a JSON file that `npx nest-a2a keys` writes. It is read again when it changes. Either this or `store`. */
  readonly file?: string;
  /** Where the records are, if not in a file. 'storage': with the tasks of `A2aModule`, so that all replicas have the same keys. */
  readonly store?: ApiKeyStore | 'storage';
  /** The header that has the key; for gRPC the metadata key. Default 'X-API-Key'. */
  readonly header?: string;
  /** The name of the scheme in cards. Default 'apiKey'. */
  readonly name?: string;
}

export const API_KEYS_DEFAULTS = { name: 'apiKey', header: 'X-API-Key' } as const satisfies ApiKeysOptions;

/** A wrong key and an unknown one get the same answer. */
const UNKNOWN = 'The API key is not valid.';

/** Of keys that are somewhere. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly scheme: SecurityScheme;
  readonly #header: string;

  constructor(
    readonly name: string,
    header: string,
    readonly store: ApiKeyStore,
  ) {
    this.#header = header.toLowerCase();
    this.scheme = { apiKeySecurityScheme: { location: 'header', name: header } };
  }

  async start(): Promise<void> {
    await this.store.start?.();
  }

  authenticate(call: AuthenticationCall): A2aPrincipal | null | Promise<A2aPrincipal> {
    const key = headerOf(call, this.#header);
    if (key === undefined) return null;
    const id = apiKeyId(key);
    if (id === undefined) throw unauthenticated(UNKNOWN);
    try {
      const record = this.store.find(id);
      return record instanceof Promise
        ? record.then((found) => principalOf(found, key), fail)
        : principalOf(record, key);
    } catch (error) {
      return fail(error);
    }
  }
}

function fail(error: unknown): never {
  if ((error as { reason?: unknown }).reason === 'UNAUTHENTICATED') throw error;
  throw unavailable('API keys cannot be checked now. Send the request again.', error, 5);
}

/** @throws A2AError UNAUTHENTICATED */
function principalOf(record: ApiKeyRecord | undefined, key: string): A2aPrincipal {
  if (!record || !isKeyOf(record, key) || record.revokedAt !== undefined) throw unauthenticated(UNKNOWN);
  const { owner, tenant, scopes, claims, expiresAt } = record;
  const expiry = expiresAt === undefined ? undefined : new Date(expiresAt);
  if (expiry && !(expiry.getTime() > Date.now())) throw unauthenticated('The API key has expired.');
  return {
    owner,
    ...(tenant !== undefined && { tenant }),
    ...((scopes ?? claims) && { claims: { ...claims, ...(scopes && { scopes }) } }),
    ...(expiry && { expiresAt: expiry }),
  };
}

/**
 * Accepts API keys, which are stored as hashes. Throws TypeError naming the option that is wrong.
 *
 * @example apiKeys({ file: '/etc/a2a/keys.json' })
 * @example apiKeys({ store: 'storage' })
 */
export function apiKeys(options: ApiKeysOptions): Authenticator {
  checkKeys(options, ['file', 'store', ...Object.keys(API_KEYS_DEFAULTS)], 'apiKeys', refuse);
  const { name, header, file, store } = { ...API_KEYS_DEFAULTS, ...options };
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) refuse('apiKeys: header must be the name of a header, such as X-API-Key.');
  if ((file === undefined) === (store === undefined)) refuse('apiKeys: give either a file or a store.');
  if (store !== undefined && store !== 'storage' && typeof store.find !== 'function') {
    refuse("apiKeys: store must be 'storage' or have a method find(id).");
  }
  if (store === undefined && !isText(file)) refuse('apiKeys: file must be the path of a file.');
  return new ApiKeyAuthenticator(
    name,
    header,
    store === 'storage' ? new StorageApiKeys() : (store ?? new ApiKeyFile(String(file))),
  );
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
