import { newApiKey, type ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import { audited } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { STORAGE_USAGE } from '../with-storage.js';
import { expiryOf } from './expiry.js';
import { inPlace, type KeysPlace, PLACE_OPTIONS } from './keys.place.js';
import { keysTable } from './keys.table.js';

const USAGE = `  keys add --owner OWNER [--tenant T] [--scopes A,B] [--expires 90d|2030-01-31] [--name TEXT] [PLACE]
  keys list [PLACE]
  keys revoke ID [PLACE]
    API keys, which are in a file or in the database. PLACE is [--file FILE] or
    ${STORAGE_USAGE}
    Without it: A2A_API_KEYS_FILE, or DATABASE_URL if A2A_API_KEYS is storage.`;

const OPTIONS = {
  ...PLACE_OPTIONS,
  owner: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  name: { type: 'string' },
} as const;

interface Given {
  readonly values: Readonly<Partial<Record<keyof typeof OPTIONS, string>>>;
  readonly id?: string;
}

/** What is to be done where the keys are. Made before the place is opened, so that wrong arguments open nothing. */
type Action = (given: Given) => (place: KeysPlace) => Promise<string>;

const ACTIONS: Readonly<Record<string, Action>> = { add, list, revoke };

/** `nest-a2a keys`: adds, lists and revokes API keys. A key is shown once, when it is made; what is stored is its hash. */
export const keysCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new CliError(`Usage: nest-a2a keys add, list or revoke\n\n${USAGE}`);
    const { values, positionals } = parseArguments(args, OPTIONS, { usage: USAGE, allowPositionals: true });
    return inPlace(values, action({ values, id: positionals[0] }));
  },
};

function add({ values }: Given): (place: KeysPlace) => Promise<string> {
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
  return async (place) => {
    const act = { action: 'add-key', subject: owner, ...(tenant && { tenant }) } as const;
    await audited(act, place.sink, () => place.add(record));
    return `${key}\n\nThis is the only time that the key is shown. ${place.name} has its hash. To revoke it: nest-a2a keys revoke ${record.id}`;
  };
}

function list(): (place: KeysPlace) => Promise<string> {
  return async (place) => keysTable(await place.list(), new Date());
}

function revoke({ id }: Given): (place: KeysPlace) => Promise<string> {
  if (!id) throw new CliError('Say which key: nest-a2a keys revoke ID. The ids: nest-a2a keys list.');
  return async (place) => {
    const subject = (await place.list()).find((key) => key.id === id)?.owner;
    await audited({ action: 'revoke-key', ...(subject !== undefined && { subject }) }, place.sink, async () => {
      if ((await place.revoke(id)) === undefined)
        throw new CliError(`${place.name} has no key ${id}. The ids: nest-a2a keys list.`);
    });
    return `The key ${id} is revoked. Servers refuse it within ${place.delay}.`;
  };
}
