import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { LOG } from './log.lua.js';
import { ROWS } from './rows.lua.js';

/**
 * Values: an id ('': none), '1' to begin with it, how many. Returns the next ids in descending order, and of each task the row, and
 * how many dead letters it has.
 */
export const NEWEST: Script = {
  name: 'a2aNewest',
  lua: `${ROWS}
local from = ARGV[1] == '' and '+' or (ARGV[2] == '1' and '[' or '(') .. ARGV[1]
local ids, found = call('ZRANGE', P .. 'all', from, '-', 'BYLEX', 'REV', 'LIMIT', 0, ARGV[3]), {}
for _, id in ipairs(ids) do
  local r = row(id)
  if r then found[#found + 1] = {reply(r), call('LLEN', P .. 'dead:' .. id)} end
end
return {ids, found}`,
};

/** Values: a cursor of SCAN. Puts tasks of a version that kept no such index into \`all\`. Returns the next cursor; '0': all are there. */
export const FILL_INDEX: Script = {
  name: 'a2aFillIndex',
  lua: `${ROWS}
if call('EXISTS', P .. 'whole') == 1 then return '0' end
local page = call('SCAN', ARGV[1], 'MATCH', string.gsub(P, '[%[%]%*%?%^\\\\]', '\\\\%0') .. 't:*', 'COUNT', 1000)
for _, key in ipairs(page[2]) do call('ZADD', P .. 'all', 0, string.sub(key, #P + 3)) end
if page[1] == '0' then call('SET', P .. 'whole', '1') end
return page[1]`,
};

/** Values: id. Returns the row, or nothing. */
export const ANY_HEAD: Script = {
  name: 'a2aAnyHead',
  lua: `${ROWS}
local r = row(ARGV[1])
return r and reply(r)`,
};

/**
 * Values: id. Returns the row, and of the events that began its first and its present turn: the seq, the length of the request (UTF-16),
 * and the end of the entry, which has it.
 */
export const ANY_TASK: Script = {
  name: 'a2aAnyTask',
  lua: `${ROWS}${LOG}
local r = row(ARGV[1])
if not r then return nil end
local begun, seqs = {}, {1}
if r.begun ~= '1' then seqs[2] = tonumber(r.begun) end
for _, seq in ipairs(seqs) do
  local entry = entryAt(r, seq)
  local length = entry and tonumber(string.match(entry, '^%S+ %S+ %S+ %S+ %S+ %S+ (%d+)'))
  -- No unit of UTF-16 is more than three bytes.
  if length then begun[#begun + 1] = {seq, length, string.sub(entry, -3 * length)} end
end
return {reply(r), begun}`,
};

/** Values: id, after which seq, how many, bytes. Returns the context and the entries. */
export const ANY_PAGE: Script = {
  name: 'a2aAnyPage',
  lua: `${ROWS}${LOG}
local r = row(ARGV[1])
if not r then return nil end
local after = math.max(tonumber(ARGV[2]), tonumber(r.trim))
return {r.ctx, (stretch(r, after, tonumber(r.seq), tonumber(ARGV[3]), tonumber(ARGV[4]), false))}`,
};

/** Values: ids. Returns of each task the head of its second event, '' where there is none. */
export const SECOND_EVENTS: Script = {
  name: 'a2aSecondEvents',
  lua: `${ROWS}${LOG}
local heads = {}
for i, id in ipairs(ARGV) do
  local r = row(id)
  local entry = r and entryAt(r, 2)
  heads[i] = entry and string.match(entry, '^[^\\n]*') or ''
end
return heads`,
};

/**
 * Values: the first of 60 minutes in ms, then pairs of agent and state. Returns for each pair how many tasks reached that state in
 * each minute.
 */
export const ENDED_BY_MINUTE: Script = {
  name: 'a2aEndedByMinute',
  lua: `${ROWS}
local first, counts = tonumber(ARGV[1]), {}
for i = 2, #ARGV, 2 do
  local key, minutes = P .. 'rest:' .. ARGV[i] .. ':' .. ARGV[i + 1], {}
  for minute = 0, 59 do
    minutes[minute + 1] = call('ZCOUNT', key, text(first + minute * 60000), '(' .. text(first + (minute + 1) * 60000))
  end
  counts[#counts + 1] = minutes
end
return counts`,
};

/** Values: the most webhooks to count. Returns how many tasks are queued, how many deliveries are owed, when the first is due or ''. */
export const TOTALS: Script = {
  name: 'a2aTotals',
  lua: `${ROWS}${DELIVERIES}
local owed = 0
for _, member in ipairs(call('ZRANGE', P .. 'due', 0, ARGV[1] - 1)) do
  owed = owed + call('LLEN', queue(string.sub(member, 1, 36), string.sub(member, 37)))
end
local first = call('ZRANGE', P .. 'due', 0, 0, 'WITHSCORES')
return {call('HGET', P .. 'lines', '*') or '0', owed, first[2] or ''}`,
};

/** Values: processes. Returns how many tasks each runs. */
export const RUNS_OF: Script = {
  name: 'a2aRunsOf',
  lua: `${ROWS}
local counts = {}
for i, process in ipairs(ARGV) do
  counts[i] = 0
  for _, agent in ipairs(call('SMEMBERS', P .. 'agents:' .. process)) do
    counts[i] = counts[i] + call('ZCARD', P .. 'o:' .. agent .. ':' .. process)
  end
end
return counts`,
};

/**
 * Values: the most seqs of a webhook, ids. Returns of each webhook of these tasks: task, config, its time, its text, when it was
 * disabled (ms) or '', when the next is due or '', attempts of the oldest, their log or '', the seqs that are owed.
 */
export const WEBHOOKS_OF: Script = {
  name: 'a2aWebhooksOf',
  lua: `${ROWS}${DELIVERIES}
local found = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local configs = call('ZRANGE', P .. 'pz:' .. id, 0, -1, 'WITHSCORES')
  for j = 1, #configs, 2 do
    local config, made = configs[j], configs[j + 1]
    local off = call('SISMEMBER', P .. 'pd:' .. id, config) == 1
    found[#found + 1] = {id, config, made, call('HGET', P .. 'pc:' .. id, config),
      off and (call('HGET', P .. 'pt:' .. id, config) or made) or '',
      call('ZSCORE', P .. 'due', id .. config) or '', call('HGET', P .. 'oa:' .. id, config) or '0',
      call('HGET', P .. 'al:' .. id, config) or '', call('LRANGE', queue(id, config), 0, ARGV[1] - 1)}
  end
end
return found`,
};

/** Values: id. Returns the notes of its dead letters. */
export const DEAD_OF: Script = {
  name: 'a2aDeadOf',
  lua: `return redis.call('LRANGE', KEYS[1] .. 'dead:' .. ARGV[1], 0, -1)`,
};
