import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { STAMP } from './log.lua.js';
import { MESSAGES } from './messages.lua.js';
import { ROWS } from './rows.lua.js';
import { USAGE_COUNTS } from './usage.lua.js';

/**
 * Creates tasks. Values: the number of tasks, then per task: id, scope, party, owner, tenant, agent, context, state, its time,
 * its reason, bytes, the replica that runs it or '', id and digest of the message, whether it was tried before, id and text of each
 * config as JSON, the event. Returns per task 'created', 'taken' (another task has its id), or the task and digest that are known for the
 * message.
 */
export const CREATE: Script = {
  name: 'a2aCreate',
  lua: `${ROWS}${USAGE_COUNTS}${STAMP}${DELIVERIES}${MESSAGES}
local answers = {}
for i = 1, tonumber(ARGV[1]) do
  local id, scope, party, owner, tenant, agent, ctx, state, statusAt, reason, bytes, run, message, digest, tried, configs, event =
    unpack(ARGV, i * 17 - 15, i * 17 + 1)
  local sent = known(scope, message)
  if sent then
    answers[i] = tried == '1' and string.sub(sent, 1, 36) == id and 'created' or sent
  elseif call('EXISTS', P .. 't:' .. id) == 1 then
    answers[i] = 'taken'
  else
    answers[i] = 'created'
    -- An attempt is a start: a task that waits has had none.
    local time = micros()
    local made = text(time)
    local r = {id = id, scope = scope, party = party, owner = owner, tenant = tenant, agent = agent, ctx = ctx, state = state, at = statusAt,
      seq = '1', bytes = bytes, run = run, fence = '1', turn = '1', attempt = run == '' and '0' or '1', crashes = '0',
      failures = '0', waits = run == '' and made or '', cancel = '', trim = '0', made = made, begun = '1', configs = '0', handlers = '0', reason = reason, counted = '1'}
    local fields = {}
    for name, value in pairs(r) do
      if name ~= 'id' then fields[#fields + 1] = name fields[#fields + 1] = value end
    end
    call('HSET', P .. 't:' .. id, unpack(fields))
    call('RPUSH', P .. 'e:' .. id, stamped(event, text(math.floor(time / 1000))))
    call('ZADD', P .. 'all', 0, id)
    countStored(r, 1, tonumber(bytes))
    list(r)
    own(r)
    reindex(r)
    remember(r, message, digest)
    for j, config in ipairs(cjson.decode(configs)) do
      patchConfigs(r, {stored = {id = config[1], at = math.floor(time / 1000) + j, text = config[2]}})
    end
    owe(r, {'1'})
  end
end
return answers`,
};
