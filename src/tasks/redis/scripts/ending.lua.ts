import { USAGE_COUNTS } from './usage.lua.js';

/**
 * The end of a task, and its removal. Keys: `rest:<agent>:<state>` settled tasks, by the time since when they are in that state;
 * `untrimmed:…` those of them whose log can be trimmed; `cancels` tasks with a cancel request; `s:` the snapshot.
 */
export const ENDING = `${USAGE_COUNTS}
local function resting(r, state) return r.agent .. ':' .. (state or r.state) end
local function rest(r, before)
  if RESTING[before] then call('ZREM', P .. 'rest:' .. resting(r, before), r.id) end
  if RESTING[r.state] then call('ZADD', P .. 'rest:' .. resting(r), now(), r.id) end
  if TERMINAL[r.state] then call('ZADD', P .. 'untrimmed:' .. resting(r), now(), r.id) end
end

local function finish(r)
  disown(r)
  set(r, 'run', '', 'waits', '')
  call('SREM', P .. 'cancels', r.id)
  countWebhooks(r, -webhooks(r))
  if call('EXISTS', P .. 'i:' .. r.id) == 1 then call('SADD', P .. 'unswept', r.id) end
  local sent = call('HGETALL', P .. 'tm:' .. r.id)
  for i = 1, #sent, 2 do call('ZADD', P .. 'old', sent[i + 1], r.scope .. r.id .. sent[i]) end
end

local OWN = {'t:', 'e:', 's:', 'i:', 'ib:', 'tm:', 'pz:', 'pc:', 'pd:', 'pg:', 'oa:', 'al:', 'pt:', 'k:', 'dead:'}
-- All but the ids of its messages.
local function remove(r)
  if not TERMINAL[r.state] then countWebhooks(r, -webhooks(r)) end
  call('ZREM', P .. 'all', r.id)
  countStored(r, -1, -tonumber(r.bytes))
  unlist(r)
  disown(r)
  leaveQueue(r)
  call('ZREM', P .. 'u:' .. r.agent, r.id)
  call('ZREM', P .. 'f:' .. r.agent, r.id)
  call('ZREM', P .. 'rest:' .. resting(r), r.id)
  call('ZREM', P .. 'untrimmed:' .. resting(r), r.id)
  call('SREM', P .. 'cancels', r.id)
  call('SREM', P .. 'unswept', r.id)
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do removeConfig(r.id, config) end
  for _, kind in ipairs(OWN) do call('UNLINK', P .. kind .. r.id) end
end
`;
