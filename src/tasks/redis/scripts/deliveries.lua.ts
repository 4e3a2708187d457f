import { HANDLER_PREFIX } from '../../handler-config.js';

/**
 * Deliveries to webhooks. Keys: `pz:` the configs of a task in their order, `pc:` their texts, `pd:` the disabled ones, `pg:`
 * deliveries dead-lettered since the last completed one; `oq:<task>:<config>` the seqs that are owed, oldest first, `oa:` attempts
 * of the oldest, `al:` what the last of them met with; `pt:` when configs were disabled; `dead:` what was given up; `due` when each config is due; `webhooks` how many active
 * webhooks each owner's tasks have that have not ended. Handlers are configs, but no webhooks.
 */
export const DELIVERIES = `
local function queue(id, config) return P .. 'oq:' .. id .. ':' .. config end

local function isHandler(config) return string.sub(config, 1, ${HANDLER_PREFIX.length}) == '${HANDLER_PREFIX}' end

local function active(r)
  local configs = {}
  if r.configs == '0' then return configs end
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
    if call('SISMEMBER', P .. 'pd:' .. r.id, config) == 0 then configs[#configs + 1] = config end
  end
  return configs
end
local function webhooks(r) return tonumber(r.configs) - (tonumber(r.handlers) or 0) end
-- Of the owner's tasks that have not ended.
local function countWebhooks(r, more)
  if more == 0 then return end
  if call('HINCRBY', P .. 'webhooks', r.owner, more) <= 0 then call('HDEL', P .. 'webhooks', r.owner) end
end
local function recount(r)
  local before, all, handlers = webhooks(r), 0, 0
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
    if call('SISMEMBER', P .. 'pd:' .. r.id, config) == 0 then
      all = all + 1
      if isHandler(config) then handlers = handlers + 1 end
    end
  end
  set(r, 'configs', all, 'handlers', handlers)
  if not TERMINAL[r.state] then countWebhooks(r, webhooks(r) - before) end
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
  call('HDEL', P .. 'al:' .. id, config)
  call('ZREM', P .. 'due', id .. config)
end
local function removeConfig(id, config)
  unqueue(id, config)
  call('ZREM', P .. 'pz:' .. id, config)
  call('SREM', P .. 'pd:' .. id, config)
  call('HDEL', P .. 'pt:' .. id, config)
  call('HDEL', P .. 'pc:' .. id, config)
  call('HDEL', P .. 'pg:' .. id, config)
end

-- What is given up is noted in short, the newest hundred of a task.
local function deadLetter(id, config, seq, reason)
  local dead = {config = config, seq = tonumber(seq), reason = reason, at = now()}
  if call('LINDEX', queue(id, config), 0) == seq then
    dead.tries = tonumber(call('HGET', P .. 'oa:' .. id, config) or 0)
    dead.log = call('HGET', P .. 'al:' .. id, config) or nil
  end
  call('RPUSH', P .. 'dead:' .. id, cjson.encode(dead))
  call('LTRIM', P .. 'dead:' .. id, -100, -1)
end
-- The note of a dead letter, and what it says.
local function noteOf(id, config, seq)
  for _, note in ipairs(call('LRANGE', P .. 'dead:' .. id, 0, -1)) do
    local dead = cjson.decode(note)
    if dead.config == config and dead.seq == tonumber(seq) then return note, dead end
  end
end

local function unowe(id, config, seq)
  if call('LINDEX', queue(id, config), 0) == seq then
    call('HDEL', P .. 'oa:' .. id, config)
    call('HDEL', P .. 'al:' .. id, config)
  end
  call('LREM', queue(id, config), 1, seq)
end
local function owes(id)
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. id, 0, -1)) do
    if call('EXISTS', queue(id, config)) == 1 then return true end
  end
end
-- What was trimmed is kept for the last who is owed it, or may be again.
local function dropKept(id)
  if call('EXISTS', P .. 'k:' .. id) == 1 and call('EXISTS', P .. 'dead:' .. id) == 0 and not owes(id) then call('UNLINK', P .. 'k:' .. id) end
end

-- What decisions about the webhooks of a task depend on, as JSON: of each the id, its time, since when it is disabled or ''.
local function configFacts(id)
  local configs, facts = call('ZRANGE', P .. 'pz:' .. id, 0, -1, 'WITHSCORES'), {}
  for i = 1, #configs, 2 do
    local off = call('SISMEMBER', P .. 'pd:' .. id, configs[i]) == 1
    facts[#facts + 1] = {configs[i], configs[i + 1], off and (call('HGET', P .. 'pt:' .. id, configs[i]) or configs[i + 1]) or ''}
  end
  return cjson.encode(facts)
end
-- Applies what is decided: \`deleted\` ids, what is \`stored\` (id, at, text), what is \`disabled\` (id, reason).
local function patchConfigs(r, patch)
  for _, config in ipairs(patch.deleted or {}) do
    for _, note in ipairs(call('LRANGE', P .. 'dead:' .. r.id, 0, -1)) do
      if cjson.decode(note).config == config then call('LREM', P .. 'dead:' .. r.id, 1, note) end
    end
    removeConfig(r.id, config)
    dropKept(r.id)
  end
  local put, off = patch.stored, patch.disabled
  if put then
    call('ZADD', P .. 'pz:' .. r.id, 'NX', put.at, put.id)
    call('SREM', P .. 'pd:' .. r.id, put.id)
    call('HDEL', P .. 'pt:' .. r.id, put.id)
    call('HDEL', P .. 'pg:' .. r.id, put.id)
    call('HSET', P .. 'pc:' .. r.id, put.id, put.text)
  end
  if off then
    for _, seq in ipairs(call('LRANGE', queue(r.id, off.id), 0, -1)) do deadLetter(r.id, off.id, seq, off.reason) end
    unqueue(r.id, off.id)
    call('SADD', P .. 'pd:' .. r.id, off.id)
    call('HSET', P .. 'pt:' .. r.id, off.id, now())
  end
  recount(r)
end
`;
