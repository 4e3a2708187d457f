import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** Records of API keys by id, as JSON, and when they were revoked. */
const KEYS_AND_REVOKED = `${ROWS}
local keys, revoked = P .. 'api-keys', P .. 'api-keys-revoked'`;

/** Values: id, record. Returns 0 if there is a key with this id. */
export const ADD_KEY: Script = {
  name: 'a2aAddKey',
  lua: `${KEYS_AND_REVOKED}
return call('HSETNX', keys, ARGV[1], ARGV[2])`,
};

/** Values: id. Returns the record and the time of its revocation; '' for what there is not. */
export const FIND_KEY: Script = {
  name: 'a2aFindKey',
  lua: `${KEYS_AND_REVOKED}
return {call('HGET', keys, ARGV[1]) or '', call('HGET', revoked, ARGV[1]) or ''}`,
};

/** Values: id. */
export const REVOKE_KEY: Script = {
  name: 'a2aRevokeKey',
  lua: `${KEYS_AND_REVOKED}
if call('HEXISTS', keys, ARGV[1]) == 1 then call('HSETNX', revoked, ARGV[1], text(now())) end`,
};

/** Returns all records, each with the time of its revocation or ''. */
export const LIST_KEYS: Script = {
  name: 'a2aListKeys',
  lua: `${KEYS_AND_REVOKED}
local all = {}
local fields = call('HGETALL', keys)
for i = 1, #fields, 2 do
  all[#all + 1] = fields[i + 1]
  all[#all + 1] = call('HGET', revoked, fields[i]) or ''
end
return all`,
};
