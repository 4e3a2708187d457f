import type { Script } from '../redis-connection.js';
import { LOG } from './log.lua.js';
import { ROWS } from './rows.lua.js';

/** Values: id, scope. Returns the row, or nothing. */
export const HEAD: Script = {
  name: 'a2aHead',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
return r and reply(r)`,
};

/** Values: id, scope, after which seq, how many, bytes. Returns context, newest seq, trimmed seq, entries. */
export const PAGE: Script = {
  name: 'a2aPage',
  lua: `${ROWS}${LOG}
local r = mine(ARGV[1], ARGV[2])
if not r then return nil end
local after = tonumber(ARGV[3])
local entries = {}
if after >= tonumber(r.trim) then
  entries = stretch(r, after, tonumber(r.seq), tonumber(ARGV[4]), tonumber(ARGV[5]), false)
end
return {r.ctx, r.seq, r.trim, entries}`,
};

/**
 * Values: id, scope ('*': any), bytes, '1' without artifacts, up to which seq ('': all). Returns the row; the texts of its
 * snapshot (the task without artifacts, the artifacts), '' for none; the seq of the snapshot, and how far the entries reach; the
 * entries after the snapshot.
 */
export const CONTENT: Script = {
  name: 'a2aContent',
  lua: `${ROWS}${LOG}
local r = row(ARGV[1])
if not r or ARGV[2] ~= '*' and ARGV[2] ~= r.scope then return nil end
local bare = ARGV[4] == '1'
local snapshot = call('HMGET', P .. 's:' .. r.id, 'seq', 'task', bare and '-' or 'artifacts')
local after = tonumber(snapshot[1] or 0)
local upto = math.max(after, math.min(tonumber(r.seq), tonumber(ARGV[5]) or math.huge))
local entries, reached = stretch(r, after, upto, 2048, tonumber(ARGV[3]), bare)
return {reply(r), snapshot[2] or '', snapshot[3] or '', text(upto), text(reached), entries}`,
};

/** Values: id, after which seq, up to which, bytes, '1' without artifacts. Returns how far the entries reach, the entries. */
export const STRETCH: Script = {
  name: 'a2aStretch',
  lua: `${ROWS}${LOG}
local r = row(ARGV[1])
local after, upto = tonumber(ARGV[2]), tonumber(ARGV[3])
if not r or after < tonumber(r.trim) then return nil end
local entries, reached = stretch(r, after, math.min(upto, tonumber(r.seq)), 2048, tonumber(ARGV[4]), ARGV[5] == '1')
return {text(reached), entries}`,
};

/** Values: id and scope of each task. Returns the newest seq of each, '' where there is no such task. */
export const LAST_SEQS: Script = {
  name: 'a2aLastSeqs',
  lua: `
local seqs = {}
for i = 1, #ARGV, 2 do
  local row = redis.call('HMGET', KEYS[1] .. 't:' .. ARGV[i], 'scope', 'seq')
  seqs[#seqs + 1] = row[1] == ARGV[i + 1] and row[2] or ''
end
return seqs`,
};

/** Values: scope, message id. Returns task (36 characters) and digest, or nothing. */
export const KNOWN_MESSAGE: Script = {
  name: 'a2aKnownMessage',
  lua: `return redis.call('HGET', KEYS[1] .. 'm:' .. ARGV[1], ARGV[2])`,
};

/**
 * Values: scope, state, context, earliest status time, last task of the previous page ('': any), how many. Returns the total, the
 * rows.
 */
export const LIST: Script = {
  name: 'a2aList',
  lua: `${ROWS}
local scope, state, ctx, from, last, limit = unpack(ARGV)
local all, byState, byContext, byBoth = unpack(lists(scope, state, ctx))
local key = state == '' and (ctx == '' and all or byContext) or (ctx == '' and byState or byBoth)
local least = from == '' and '-' or '[' .. from
local rows = {}
for _, member in ipairs(call('ZRANGE', key, last == '' and '+' or '(' .. last, least, 'BYLEX', 'REV', 'LIMIT', 0, limit)) do
  local r = row(string.match(member, ' (.*)$'))
  if r then rows[#rows + 1] = reply(r) end
end
return {text(call('ZLEXCOUNT', key, least, '+')), rows}`,
};

/** Values: id. Returns newest seq and bytes of the task; seq, bytes and size of its snapshot, '' for none. */
export const REACH: Script = {
  name: 'a2aReach',
  lua: `
local row = redis.call('HMGET', KEYS[1] .. 't:' .. ARGV[1], 'seq', 'bytes')
if not row[1] then return nil end
local s = redis.call('HMGET', KEYS[1] .. 's:' .. ARGV[1], 'seq', 'bytes', 'size')
return {row[1], row[2], s[1] or '', s[2] or '', s[3] or ''}`,
};

/** Values: ids. Returns for each task an upper bound in bytes without the artifacts that its snapshot covers, '' where there is none. */
export const BARE_BYTES: Script = {
  name: 'a2aBareBytes',
  lua: `
local sizes = {}
for i, id in ipairs(ARGV) do
  local bytes = redis.call('HGET', KEYS[1] .. 't:' .. id, 'bytes')
  local key = KEYS[1] .. 's:' .. id
  local covered = redis.call('HGET', key, 'bytes') or 0
  sizes[i] = bytes and string.format('%.0f', bytes - covered + redis.call('HSTRLEN', key, 'task')) or ''
end
return sizes`,
};

/** Values: id, seq, bytes of the events, size, texts of the task without artifacts and of its artifacts. */
export const WRITE_SNAPSHOT: Script = {
  name: 'a2aWriteSnapshot',
  lua: `
local key = KEYS[1] .. 's:' .. ARGV[1]
if redis.call('EXISTS', KEYS[1] .. 't:' .. ARGV[1]) == 0 then return end
if tonumber(redis.call('HGET', key, 'seq') or 0) >= tonumber(ARGV[2]) then return end
redis.call('HSET', key, 'seq', ARGV[2], 'bytes', ARGV[3], 'size', ARGV[4], 'task', ARGV[5], 'artifacts', ARGV[6])`,
};

/** Values: an owner or a tenant, as a field. Returns how many tasks are stored of it, and the bytes of their events. */
export const USAGE: Script = {
  name: 'a2aUsage',
  lua: `
local P, field = KEYS[1], ARGV[1]
return {redis.call('HGET', P .. 'tasks', field) or '0', redis.call('HGET', P .. 'bytes', field) or '0'}`,
};
