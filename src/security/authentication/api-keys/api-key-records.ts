import { isObject } from '../../../common/is-object.js';
import { isText } from '../../../common/option-checks.js';
import type { ApiKeyRecord } from './api-key.js';

const FIELDS: Readonly<Record<keyof ApiKeyRecord, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[a-f0-9]{16}$/.test(value),
  hash: (value) => typeof value === 'string' && /^[a-f0-9]{64}$/.test(value),
  owner: isText,
  tenant: isText,
  scopes: (value) => Array.isArray(value) && value.every(isText),
  claims: isObject,
  name: isText,
  createdAt: isTime,
  expiresAt: isTime,
  revokedAt: isTime,
};
const REQUIRED: ReadonlySet<string> = new Set(['id', 'hash', 'owner']);

/** The records of a file: `{"keys": [ … ]}`. Throws Error naming the field that is wrong, and quoting nothing of the file. */
export function parseApiKeys(text: string, path: string): readonly ApiKeyRecord[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON. It must be {"keys":[…]}, as 'npx nest-a2a keys add' writes it.`);
  }
  const keys = isObject(content) ? content['keys'] : undefined;
  if (!Array.isArray(keys)) throw new Error(`${path} must be {"keys":[…]}, as 'npx nest-a2a keys add' writes it.`);
  const records = keys.map((record, index) => checked(record, `keys[${index}] of ${path}`));
  if (new Set(records.map(({ id }) => id)).size < records.length) throw new Error(`Two keys of ${path} have one id.`);
  return records;
}

export const formatApiKeys = (keys: readonly ApiKeyRecord[]): string => `${JSON.stringify({ keys }, null, 2)}\n`;

function checked(record: unknown, where: string): ApiKeyRecord {
  if (!isObject(record)) throw new Error(`${where} is not an object.`);
  for (const [field, isValid] of Object.entries(FIELDS)) {
    const value = record[field];
    if (value === undefined ? REQUIRED.has(field) : !isValid(value)) {
      throw new Error(`${where} has no valid ${field}. 'npx nest-a2a keys add' writes records that are valid.`);
    }
  }
  const unknown = Object.keys(record).find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined) throw new Error(`${where} has the field ${unknown}, which is unknown.`);
  return record as unknown as ApiKeyRecord;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}
