import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** Scopes of an agent that one claim looks at; where more wait, the looks go around. */
const MAX_KINDS = 500;

/**
 * Values: process, limit, limits of a tenant and of an owner, number of agents, agents each with its room, then what runs: party,
 * tenant, how many. In turns between parties: the next is of whoever has least, what runs and what was taken before counted.
 * Gives the rows in the order in which they were taken.
 */
export const CLAIM_WAITING: Script = {
  name: 'a2aClaimWaiting',
  lua: `${ROWS}
local process, limit, perTenant, perOwner = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rooms, running, ofTenant = {}, {}, {}
local last = 5 + tonumber(ARGV[5]) * 2
for i = 6, last, 2 do rooms[ARGV[i]] = tonumber(ARGV[i + 1]) end
for i = last + 1, #ARGV, 3 do
  running[ARGV[i]] = tonumber(ARGV[i + 2])
  ofTenant[ARGV[i + 1]] = (ofTenant[ARGV[i + 1]] or 0) + tonumber(ARGV[i + 2])
end

local function before(a, b) return a.due < b.due or a.due == b.due and a.id < b.id end

local parties = {}
local function look(agent, room, scope)
  local due = call('ZRANGEBYSCORE', P .. 'w:' .. scope, '-inf', text(micros()), 'WITHSCORES', 'LIMIT', 0, math.min(limit, room))
  if #due == 0 then return end
  local whose = call('HMGET', P .. 't:' .. due[1], 'party', 'tenant')
  local party = parties[whose[1]] or {}
  parties[whose[1]] = party
  for i = 1, #due, 2 do
    party[#party + 1] = {id = due[i], due = tonumber(due[i + 1]), agent = agent, party = whose[1], tenant = whose[2]}
  end
end
for agent, room in pairs(rooms) do
  local key = P .. 'kinds:' .. agent
  local scopes = room > 0 and call('ZRANGE', key, 0, ${MAX_KINDS - 1}) or {}
  for _, scope in ipairs(scopes) do look(agent, room, scope) end
  if #scopes == ${MAX_KINDS} then
    local turn = call('INCR', P .. 'looks')
    for _, scope in ipairs(scopes) do call('ZADD', key, 'XX', turn, scope) end
  end
end

local candidates = {}
for party, waiting in pairs(parties) do
  table.sort(waiting, before)
  for i, one in ipairs(waiting) do
    one.rank = (running[party] or 0) + i
    candidates[#candidates + 1] = one
  end
end
table.sort(candidates, function(a, b) return a.rank < b.rank or a.rank == b.rank and before(a, b) end)

local taken = {}
for _, one in ipairs(candidates) do
  if #taken >= limit then break end
  local tenant, owner = ofTenant[one.tenant] or 0, running[one.party] or 0
  if tenant < perTenant and owner < perOwner and rooms[one.agent] > 0 then
    ofTenant[one.tenant], running[one.party] = tenant + 1, owner + 1
    rooms[one.agent] = rooms[one.agent] - 1
    local r = row(one.id)
    taken[#taken + 1] = reply(hand(r, process, 'fence', r.fence + 1, 'waits', '', 'attempt', r.attempt + 1))
  end
end
return taken`,
};

/** Values: party, '*' for all. Gives how many wait. */
export const COUNT_WAITING: Script = {
  name: 'a2aCountWaiting',
  lua: `return tonumber(redis.call('HGET', KEYS[1] .. 'lines', ARGV[1]) or 0)`,
};
