import type { Script } from '../redis-connection.js';
import { LOG } from './log.lua.js';
import { ROWS } from './rows.lua.js';

/** Gives a task to a process as a new run, with further changes of its row. */
const CLAIMS = `
local function claim(r, run, ...) return reply(hand(r, run, 'fence', r.fence + 1, 'waits', '', ...)) end
`;

const AWAITS_TURN = `
-- A message waits for it, and nobody is to start its turn yet.
local function awaitsTurn(r)
  return r and r.run == '' and r.waits == '' and not TERMINAL[r.state] and call('EXISTS', P .. 'i:' .. r.id) == 1
end
`;

/** Values: id, scope. */
export const ENQUEUE_TURN: Script = {
  name: 'a2aEnqueueTurn',
  lua: `${ROWS}${AWAITS_TURN}
local r = mine(ARGV[1], ARGV[2])
if not awaitsTurn(r) then return 0 end
hand(r, '', 'fence', r.fence + 1, 'turn', r.turn + 1, 'attempt', 0, 'losses', 0, 'failures', 0, 'waits', text(micros()))
return 1`,
};

/** Values: id, scope, process. */
export const CLAIM_TURN: Script = {
  name: 'a2aClaimTurn',
  lua: `${ROWS}${CLAIMS}${AWAITS_TURN}
local r = mine(ARGV[1], ARGV[2])
if not awaitsTurn(r) then return nil end
return claim(r, ARGV[3], 'turn', r.turn + 1, 'attempt', 1, 'losses', 0, 'failures', 0)`,
};

/** Values: id, scope, fence, the turn that it is in. Also of one that is in the next already. */
export const NEXT_TURN: Script = {
  name: 'a2aNextTurn',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
local from = tonumber(ARGV[4])
if not r or r.fence ~= ARGV[3] or r.run == '' or TERMINAL[r.state] then return 0 end
if tonumber(r.turn) ~= from and tonumber(r.turn) ~= from + 1 then return 0 end
set(r, 'turn', from + 1, 'attempt', 1, 'losses', 0, 'failures', 0)
return 1`,
};

/** Values: id, scope, fence. */
export const RELEASE: Script = {
  name: 'a2aRelease',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
if not r or r.fence ~= ARGV[3] then return 'fenced' end
if TERMINAL[r.state] or r.run == '' then return 'released' end
if r.cancel ~= '' then return 'canceled' end
if call('EXISTS', P .. 'i:' .. r.id) == 1 then return 'inbox' end
hand(r, '')
return 'released'`,
};

/** Values: id, scope, fence, when it has its place in ms from now or '', '1' if it failed. Nobody is to write in the name of the run any more. */
export const HAND_BACK: Script = {
  name: 'a2aHandBack',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
if r and r.run == '' and r.waits ~= '' and tonumber(r.fence) == ARGV[3] + 1 then return 'waiting' end
if not r or r.fence ~= ARGV[3] then return 'fenced' end
if TERMINAL[r.state] then return 'terminal' end
if r.run == '' then return 'fenced' end
if r.cancel ~= '' then return 'canceled' end
local waits = ARGV[4] == '' and r.made or text(micros() + ARGV[4] * 1000)
hand(r, '', 'fence', r.fence + 1, 'waits', waits, 'failures', r.failures + ARGV[5])
return 'waiting'`,
};

/** Values: id, scope, process. */
export const SEIZE: Script = {
  name: 'a2aSeize',
  lua: `${ROWS}${CLAIMS}
local r = mine(ARGV[1], ARGV[2])
if not r or TERMINAL[r.state] then return nil end
return claim(r, ARGV[3])`,
};

/** Values: id, scope, fence, from, to, '1' if it was started. */
export const RETAKE: Script = {
  name: 'a2aRetake',
  lua: `${ROWS}${CLAIMS}
local r = mine(ARGV[1], ARGV[2])
if not r or r.fence ~= ARGV[3] or r.run ~= ARGV[4] or TERMINAL[r.state] then return nil end
return claim(r, ARGV[5], 'attempt', r.attempt + ARGV[6], 'losses', r.losses + ARGV[6])`,
};

/** Values: id, scope. Gives the row. */
export const REQUEST_CANCEL: Script = {
  name: 'a2aRequestCancel',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
if not r then return nil end
if r.cancel == '' and not TERMINAL[r.state] then
  set(r, 'cancel', text(now()))
  call('SADD', P .. 'cancels', r.id)
  place(r)
end
return reply(r)`,
};

/** Values: process. Gives ids. */
export const CANCEL_REQUESTS: Script = {
  name: 'a2aCancelRequests',
  lua: `
local ids = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1] .. 'cancels')) do
  if redis.call('HGET', KEYS[1] .. 't:' .. id, 'run') == ARGV[1] then ids[#ids + 1] = id end
end
return ids`,
};

/** Values: id, scope, fence. Gives the turn, and the entry with which the newest one began. */
export const BEGUN_TURN: Script = {
  name: 'a2aBegunTurn',
  lua: `${ROWS}${LOG}
local r = mine(ARGV[1], ARGV[2])
local entry = r and r.fence == ARGV[3] and entryAt(r, tonumber(r.begun))
return entry and {r.turn, entry} or nil`,
};

const OLDEST = `
-- The first rows behind an id, in the order of their ids, which are made of their times.
local function oldest(ids, limit, after)
  local found, rows = {}, {}
  for _, id in ipairs(ids) do if id > after then found[#found + 1] = id end end
  table.sort(found)
  for i = 1, math.min(limit, #found) do rows[i] = reply(row(found[i])) end
  return rows
end
local function gather(all, ids) for _, id in ipairs(ids) do all[#all + 1] = id end end
`;

/** Values: limit, the id behind which it begins, agents. Gives rows. */
export const UNANSWERED: Script = {
  name: 'a2aUnanswered',
  lua: `${ROWS}${OLDEST}
local found = {}
for i = 3, #ARGV do gather(found, call('ZRANGE', P .. 'u:' .. ARGV[i], 0, -1)) end
return oldest(found, tonumber(ARGV[1]), ARGV[2])`,
};

/** Values: limit, the id behind which it begins, for how long in ms, agents. Gives rows. */
export const FORGOTTEN: Script = {
  name: 'a2aForgotten',
  lua: `${ROWS}${OLDEST}
local found, since = {}, now() - ARGV[3]
for i = 4, #ARGV do gather(found, call('ZRANGEBYSCORE', P .. 'f:' .. ARGV[i], '-inf', since)) end
return oldest(found, tonumber(ARGV[1]), ARGV[2])`,
};

/** Values: id, scope, fence, process. */
export const ADOPT: Script = {
  name: 'a2aAdopt',
  lua: `${ROWS}${CLAIMS}
local r = mine(ARGV[1], ARGV[2])
if not r or r.fence ~= ARGV[3] or not forgotten(r) then return nil end
return claim(r, ARGV[4], 'attempt', r.attempt + 1, 'losses', r.losses + 1)`,
};

/** Values: process, limit, the id behind which it begins, what it runs. Gives rows. */
export const STRAYS: Script = {
  name: 'a2aStrays',
  lua: `${ROWS}${OLDEST}
local running, found = {}, {}
for i = 4, #ARGV do running[ARGV[i]] = true end
for _, agent in ipairs(call('SMEMBERS', P .. 'agents:' .. ARGV[1])) do
  for _, id in ipairs(call('ZRANGE', P .. 'o:' .. agent .. ':' .. ARGV[1], 0, -1)) do
    if not running[id] then found[#found + 1] = id end
  end
end
return oldest(found, tonumber(ARGV[2]), ARGV[3])`,
};

/** \`replicas\`: the processes that are alive, each with the end of its lease, which differs with each renewal; \`leases\`: how long those are. */
const ALIVE = `
local function alive(process) return call('ZSCORE', P .. 'replicas', process) end
`;

/** Values: limit, the id behind which it begins, agents. Gives rows. */
export const ORPHANS: Script = {
  name: 'a2aOrphans',
  lua: `${ROWS}${OLDEST}${ALIVE}
local found = {}
for i = 3, #ARGV do
  for _, process in ipairs(call('SMEMBERS', P .. 'runners:' .. ARGV[i])) do
    if not alive(process) then
      gather(found, call('ZRANGE', P .. 'o:' .. ARGV[i] .. ':' .. process, 0, -1))
    end
  end
end
return oldest(found, tonumber(ARGV[1]), ARGV[2])`,
};

/** Values: id, process. */
export const TAKEOVER: Script = {
  name: 'a2aTakeover',
  lua: `${ROWS}${CLAIMS}${ALIVE}
local r = row(ARGV[1])
if not r or r.run == '' or TERMINAL[r.state] or alive(r.run) then return nil end
return claim(r, ARGV[2], 'attempt', r.attempt + 1, 'losses', r.losses + 1)`,
};

const KEEP = `
local function keep(process, lease)
  call('ZADD', P .. 'replicas', now() + lease, process)
  call('HSET', P .. 'leases', process, lease)
end
local function forget(process)
  call('HDEL', P .. 'leases', process)
  return call('ZREM', P .. 'replicas', process)
end
`;

/** Values: process, lease in ms. */
export const REGISTER: Script = {
  name: 'a2aRegister',
  lua: `${ROWS}${KEEP}
keep(ARGV[1], ARGV[2])`,
};

/** Values: process, lease in ms. */
export const RENEW: Script = {
  name: 'a2aRenew',
  lua: `${ROWS}${ALIVE}${KEEP}
if not alive(ARGV[1]) then return 0 end
keep(ARGV[1], ARGV[2])
return 1`,
};

/** Values: process. */
export const REMOVE_REPLICA: Script = {
  name: 'a2aRemoveReplica',
  lua: `${ROWS}${KEEP}
return forget(ARGV[1])`,
};

/** Values: process, what the end of its lease was. */
export const EXPIRE_REPLICA: Script = {
  name: 'a2aExpireReplica',
  lua: `${ROWS}${ALIVE}${KEEP}
if alive(ARGV[1]) ~= ARGV[2] then return 0 end
return forget(ARGV[1])`,
};

/** Gives the time in ms. */
export const CLOCK: Script = {
  name: 'a2aClock',
  lua: `${ROWS}
return now()`,
};

/** Gives of each process that is alive: its id, the end of its lease, how long that is, and the time since it was renewed. */
export const REPLICAS: Script = {
  name: 'a2aReplicas',
  lua: `${ROWS}
local found, time = {}, now()
local pairsOf = call('ZRANGE', P .. 'replicas', 0, -1, 'WITHSCORES')
for i = 1, #pairsOf, 2 do
  local lease = call('HGET', P .. 'leases', pairsOf[i]) or ''
  local age = time - tonumber(pairsOf[i + 1]) + (tonumber(lease) or 0)
  found[#found + 1] = {pairsOf[i], pairsOf[i + 1], lease, text(age)}
end
return found`,
};
