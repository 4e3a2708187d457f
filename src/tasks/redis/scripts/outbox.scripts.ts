import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { LOG } from './log.lua.js';
import { ROWS } from './rows.lua.js';
import { KIND_CODES } from '../../event-row.js';

/** The digit that starts an artifact entry. */
const ARTIFACT = String(KIND_CODES.artifact).charCodeAt(0);
const ARTIFACT_WITH_METADATA = String(KIND_CODES.artifactWithMetadata).charCodeAt(0);

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

/** For an entry that was taken. Only the oldest of a config is ever handed out, so only the oldest can be settled. */
const ENTRY = `
local id, config, seq = unpack(ARGV)
if call('LINDEX', queue(id, config), 0) ~= seq then return 0 end
local function nextOne()
  call('LPOP', queue(id, config))
  call('HDEL', P .. 'oa:' .. id, config)
  call('HDEL', P .. 'al:' .. id, config)
  if call('EXISTS', queue(id, config)) == 1 then call('ZADD', P .. 'due', now(), id .. config)
  else call('ZREM', P .. 'due', id .. config) end
  -- What was trimmed is kept for the last who is owed it.
  if call('EXISTS', P .. 'k:' .. id) == 0 or call('EXISTS', P .. 'dead:' .. id) == 1 then return end
  for _, one in ipairs(call('ZRANGE', P .. 'pz:' .. id, 0, -1)) do
    if call('EXISTS', queue(id, one)) == 1 then return end
  end
  call('UNLINK', P .. 'k:' .. id)
end
`;

/** Values: task, config, seq. */
export const COMPLETE: Script = {
  name: 'a2aComplete',
  lua: `${ROWS}${DELIVERIES}${ENTRY}
nextOne()
call('HDEL', P .. 'pg:' .. id, config)`,
};

/** Values: task, config, seq. */
export const SKIP_FOLLOWED: Script = {
  name: 'a2aSkipFollowed',
  lua: `${ROWS}${LOG}${DELIVERIES}${ENTRY}
local r = row(id)
while r and call('LLEN', queue(id, config)) > 1 do
  local event = entryAt(r, tonumber(call('LINDEX', queue(id, config), 0)))
  local kind = event and string.byte(event)
  if kind ~= ${ARTIFACT} and kind ~= ${ARTIFACT_WITH_METADATA} then break end
  nextOne()
end
call('ZADD', P .. 'due', now(), id .. config)`,
};

/** Values: task, config, seq, delay in ms, '' or the number of attempts before the new one, the new one as JSON or ''. */
export const POSTPONE: Script = {
  name: 'a2aPostpone',
  lua: `${ROWS}${DELIVERIES}${ENTRY}
if ARGV[5] ~= '' then
  if (call('HGET', P .. 'oa:' .. id, config) or '0') ~= ARGV[5] then return 0 end
  call('HSET', P .. 'oa:' .. id, config, ARGV[5] + 1)
  logAttempt(id, config, ARGV[6])
end
call('ZADD', P .. 'due', now() + ARGV[4], id .. config)`,
};

/** For an entry that is already dead-lettered, when the call is repeated. */
const BURIED = `
for _, note in ipairs(call('LRANGE', P .. 'dead:' .. ARGV[1], 0, -1)) do
  local dead = cjson.decode(note)
  if dead.config == ARGV[2] and dead.seq == tonumber(ARGV[3]) then
    return tonumber(call('HGET', P .. 'pg:' .. ARGV[1], ARGV[2]) or '0')
  end
end
`;

/** Values: task, config, seq, reason, the last attempt as JSON or ''. Returns how many were dead-lettered since the last completed one. */
export const BURY: Script = {
  name: 'a2aBury',
  lua: `${ROWS}${DELIVERIES}${BURIED}${ENTRY}
if ARGV[5] ~= '' then call('HINCRBY', P .. 'oa:' .. id, config, 1) end
logAttempt(id, config, ARGV[5])
deadLetter(id, config, seq, ARGV[4])
nextOne()
return call('HINCRBY', P .. 'pg:' .. id, config, 1)`,
};
