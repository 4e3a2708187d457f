import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { ROWS } from './rows.lua.js';

/** Values: id, scope, config, its text, limit. */
export const PUT_CONFIG: Script = {
  name: 'a2aPutConfig',
  lua: `${ROWS}${DELIVERIES}
local id, scope, config, configText, limit = unpack(ARGV)
local r = mine(id, scope)
if not r then return 'missing' end
if others(r, config) >= tonumber(limit) then return 'full' end
putConfig(r, config, configText)
return 'stored'`,
};

/** Values: id, scope. Returns time (ms) and text of each active config in their order, or nothing. */
export const CONFIGS: Script = {
  name: 'a2aConfigs',
  lua: `${ROWS}${DELIVERIES}
local r = mine(ARGV[1], ARGV[2])
if not r then return nil end
local found = {}
for _, config in ipairs(active(r)) do
  found[#found + 1] = {call('ZSCORE', P .. 'pz:' .. r.id, config), call('HGET', P .. 'pc:' .. r.id, config)}
end
return found`,
};

/** Values: id, scope, config. */
export const DELETE_CONFIG: Script = {
  name: 'a2aDeleteConfig',
  lua: `${ROWS}${DELIVERIES}
local r = mine(ARGV[1], ARGV[2])
if not r then return 0 end
if isHandler(ARGV[3]) then return 1 end
removeConfig(r.id, ARGV[3])
recount(r)
return 1`,
};

/** Values: owner. Returns how many active configs the owner's tasks have that have not ended. */
export const COUNT_CONFIGS: Script = {
  name: 'a2aCountConfigs',
  lua: `${ROWS}
return tonumber(call('HGET', P .. 'webhooks', ARGV[1]) or '0')`,
};

/** Values: id, config, reason. */
export const DISABLE_CONFIG: Script = {
  name: 'a2aDisableConfig',
  lua: `${ROWS}${DELIVERIES}
local id, config, reason = unpack(ARGV)
local r = row(id)
if not r or not call('ZSCORE', P .. 'pz:' .. id, config) then return end
for _, seq in ipairs(call('LRANGE', queue(id, config), 0, -1)) do deadLetter(id, config, seq, reason) end
unqueue(id, config)
call('SADD', P .. 'pd:' .. id, config)
call('HSET', P .. 'pt:' .. id, config, now())
recount(r)`,
};

/**
 * Values: id, scope, config or ''. Returns the disabled config, or the one of the task that was disabled last, when (ms), and the notes of
 * the task's dead letters.
 */
export const DISABLED_CONFIG: Script = {
  name: 'a2aDisabledConfig',
  lua: `${ROWS}${DELIVERIES}
local id, scope, wanted = unpack(ARGV)
local r = mine(id, scope)
if not r then return nil end
local found, last
for _, config in ipairs(call('SMEMBERS', P .. 'pd:' .. id)) do
  local at = tonumber(call('HGET', P .. 'pt:' .. id, config) or call('ZSCORE', P .. 'pz:' .. id, config))
  if (wanted == '' or config == wanted) and not isHandler(config) and (not last or at > last) then found, last = config, at end
end
return found and {found, text(last), call('LRANGE', P .. 'dead:' .. id, 0, -1)}`,
};
