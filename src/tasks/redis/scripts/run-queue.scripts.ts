import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** How many scopes of an agent one read covers. When more have queued tasks, successive reads cycle through them. */
const MAX_SCOPES = 500;

/**
 * Values: agents, each with the most tasks per scope. Returns for the first due tasks of each scope: id, since when it is due
 * (µs), agent, owner, tenant.
 */
export const DUE_TASKS: Script = {
  name: 'a2aDueTasks',
  lua: `${ROWS}
local found, time = {}, text(micros())
local function read(agent, limit, scope)
  local due = call('ZRANGEBYSCORE', P .. 'w:' .. scope, '-inf', time, 'WITHSCORES', 'LIMIT', 0, limit)
  if #due == 0 then return end
  local whose = call('HMGET', P .. 't:' .. due[1], 'owner', 'tenant')
  for i = 1, #due, 2 do found[#found + 1] = {due[i], due[i + 1], agent, whose[1], whose[2]} end
end
for i = 1, #ARGV, 2 do
  local key, limit = P .. 'kinds:' .. ARGV[i], tonumber(ARGV[i + 1])
  local scopes = limit > 0 and call('ZRANGE', key, 0, ${MAX_SCOPES - 1}) or {}
  for _, scope in ipairs(scopes) do read(ARGV[i], limit, scope) end
  if #scopes == ${MAX_SCOPES} then
    local turn = call('INCR', P .. 'looks')
    for _, scope in ipairs(scopes) do call('ZADD', key, 'XX', turn, scope) end
  end
end
return found`,
};

/** Values: a queue, that of an owner or of all. Returns how many tasks it holds. */
export const COUNT_QUEUED: Script = {
  name: 'a2aCountQueued',
  lua: `return tonumber(redis.call('HGET', KEYS[1] .. 'lines', ARGV[1]) or 0)`,
};
