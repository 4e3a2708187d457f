import { KEPT_BY_TRIM, RETENTION_FILTERS } from '../../core/retention-filter.js';
import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { ENDING } from './ending.lua.js';
import { retentionLua } from './filter.lua.js';
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
 * The rows of an index that a filter of retention finds, of an agent (ARGV[1]) and a state (ARGV[2]), in it for so many ms (ARGV[3]),
 * longest first, ARGV[4] at most.
 */
const found = (
  index: string,
  filter: keyof typeof RETENTION_FILTERS,
): string => `${ROWS}${DELIVERIES}${MESSAGES}${ENDING}${HELD}
local key, upto, limit = P .. '${index}:' .. ARGV[1] .. ':' .. ARGV[2], text(now() - ARGV[3]), tonumber(ARGV[4])
local rows, offset, ids = {}, 0
repeat
  ids = call('ZRANGEBYSCORE', key, '-inf', upto, 'LIMIT', offset, limit)
  for _, id in ipairs(ids) do
    local r = row(id)
    if #rows < limit and r and ${retentionLua(RETENTION_FILTERS[filter])} then rows[#rows + 1] = r end
  end
  offset = offset + #ids
until #rows >= limit or #ids < limit
`;

/** Values: agent, state, how long in ms, limit. Returns how many were deleted. */
export const DELETE_ENDED: Script = {
  name: 'a2aDeleteEnded',
  lua: `${found('rest', 'deletable')}
for _, r in ipairs(rows) do remove(r) end
return #rows`,
};

/** Values: agent, state, how long in ms, limit. Returns rows. */
export const ABANDONED: Script = {
  name: 'a2aAbandoned',
  lua: `${found('rest', 'abandoned')}
for i, r in ipairs(rows) do rows[i] = reply(r) end
return rows`,
};

/** Values: agent, state, how long in ms, limit. Returns ids. */
export const UNTRIMMED: Script = {
  name: 'a2aUntrimmed',
  lua: `${found('untrimmed', 'trimmable')}
for i, r in ipairs(rows) do rows[i] = r.id end
return rows`,
};

/** Values: id. The task is too large for a snapshot: it keeps its log and is not read again. */
export const KEEP_LOG: Script = {
  name: 'a2aKeepLog',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${ENDING}
local r = row(ARGV[1])
if r then call('ZREM', P .. 'untrimmed:' .. resting(r), r.id) end`,
};

/** Keeps the events of deliveries. */
const KEEP = {
  owed: `
for _, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do
  for _, seq in ipairs(call('LRANGE', queue(r.id, config), 0, -1)) do keep(seq) end
end`,
  dead: `
for _, note in ipairs(call('LRANGE', P .. 'dead:' .. r.id, 0, -1)) do keep(cjson.decode(note).seq) end`,
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
local function keep(seq)
  local number = tonumber(seq)
  if number > trim and number <= upto then call('HSET', P .. 'k:' .. r.id, text(number), entryAt(r, number)) end
end
${KEPT_BY_TRIM.map((which) => KEEP[which]).join('')}
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
