import type { AuditSink } from '../../audit/audit-sink.interface.js';
import type { ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import { auditFileSink, auditSink } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { STORAGE_OPTIONS, type StorageValues, withStorage } from '../with-storage.js';
import { changeKeys, readKeys } from './keys.file.js';

/** Where keys are: a file, or the storage of the tasks. */
export interface KeysPlace {
  /** As messages call it. */
  readonly name: string;
  /** How long servers may still accept a revoked key. */
  readonly delay: string;
  /** Of what is done here. */
  readonly sink: AuditSink | undefined;
  add(record: ApiKeyRecord): Promise<void>;
  /** All of them. */
  list(): Promise<readonly ApiKeyRecord[]>;
  /** undefined: there is no such key. */
  revoke(id: string): Promise<ApiKeyRecord | undefined>;
}

/** Options that say where. */
export const PLACE_OPTIONS = { ...STORAGE_OPTIONS, file: { type: 'string' } } as const;

type PlaceValues = StorageValues & { readonly file?: string };

/** Options come before variables. @throws CliError */
export function inPlace<T>(values: PlaceValues, use: (place: KeysPlace) => Promise<T>): Promise<T> {
  const { A2A_API_KEYS_FILE: file, A2A_API_KEYS: stored } = process.env;
  const namesStorage = Object.keys(STORAGE_OPTIONS).some((name) => name in values);
  if (values.file !== undefined && namesStorage) throw new CliError('Name a file or a database, and not both.');
  if (values.file !== undefined) return use(fileOf(values.file));
  if (namesStorage || stored === 'storage') return inStorage(values, use);
  if (file) return use(fileOf(file));
  throw new CliError(
    'Name the file of the keys (--file /etc/a2a/keys.json, or A2A_API_KEYS_FILE) or the database that has them (--database-url, or ' +
      'A2A_API_KEYS=storage with DATABASE_URL).',
  );
}

const fileOf = (file: string): KeysPlace => ({
  name: file,
  delay: 'a second',
  sink: auditFileSink(),
  add: (record) => changeKeys(file, (keys) => [...keys, record], { create: true }),
  list: () => readKeys(file),
  revoke: async (id) => {
    const revokedAt = new Date().toISOString();
    let revoked: ApiKeyRecord | undefined;
    await changeKeys(file, (keys) =>
      keys.map((key) => (key.id === id ? (revoked = { ...key, revokedAt: key.revokedAt ?? revokedAt }) : key)),
    );
    return revoked;
  },
});

const inStorage = <T>(values: StorageValues, use: (place: KeysPlace) => Promise<T>): Promise<T> =>
  withStorage(values, ({ apiKeys, audit }) =>
    use({
      name: 'The storage',
      delay: '5 seconds',
      sink: auditSink(audit),
      add: (record) => apiKeys.add(record),
      list: async () => {
        const all: ApiKeyRecord[] = [];
        for (let page = await apiKeys.list(); page.length > 0; page = await apiKeys.list(page.at(-1)?.id))
          all.push(...page);
        return all.sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : 1));
      },
      revoke: (id) => apiKeys.revoke(id),
    }),
  );
