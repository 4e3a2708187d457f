/**
 * Deliveries to webhooks. Keys: `pz:` the configs of a task in their order, `pc:` their texts, `pd:` the disabled ones, `pg:`
 * deliveries dead-lettered since the last completed one; `oq:<task>:<config>` the seqs that are owed, oldest first, `oa:` attempts
 * of the oldest; `due` when each config is due; `webhooks` how many active configs each owner's tasks have that have not ended.
 */
export const DELIVERIES = `
local function queue(id, config) return P .. 'oq:' .. id .. ':' .. config end

local function active(r)
  local configs = {}
  if r.configs == '0' then return configs end
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
    if call('SISMEMBER', P .. 'pd:' .. r.id, config) == 0 then configs[#configs + 1] = config end
  end
  return configs
end
-- Of the owner's tasks that have not ended.
local function countWebhooks(r, more)
  if more == 0 then return end
  if call('HINCRBY', P .. 'webhooks', r.owner, more) <= 0 then call('HDEL', P .. 'webhooks', r.owner) end
end
local function recount(r)
  local before = tonumber(r.configs)
  set(r, 'configs', call('ZCARD', P .. 'pz:' .. r.id) - call('SCARD', P .. 'pd:' .. r.id))
  if not TERMINAL[r.state] then countWebhooks(r, tonumber(r.configs) - before) end
end

local function owe(r, seqs)
  local time = now()
  for _, config in ipairs(active(r)) do
    for _, seq in ipairs(seqs) do call('RPUSH', queue(r.id, config), seq) end
    call('ZADD', P .. 'due', 'NX', time, r.id .. config)
  end
end

local function unqueue(id, config)
  call('DEL', queue(id, config))
  call('HDEL', P .. 'oa:' .. id, config)
  call('ZREM', P .. 'due', id .. config)
end
local function removeConfig(id, config)
  unqueue(id, config)
  call('ZREM', P .. 'pz:' .. id, config)
  call('SREM', P .. 'pd:' .. id, config)
  call('HDEL', P .. 'pc:' .. id, config)
  call('HDEL', P .. 'pg:' .. id, config)
end

-- Whether one more config would be over the limit: disabled ones make room.
local function others(r, config)
  local count = 0
  for _, one in ipairs(active(r)) do if one ~= config then count = count + 1 end end
  return count
end
-- A config that was disabled does not survive the next. No two are of the same time: their order is that of their creation.
local function putConfig(r, config, text)
  for _, one in ipairs(call('SMEMBERS', P .. 'pd:' .. r.id)) do
    if one ~= config then removeConfig(r.id, one) end
  end
  if not call('ZSCORE', P .. 'pz:' .. r.id, config) then
    local last = call('ZRANGE', P .. 'pz:' .. r.id, -1, -1, 'WITHSCORES')
    call('ZADD', P .. 'pz:' .. r.id, math.max(now(), (tonumber(last[2]) or 0) + 1), config)
  end
  call('SREM', P .. 'pd:' .. r.id, config)
  call('HDEL', P .. 'pg:' .. r.id, config)
  call('HSET', P .. 'pc:' .. r.id, config, text)
  recount(r)
end

-- What is given up is noted in short, the newest hundred of a task.
local function deadLetter(id, config, seq, reason)
  local note = cjson.encode({config = config, seq = tonumber(seq), reason = reason, at = now()})
  call('RPUSH', P .. 'dead:' .. id, note)
  call('LTRIM', P .. 'dead:' .. id, -100, -1)
end
`;
