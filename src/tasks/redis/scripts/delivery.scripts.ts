import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { LOG } from './log.lua.js';
import { ROWS } from './rows.lua.js';

/** Values: how many configs precede the page, the most to return. Returns for each due config: member, time, owner, the config's text. */
export const DUE: Script = {
  name: 'a2aDue',
  lua: `${ROWS}
local due, found = call('ZRANGEBYSCORE', P .. 'due', '-inf', now(), 'WITHSCORES', 'LIMIT', ARGV[1], ARGV[2]), {}
for i = 1, #due, 2 do
  local id, config = string.sub(due[i], 1, 36), string.sub(due[i], 37)
  local owner, text = call('HGET', P .. 't:' .. id, 'owner'), call('HGET', P .. 'pc:' .. id, config)
  found[#found + 1] = {due[i], due[i + 1], owner or '', text or '{"url":""}'}
end
return found`,
};

/**
 * Values: lease in ms, bytes, members. Returns per entry: task, context, config, seq, attempts, the config's text, the event,
 * owner, tenant, agent, dead-lettered deliveries, how many are owed.
 */
export const TAKE: Script = {
  name: 'a2aTake',
  lua: `${ROWS}${LOG}${DELIVERIES}
local lease, bytes = tonumber(ARGV[1]), tonumber(ARGV[2])
local time, got, taken = now(), 0, {}
for i = 3, #ARGV do
  if got >= bytes then break end
  local member = ARGV[i]
  local id, config = string.sub(member, 1, 36), string.sub(member, 37)
  local due = call('ZSCORE', P .. 'due', member)
  local seq, r = call('LINDEX', queue(id, config), 0), row(id)
  local event = seq and r and entryAt(r, tonumber(seq))
  if due and not event then
    call('ZREM', P .. 'due', member)
  elseif due and tonumber(due) <= time then
    call('ZADD', P .. 'due', time + lease, member)
    got = got + bytesOf(event)
    local tries = call('HGET', P .. 'oa:' .. id, config) or '0'
    taken[#taken + 1] = {
      id, r.ctx, config, seq, tries, call('HGET', P .. 'pc:' .. id, config), event, r.owner, r.tenant, r.agent,
      call('HGET', P .. 'pg:' .. id, config) or '0', call('LLEN', queue(id, config))}
  end
end
return taken`,
};

/** What a decision depends on: 'oldest' or 'behind', 'dead' or 'owed' or '', attempts, their log as JSON or '', and what was given up. */
const FACTS = `
local function facts(id, config, seq)
  local head, fate, tries, log = call('LINDEX', queue(id, config), 0), '', '0', ''
  if head == seq then
    fate, tries, log = 'owed', call('HGET', P .. 'oa:' .. id, config) or '0', call('HGET', P .. 'al:' .. id, config) or ''
  elseif call('ZSCORE', P .. 'pz:' .. id, config) then
    local _, dead = noteOf(id, config, seq)
    if dead then fate, tries, log = 'dead', text(dead.tries or 0), dead.log or ''
    elseif head and call('LPOS', queue(id, config), seq) then fate = 'owed' end
  end
  local place = head and tonumber(head) < tonumber(seq) and 'behind' or 'oldest'
  return {place, fate, tries, log, call('HGET', P .. 'pg:' .. id, config) or '0'}
end
`;

/** Values: task, config, seq. Returns the facts. */
export const READ_DELIVERY: Script = {
  name: 'a2aReadDelivery',
  lua: `${ROWS}${DELIVERIES}${FACTS}
return facts(unpack(ARGV))`,
};

/**
 * Values: task, config, seq, the facts as they were read, the patch as JSON: `delete`, `tries`, `log` and `givenUp` as texts, `fate`
 * ('dead' or 'owed') and its `reason`, `due` in ms from now, `enable`. Returns 1; nothing: the facts have changed. Attempts are kept of
 * the oldest only.
 */
export const PATCH_DELIVERY: Script = {
  name: 'a2aPatchDelivery',
  lua: `${ROWS}${DELIVERIES}${FACTS}
local id, config, seq, _, before, _, log = unpack(ARGV, 1, 7)
for i, fact in ipairs(facts(id, config, seq)) do if fact ~= ARGV[3 + i] then return nil end end
local patch = cjson.decode(ARGV[9])
if before == 'dead' and (patch.delete or patch.fate == 'owed') then
  call('LREM', P .. 'dead:' .. id, 1, (noteOf(id, config, seq)))
end
if patch.fate == 'owed' then
  local place
  for _, owed in ipairs(call('LRANGE', queue(id, config), 0, -1)) do
    if not place and tonumber(owed) > tonumber(seq) then place = owed end
  end
  if place then call('LINSERT', queue(id, config), 'BEFORE', place, seq) else call('RPUSH', queue(id, config), seq) end
end
if call('LINDEX', queue(id, config), 0) == seq then
  if patch.tries then call('HSET', P .. 'oa:' .. id, config, patch.tries) end
  if patch.log or patch.fate == 'owed' then call('HSET', P .. 'al:' .. id, config, patch.log or log) end
end
if before == 'owed' and (patch.delete or patch.fate == 'dead') then
  if patch.fate == 'dead' then deadLetter(id, config, seq, patch.reason) end
  unowe(id, config, seq)
end
if patch.due then
  if call('EXISTS', queue(id, config)) == 1 then call('ZADD', P .. 'due', now() + patch.due, id .. config)
  else call('ZREM', P .. 'due', id .. config) end
end
if patch.givenUp == '0' then call('HDEL', P .. 'pg:' .. id, config)
elseif patch.givenUp then call('HSET', P .. 'pg:' .. id, config, patch.givenUp) end
if patch.enable then
  call('HDEL', P .. 'pt:' .. id, config)
  if call('SREM', P .. 'pd:' .. id, config) == 1 then recount(row(id)) end
end
if patch.delete then dropKept(id) end
return 1`,
};

/** Values: task, config, seq, limit. Returns for an entry that is the oldest: the seqs that are owed, and the kind of each. */
export const READ_OWED: Script = {
  name: 'a2aReadOwed',
  lua: `${ROWS}${LOG}${DELIVERIES}
local id, config, seq, limit = unpack(ARGV)
local r, seqs, kinds = row(id), {}, {}
if r and call('LINDEX', queue(id, config), 0) == seq then seqs = call('LRANGE', queue(id, config), 0, limit - 1) end
for i, one in ipairs(seqs) do kinds[i] = string.match(entryAt(r, tonumber(one)) or '', '^%d+') or '' end
return {seqs, kinds}`,
};

/** Values: task, config, the seqs to delete, the one behind them. Returns 1; nothing: they are not the oldest any more. */
export const DELETE_OLDEST: Script = {
  name: 'a2aDeleteOldest',
  lua: `${ROWS}${DELIVERIES}
local id, config = unpack(ARGV, 1, 2)
for i = 3, #ARGV do if call('LINDEX', queue(id, config), i - 3) ~= ARGV[i] then return nil end end
for i = 3, #ARGV - 1 do unowe(id, config, ARGV[i]) end
call('ZADD', P .. 'due', now(), id .. config)
return 1`,
};
