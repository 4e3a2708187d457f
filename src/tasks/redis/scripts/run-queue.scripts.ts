import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** Scopes of an agent that one claim looks at; where more wait, the looks go around. */
const MAX_KINDS = 500;

/**
 * Values: process, limit, limits of a tenant and of an owner, number of agents, agents each with its room, then what runs: owner,
 * tenant, how many, those that were served longest ago first. In turns between owners, and between the tenants of each.
 * Gives the rows in the order in which they were taken.
 */
export const CLAIM_WAITING: Script = {
  name: 'a2aClaimWaiting',
  lua: `${ROWS}
local process, limit, perTenant, perOwner = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rooms, ofParty, ofOwner, ofTenant = {}, {}, {}, {}
local last = 5 + tonumber(ARGV[5]) * 2
for i = 6, last, 2 do rooms[ARGV[i]] = tonumber(ARGV[i + 1]) end
local function partyOf(owner, tenant) return #owner .. ':' .. owner .. tenant end
local function shareOf(shares, key)
  if not shares[key] then shares[key] = {runs = 0, served = 0, tasks = {}} end
  return shares[key]
end
for i = last + 1, #ARGV, 3 do
  local runs = tonumber(ARGV[i + 2])
  for _, share in ipairs({shareOf(ofParty, partyOf(ARGV[i], ARGV[i + 1])), shareOf(ofOwner, ARGV[i])}) do
    share.runs, share.served = share.runs + runs, i
  end
  ofTenant[ARGV[i + 1]] = (ofTenant[ARGV[i + 1]] or 0) + runs
end

local function before(a, b) return a.due < b.due or a.due == b.due and a.id < b.id end
local function inRankOrder(a, b)
  if a.rank ~= b.rank then return a.rank < b.rank end
  if a.served ~= b.served then return a.served < b.served end
  return before(a, b)
end
-- Of all shares: by what each has running when the task is started, then by who was served longer ago; whose task was taken already was served just now.
local function inTurns(shares)
  local all = {}
  for _, share in pairs(shares) do
    for i, one in ipairs(share.tasks) do
      one.rank, one.served = share.runs + i, i == 1 and share.served or share.served + 1e9
      all[#all + 1] = one
    end
  end
  table.sort(all, inRankOrder)
  return all
end

local function look(agent, room, scope)
  local due = call('ZRANGEBYSCORE', P .. 'w:' .. scope, '-inf', text(micros()), 'WITHSCORES', 'LIMIT', 0, math.min(limit, room))
  if #due == 0 then return end
  local whose = call('HMGET', P .. 't:' .. due[1], 'owner', 'tenant')
  local tasks = shareOf(ofParty, partyOf(whose[1], whose[2])).tasks
  for i = 1, #due, 2 do
    tasks[#tasks + 1] = {id = due[i], due = tonumber(due[i + 1]), agent = agent, owner = whose[1], tenant = whose[2]}
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

for _, party in pairs(ofParty) do table.sort(party.tasks, before) end
for _, one in ipairs(inTurns(ofParty)) do
  local tasks = shareOf(ofOwner, one.owner).tasks
  tasks[#tasks + 1] = one
end
local candidates = inTurns(ofOwner)

local taken = {}
for _, one in ipairs(candidates) do
  if #taken >= limit then break end
  local tenant, owner = ofTenant[one.tenant] or 0, ofOwner[one.owner]
  if tenant < perTenant and owner.runs < perOwner and rooms[one.agent] > 0 then
    ofTenant[one.tenant], owner.runs = tenant + 1, owner.runs + 1
    rooms[one.agent] = rooms[one.agent] - 1
    local r = row(one.id)
    taken[#taken + 1] = reply(hand(r, process, 'fence', r.fence + 1, 'waits', '', 'attempt', r.attempt + 1))
  end
end
return taken`,
};

/** Values: a line, that of an owner or of all. Gives how many wait. */
export const COUNT_WAITING: Script = {
  name: 'a2aCountWaiting',
  lua: `return tonumber(redis.call('HGET', KEYS[1] .. 'lines', ARGV[1]) or 0)`,
};
