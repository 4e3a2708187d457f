import { describe, expect, it } from '@jest/globals';
import type { ApiKeyRecord } from './api-key.js';
import { CachedApiKeys } from './cached-api-keys.js';

/** A storage that counts its reads, and the keys that it has. */
function storage() {
  const records = new Map<string, ApiKeyRecord>();
  const reads: string[] = [];
  const clock = { now: 0 };
  const keys = new CachedApiKeys(
    {
      find: async (id) => {
        reads.push(id);
        return records.get(id);
      },
    },
    () => clock.now,
  );
  const put = (id: string): void => void records.set(id, { id, hash: '', owner: id });
  return { keys, reads, clock, put, records };
}

describe('the keys of a storage', () => {
  it('are read once in five seconds, however often they call', async () => {
    const { keys, reads, clock, put, records } = storage();
    put('a');
    await Promise.all(Array.from({ length: 10 }, () => keys.find('a')));
    clock.now = 4_999;
    expect(keys.find('a')).toEqual(records.get('a'));
    expect(reads).toEqual(['a']);
    clock.now = 5_000;
    records.delete('a');
    expect(await keys.find('a')).toBeUndefined();
    expect(reads).toEqual(['a', 'a']);
  });

  it('are as old as the beginning of their read', async () => {
    const { clock, put, records } = storage();
    put('a');
    const keys = new CachedApiKeys(
      {
        find: async () => {
          const found = records.get('a');
          clock.now += 3_000;
          return found;
        },
      },
      () => clock.now,
    );
    await keys.find('a');
    records.delete('a');
    clock.now = 5_000;
    expect(await keys.find('a')).toBeUndefined();
  });

  it('that do not exist are remembered too, and do not displace those that do', async () => {
    const { keys, reads, put } = storage();
    put('a');
    await keys.find('a');
    expect([await keys.find('none'), await keys.find('none')]).toEqual([undefined, undefined]);
    expect(reads).toEqual(['a', 'none']);
    for (let n = 0; n < 1_000; n++) await keys.find(`guess ${n}`);
    reads.length = 0;
    await keys.find('a');
    await keys.find('none');
    expect(reads).toEqual(['none']);
  });

  it('are kept up to a limit, the newest ones', async () => {
    const { keys, reads, put } = storage();
    for (let n = 0; n <= 10_000; n++) {
      put(`key ${n}`);
      await keys.find(`key ${n}`);
    }
    reads.length = 0;
    for (const n of [0, 1, 2, 10_000]) await keys.find(`key ${n}`);
    expect(reads).toEqual(['key 0', 'key 1', 'key 2'].slice(0, reads.length));
    expect(reads).toContain('key 0');
    expect(reads).not.toContain('key 10000');
  });

  it('are read four at a time', async () => {
    let [now, most] = [0, 0];
    const keys = new CachedApiKeys({
      find: async () => {
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        now--;
        return undefined;
      },
    });
    await Promise.all(Array.from({ length: 50 }, (_, n) => keys.find(`guess ${n}`)));
    expect(most).toBe(4);
  });

  it('are not known while the storage cannot be read, and are read again', async () => {
    let fault: Error | undefined = new Error('no connection');
    const keys = new CachedApiKeys({ find: () => (fault ? Promise.reject(fault) : Promise.resolve(undefined)) });
    await expect(keys.find('a')).rejects.toThrow('no connection');
    fault = undefined;
    expect(await keys.find('a')).toBeUndefined();
  });
});
