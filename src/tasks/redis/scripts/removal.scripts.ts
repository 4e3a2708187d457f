import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { ENDING } from './ending.lua.js';
import { HELD } from './hold.scripts.js';
import { LOG } from './log.lua.js';
import { MESSAGES } from './messages.lua.js';
import { ROWS } from './rows.lua.js';

/** Values: id, scope. */
export const DELETE: Script = {
  name: 'a2aDelete',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${ENDING}
local r = mine(ARGV[1], ARGV[2])
if not r then return 0 end
for _, message in ipairs(call('HKEYS', P .. 'tm:' .. r.id)) do forget(r.scope, r.id, message) end
remove(r)
return 1`,
};

/**
 * Calls \`use\` with the tasks of an index (agent, state) that have been in it for \`ms\`, longest first, until it has returned
 * true \`limit\` times.
 */
const THOSE = `
local function those(line, agent, state, ms, limit, use)
  local key, upto, offset, used = P .. line .. ':' .. agent .. ':' .. state, text(now() - ms), 0, 0
  while used < limit do
    local ids = call('ZRANGEBYSCORE', key, '-inf', upto, 'LIMIT', offset, limit)
    for _, id in ipairs(ids) do
      local r = row(id)
      if used < limit and r and use(r) then used = used + 1 else offset = offset + 1 end
    end
    if #ids < limit then break end
  end
  return used
end
`;

/** As `those`, for tasks that stay in the index: returns the rows that \`wanted\` accepts. */
const FOUND = `
local function found(line, agent, state, ms, limit, wanted)
  local key, upto, offset, rows = P .. line .. ':' .. agent .. ':' .. state, text(now() - ms), 0, {}
  while #rows < limit do
    local ids = call('ZRANGEBYSCORE', key, '-inf', upto, 'LIMIT', offset, limit)
    for _, id in ipairs(ids) do
      local r = row(id)
      if #rows < limit and r and wanted(r) then rows[#rows + 1] = r end
    end
    offset = offset + #ids
    if #ids < limit then break end
  end
  return rows
end
`;

/** Values: agent, state, how long in ms, limit. Returns how many were deleted. */
export const DELETE_ENDED: Script = {
  name: 'a2aDeleteEnded',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${ENDING}${HELD}${THOSE}
return those('rest', ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), function(r)
  if not TERMINAL[r.state] or held(r) then return false end
  for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
    if call('EXISTS', queue(r.id, config)) == 1 then return false end
  end
  remove(r)
  return true
end)`,
};

/** Values: agent, state, how long in ms, limit. Returns rows. */
export const ABANDONED: Script = {
  name: 'a2aAbandoned',
  lua: `${ROWS}${FOUND}
local rows = {}
for _, r in ipairs(found('rest', ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), function(r)
  return r.run == '' and r.waits == '' and not TERMINAL[r.state] and call('EXISTS', P .. 'i:' .. r.id) == 0
end)) do rows[#rows + 1] = reply(r) end
return rows`,
};

/** Values: agent, state, how long in ms, limit. Returns ids. */
export const UNTRIMMED: Script = {
  name: 'a2aUntrimmed',
  lua: `${ROWS}${HELD}${FOUND}
local ids = {}
for _, r in ipairs(found('untrimmed', ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), function(r) return not held(r) end)) do
  ids[#ids + 1] = r.id
end
return ids`,
};

/** Values: id. The task is too large for a snapshot: it keeps its log and is not read again. */
export const KEEP_LOG: Script = {
  name: 'a2aKeepLog',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${ENDING}
local r = row(ARGV[1])
if r then call('ZREM', P .. 'untrimmed:' .. resting(r), r.id) end`,
};

/** Values: id, up to which seq ('': all). Returns 'uncovered' when no snapshot covers the log; then nothing was done. */
export const TRIM: Script = {
  name: 'a2aTrim',
  lua: `${ROWS}${LOG}${DELIVERIES}${MESSAGES}${ENDING}
local r = row(ARGV[1])
if not r or not TERMINAL[r.state] then return 'nothing' end
if call('HGET', P .. 's:' .. r.id, 'seq') ~= r.seq then return 'uncovered' end
local trim, upto = tonumber(r.trim), math.min(tonumber(ARGV[2]) or math.huge, tonumber(r.seq))
if upto <= trim then return 'nothing' end
-- What webhooks are still owed stays, and what was given up and may be owed again, out of the sight of readers.
local function keep(seq)
  local number = tonumber(seq)
  if number > trim and number <= upto then call('HSET', P .. 'k:' .. r.id, text(number), entryAt(r, number)) end
end
for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
  for _, seq in ipairs(call('LRANGE', queue(r.id, config), 0, -1)) do
    keep(seq)
  end
end
for _, note in ipairs(call('LRANGE', P .. 'dead:' .. r.id, 0, -1)) do keep(cjson.decode(note).seq) end
call('LTRIM', P .. 'e:' .. r.id, upto - trim, -1)
set(r, 'trim', upto)
call('ZREM', P .. 'untrimmed:' .. resting(r), r.id)
return 'trimmed'`,
};

/** Values: age in ms, limit. Returns how many messages were deleted. */
export const FORGET_MESSAGES: Script = {
  name: 'a2aForgetMessages',
  lua: `${ROWS}${MESSAGES}
local upto = '(' .. text(now() - ARGV[1])
local old = call('ZRANGEBYSCORE', P .. 'old', '-inf', upto, 'LIMIT', 0, ARGV[2])
for _, member in ipairs(old) do
  forget(string.sub(member, 1, 43), string.sub(member, 44, 79), string.sub(member, 80))
end
return #old`,
};

/** Values: name, ms. Returns 1 to the first caller. */
export const CLAIM_JOB: Script = {
  name: 'a2aClaimJob',
  lua: `return redis.call('SET', KEYS[1] .. 'job:' .. ARGV[1], '1', 'PX', ARGV[2], 'NX') and 1 or 0`,
};
