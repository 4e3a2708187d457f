import type { ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import { textTable } from '../text-table.js';

const HEAD = ['ID', 'STATE', 'OWNER', 'TENANT', 'SCOPES', 'EXPIRES', 'NAME'];

/** The keys for people, without their hashes. */
export function keysTable(keys: readonly ApiKeyRecord[], now: Date): string {
  const rows = keys.map((key) => [
    key.id,
    stateOf(key, now),
    key.owner,
    key.tenant ?? '-',
    key.scopes?.join(',') || '-',
    key.expiresAt?.slice(0, 10) ?? 'never',
    key.name ?? '-',
  ]);
  return textTable(HEAD, rows);
}

function stateOf({ revokedAt, expiresAt }: ApiKeyRecord, now: Date): string {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'valid';
}
