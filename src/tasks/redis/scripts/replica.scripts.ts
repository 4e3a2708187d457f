import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/**
 * `replicas`: the processes that are alive, each with the end of its lease, which differs with each renewal; `leases`: the length
 * of each lease.
 */
export const ALIVE = `
local function alive(process) return call('ZSCORE', P .. 'replicas', process) end
`;

const KEEP = `
local function keep(process, lease)
  call('ZADD', P .. 'replicas', now() + lease, process)
  call('HSET', P .. 'leases', process, lease)
end
local function forget(process)
  call('HDEL', P .. 'leases', process)
  return call('ZREM', P .. 'replicas', process)
end
`;

/** Values: process, lease in ms. */
export const REGISTER: Script = {
  name: 'a2aRegister',
  lua: `${ROWS}${KEEP}
keep(ARGV[1], ARGV[2])`,
};

/** Values: process, lease in ms. */
export const RENEW: Script = {
  name: 'a2aRenew',
  lua: `${ROWS}${ALIVE}${KEEP}
if not alive(ARGV[1]) then return 0 end
keep(ARGV[1], ARGV[2])
return 1`,
};

/** Values: process. */
export const REMOVE_REPLICA: Script = {
  name: 'a2aRemoveReplica',
  lua: `${ROWS}${KEEP}
return forget(ARGV[1])`,
};

/** Values: process, the previous end of its lease. */
export const EXPIRE_REPLICA: Script = {
  name: 'a2aExpireReplica',
  lua: `${ROWS}${ALIVE}${KEEP}
if alive(ARGV[1]) ~= ARGV[2] then return 0 end
return forget(ARGV[1])`,
};

/** Returns the time in ms. */
export const CLOCK: Script = {
  name: 'a2aClock',
  lua: `${ROWS}
return now()`,
};

/** Returns for each process that is alive: its id, the end of its lease, the length of the lease, and the time since its last renewal. */
export const REPLICAS: Script = {
  name: 'a2aReplicas',
  lua: `${ROWS}
local found, time = {}, now()
local pairsOf = call('ZRANGE', P .. 'replicas', 0, -1, 'WITHSCORES')
for i = 1, #pairsOf, 2 do
  local lease = call('HGET', P .. 'leases', pairsOf[i]) or ''
  local age = time - tonumber(pairsOf[i + 1]) + (tonumber(lease) or 0)
  found[#found + 1] = {pairsOf[i], pairsOf[i + 1], lease, text(age)}
end
return found`,
};
