import { newApiKey, type ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import { audited, auditFileSink } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { expiryOf } from './expiry.js';
import { changeKeys, readKeys } from './keys.file.js';
import { keysTable } from './keys.table.js';

const USAGE = `  keys add --owner OWNER [--tenant T] [--scopes A,B] [--expires 90d|2030-01-31] [--name TEXT] [--file FILE]
  keys list [--file FILE]
  keys revoke ID [--file FILE]
    API keys of the service, or of apiKeys({ file }). FILE is that of A2A_API_KEYS_FILE if you leave it out.`;

const OPTIONS = {
  file: { type: 'string' },
  owner: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  name: { type: 'string' },
} as const;

interface Given {
  readonly values: Readonly<Partial<Record<keyof typeof OPTIONS, string>>>;
  readonly file: string;
  readonly id?: string;
}

const ACTIONS: Readonly<Record<string, (given: Given) => Promise<string>>> = { add, list, revoke };

/** `nest-a2a keys`: adds, lists and revokes API keys in a file. Keys are shown once, when they are made; the file has their hashes. */
export const keysCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new CliError(`Usage: nest-a2a keys add, list or revoke\n\n${USAGE}`);
    const { values, positionals } = parseArguments(args, OPTIONS, { usage: USAGE, allowPositionals: true });
    const file = values.file ?? process.env.A2A_API_KEYS_FILE;
    if (!file) throw new CliError('Name the file of the keys: --file /etc/a2a/keys.json, or set A2A_API_KEYS_FILE.');
    return action({ values, file, id: positionals[0] });
  },
};

async function add({ values, file }: Given): Promise<string> {
  const { owner, tenant, scopes, expires, name } = values;
  if (!owner) throw new CliError('Say who uses the key: --owner OWNER.');
  const { key, ...made } = newApiKey();
  const record: ApiKeyRecord = {
    ...made,
    owner,
    ...(tenant && { tenant }),
    ...(scopes && { scopes: scopes.split(',').flatMap((scope) => scope.trim() || []) }),
    ...(name && { name }),
    createdAt: new Date().toISOString(),
    ...(expires && { expiresAt: expiryOf(expires) }),
  };
  await audited({ action: 'add-key', subject: owner, ...(tenant && { tenant }) }, auditFileSink(), () =>
    changeKeys(file, (keys) => [...keys, record], { create: true }),
  );
  return `${key}\n\nThis is the only time that the key is shown. ${file} has its hash. To revoke it: nest-a2a keys revoke ${record.id}`;
}

async function list({ file }: Given): Promise<string> {
  return keysTable(await readKeys(file), new Date());
}

async function revoke({ file, id }: Given): Promise<string> {
  if (!id) throw new CliError('Say which key: nest-a2a keys revoke ID. The ids: nest-a2a keys list.');
  const subject = (await readKeys(file)).find((key) => key.id === id)?.owner;
  const revokedAt = new Date().toISOString();
  await audited({ action: 'revoke-key', ...(subject !== undefined && { subject }) }, auditFileSink(), () =>
    changeKeys(file, (keys) => {
      if (!keys.some((key) => key.id === id))
        throw new CliError(`${file} has no key ${id}. The ids: nest-a2a keys list.`);
      return keys.map((key) => (key.id === id ? { ...key, revokedAt: key.revokedAt ?? revokedAt } : key));
    }),
  );
  return `The key ${id} is revoked. Servers that read ${file} refuse it within a second.`;
}
