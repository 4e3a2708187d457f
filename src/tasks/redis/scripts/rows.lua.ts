import type { TaskState } from '../../../protocol/model/index.js';
import { TASK_STATES, isInterrupted, isTerminal } from '../../../protocol/state/task-state.js';
import { toStored } from '../../task-states.js';
import { FORGOTTEN, QUEUED, WITH_MESSAGE } from './filter.lua.js';

/**
 * The fields of a task's row, in the order in which scripts return them. '' means absent. `scope`: owner, tenant and agent in one
 * string; `party`: owner and tenant; `at`: status time; `run`: the replica that runs it; `waits`: it is queued and starts no
 * earlier than this (µs); `begun`: newest seq that added a message; `configs`: the number of active configs, and `handlers` those of them
 * that no caller registered; `reason`: of its present status; `counted`: it is in the counts of what is stored.
 */
export const ROW_FIELDS = [
  ...(['owner', 'tenant', 'agent', 'ctx', 'state', 'at', 'seq', 'bytes', 'run', 'fence', 'turn', 'attempt'] as const),
  ...([
    'crashes',
    'failures',
    'waits',
    'cancel',
    'trim',
    'scope',
    'party',
    'made',
    'begun',
    'configs',
    'reason',
    'counted',
    'handlers',
  ] as const),
] as const;

/** Fields of `lines`: how many tasks are queued, in total and per owner. */
export const ALL_QUEUED = '*';
const OWNER_QUEUE = 'owner ';
export const ownerQueue = (owner: string): string => `${OWNER_QUEUE}${owner}`;

const named = (states: readonly TaskState[]): string =>
  `{${states.map((state) => `['${toStored(state)}'] = true`).join(', ')}}`;
const TERMINAL = named(TASK_STATES.filter(isTerminal));
const RESTING = named(TASK_STATES.filter((state) => isTerminal(state) || isInterrupted(state)));

/**
 * The prologue of every script. Keys, each after the prefix; keys of a task end with its id: `t:` its row; `e:` its log; `l:…` the
 * lists that hold it; `all` the ids of all tasks; `w:<scope>` queued tasks, `kinds:<agent>` the scopes that have some, `lines` how many of each owner;
 * `u:<agent>` tasks for which a message waits while nobody runs them; `f:<agent>` tasks on which nobody would act, by the time
 * since when; `o:<agent>:<process>` what a process runs, with `runners:<agent>` and `agents:<process>`. Times are the server's, in
 * ms; `made`, which orders the queues, is in µs.
 */
export const ROWS = `
local P, call = KEYS[1], redis.call
local TERMINAL, RESTING = ${TERMINAL}, ${RESTING}
local FIELDS = {${ROW_FIELDS.map((field) => `'${field}'`).join(', ')}}

local function micros() local t = call('TIME') return t[1] * 1000000 + t[2] end
local function now() return math.floor(micros() / 1000) end
local function text(number) return string.format('%.0f', number) end

local function row(id)
  local values = call('HMGET', P .. 't:' .. id, unpack(FIELDS))
  if not values[1] then return nil end
  local r = {id = id}
  for i, field in ipairs(FIELDS) do r[field] = values[i] or '' end
  return r
end

local function mine(id, scope)
  local r = row(id)
  if r and r.scope == scope then return r end
end

local function reply(r)
  local values = {r.id}
  for i, field in ipairs(FIELDS) do values[i + 1] = r[field] end
  return values
end

local function set(r, ...)
  local changes = {...}
  for i = 1, #changes, 2 do r[changes[i]] = tostring(changes[i + 1]) end
  call('HSET', P .. 't:' .. r.id, ...)
end

-- The lists that a task is in: one per filter that can be asked for. Their members are ordered by status time, then by id.
local function lists(scope, state, ctx)
  local l = P .. 'l:' .. scope
  return {l, l .. ':s:' .. state, l .. ':c:' .. ctx, l .. ':b:' .. state .. ':' .. ctx}
end
local function unlist(r)
  for _, key in ipairs(lists(r.scope, r.state, r.ctx)) do call('ZREM', key, r.at .. ' ' .. r.id) end
end
local function list(r)
  for _, key in ipairs(lists(r.scope, r.state, r.ctx)) do call('ZADD', key, 0, r.at .. ' ' .. r.id) end
end

local function countQueue(line, more)
  local count = tonumber(call('HGET', P .. 'lines', line) or 0) + more
  if count > 0 then call('HSET', P .. 'lines', line, count) else call('HDEL', P .. 'lines', line) end
end
local function leaveQueue(r)
  if call('ZREM', P .. 'w:' .. r.scope, r.id) == 0 then return end
  countQueue('${OWNER_QUEUE}' .. r.owner, -1)
  countQueue('${ALL_QUEUED}', -1)
  if call('EXISTS', P .. 'w:' .. r.scope) == 0 then call('ZREM', P .. 'kinds:' .. r.agent, r.scope) end
end
local function enterQueue(r)
  if call('ZADD', P .. 'w:' .. r.scope, r.waits, r.id) == 0 then return end
  countQueue('${OWNER_QUEUE}' .. r.owner, 1)
  countQueue('${ALL_QUEUED}', 1)
  call('ZADD', P .. 'kinds:' .. r.agent, 'NX', 0, r.scope)
end
-- Into the indexes of what nobody runs, or out of them.
local function reindex(r)
  local message = call('EXISTS', P .. 'i:' .. r.id) == 1
  if ${QUEUED} then enterQueue(r) else leaveQueue(r) end
  if ${WITH_MESSAGE} then call('ZADD', P .. 'u:' .. r.agent, r.made, r.id) else call('ZREM', P .. 'u:' .. r.agent, r.id) end
  if ${FORGOTTEN} then call('ZADD', P .. 'f:' .. r.agent, 'NX', now(), r.id) else call('ZREM', P .. 'f:' .. r.agent, r.id) end
end

local function disown(r)
  if r.run == '' then return end
  local key = P .. 'o:' .. r.agent .. ':' .. r.run
  call('ZREM', key, r.id)
  if call('EXISTS', key) == 1 then return end
  call('SREM', P .. 'runners:' .. r.agent, r.run)
  call('SREM', P .. 'agents:' .. r.run, r.agent)
end
-- Notes whose it is; the row says so already.
local function own(r)
  if r.run == '' then return end
  call('ZADD', P .. 'o:' .. r.agent .. ':' .. r.run, r.made, r.id)
  call('SADD', P .. 'runners:' .. r.agent, r.run)
  call('SADD', P .. 'agents:' .. r.run, r.agent)
end
-- To another process, or to nobody, with further changes of the row.
local function hand(r, run, ...)
  disown(r)
  set(r, 'run', run, ...)
  own(r)
  reindex(r)
  return r
end
`;
