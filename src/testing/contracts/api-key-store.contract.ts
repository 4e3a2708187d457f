import { describe, expect, it } from '@jest/globals';
import { newId } from '../../protocol/ids.js';
import { type ApiKeyRecord, newApiKey } from '../../security/authentication/api-keys/api-key.js';
import type { StoredApiKeys } from '../../security/authentication/api-keys/stored-api-keys.interface.js';
import type { Stores } from '../../tasks/stores.js';
import { pause } from './fixtures.js';
import { type OpenFunction, openForSuite, withPeer } from './open-suite.js';

function keysOf({ apiKeys }: Stores): StoredApiKeys {
  if (apiKeys) return apiKeys;
  throw new Error('The storage has no `apiKeys` (StoredApiKeys). Tell a2aStorageContract so: { apiKeys: false }.');
}

function newRecord(fields: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  const { key: _key, ...made } = newApiKey();
  return { ...made, owner: `Ö "${newId()}`, createdAt: new Date().toISOString(), ...fields };
}

/** What every StoredApiKeys must do. */
export function apiKeyStoreContract(name: string, open: OpenFunction): void {
  describe(`StoredApiKeys (${name})`, () => {
    const subject = openForSuite(open);

    it('shows a key to all processes as it was added, and no other', async () => {
      const record = newRecord({
        tenant: 'acme',
        scopes: ['use', 'admin'],
        claims: { team: { id: 7 } },
        name: "ci's \\ 🔑",
        expiresAt: '2030-01-31T00:00:00.000Z',
      });
      await keysOf(subject()).add(record);
      await withPeer(subject(), async (peer) => {
        expect(await keysOf(peer).find(record.id)).toEqual(record);
        expect(await keysOf(peer).find(newApiKey().id)).toBeUndefined();
        await expect(keysOf(peer).add({ ...newRecord(), id: record.id })).rejects.toThrow();
        expect(await keysOf(peer).find(record.id)).toEqual(record);
      });
    });

    it('revokes a key for all processes, once', async () => {
      const [record, other] = [newRecord(), newRecord()];
      for (const each of [record, other]) await keysOf(subject()).add(each);
      const before = Date.now();
      const revoked = await keysOf(subject()).revoke(record.id);
      expect(revoked).toEqual({ ...record, revokedAt: expect.any(String) });
      expect(Math.abs(Date.parse(revoked!.revokedAt!) - before)).toBeLessThan(60_000);
      await pause(5);
      await withPeer(subject(), async (peer) => {
        expect(await keysOf(peer).revoke(record.id)).toEqual(revoked);
        expect(await keysOf(peer).find(record.id)).toEqual(revoked);
        expect(await keysOf(peer).find(other.id)).toEqual(other);
        expect(await keysOf(peer).revoke(newApiKey().id)).toBeUndefined();
      });
    });

    it('lists keys page by page, the revoked ones too', async () => {
      const keys = keysOf(subject());
      const records = Array.from({ length: 5 }, () => newRecord());
      for (const record of records) await keys.add(record);
      const revoked = (await keys.revoke(records[2]!.id))!;
      const listed: ApiKeyRecord[] = [];
      for (let page = await keys.list(undefined, 2); page.length > 0; page = await keys.list(page.at(-1)!.id, 2)) {
        listed.push(...page);
      }
      const expected = records.map((record) => (record.id === revoked.id ? revoked : record));
      expect(listed.filter(({ id }) => records.some((record) => record.id === id))).toEqual(
        expected.sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      expect(listed.map(({ id }) => id)).toEqual(listed.map(({ id }) => id).sort());
    });
  });
}
