import type { Script } from '../redis-connection.js';
import { LOG } from './log.lua.js';
import { ALIVE } from './replica.scripts.js';
import { ROWS } from './rows.lua.js';

/** The fields that decisions depend on: a patch is applied only if none of them has changed since the row was read. */
export const DECISIVE = ['state', 'run', 'fence', 'turn', 'attempt', 'crashes', 'failures', 'waits', 'cancel'] as const;

const FACTS = `
local function hasMessage(r) return tostring(call('EXISTS', P .. 'i:' .. r.id)) end
local function ownerAlive(r) return r.run ~= '' and alive(r.run) and '1' or '0' end
`;

/** Values: id, scope or ''. Returns the facts and the row. */
export const READ_ROW: Script = {
  name: 'a2aReadRow',
  lua: `${ROWS}${ALIVE}${FACTS}
local r = row(ARGV[1])
if not r or ARGV[2] ~= '' and r.scope ~= ARGV[2] then return nil end
return {hasMessage(r), ownerAlive(r), reply(r)}`,
};

/**
 * Values: id, whether a message waited and whether the owner was alive (each '' if not asked), when it is queued (ms from now,
 * 'made', '-': no longer queued, '': no change), '1' to request its cancel, the replica that runs it ('-': none, '': no change),
 * the decisive fields as they were read, then pairs of fields and numbers. Returns the row; nothing: it has changed meanwhile.
 */
export const APPLY_PATCH: Script = {
  name: 'a2aApplyPatch',
  lua: `${ROWS}${ALIVE}${FACTS}
local id, message, owner, queue, cancel, run = unpack(ARGV, 1, 6)
local r = row(id)
if not r then return nil end
for i, field in ipairs({${DECISIVE.map((field) => `'${field}'`).join(', ')}}) do
  if r[field] ~= ARGV[6 + i] then return nil end
end
if message ~= '' and message ~= hasMessage(r) or owner ~= '' and owner ~= ownerAlive(r) then return nil end
local changes = {unpack(ARGV, ${7 + DECISIVE.length})}
local function change(field, value) changes[#changes + 1] = field changes[#changes + 1] = value end
if queue == '-' then change('waits', '')
elseif queue == 'made' then change('waits', r.made)
elseif queue ~= '' then change('waits', text(micros() + queue * 1000)) end
if cancel == '1' then
  change('cancel', text(now()))
  call('SADD', P .. 'cancels', id)
end
if run ~= '' then hand(r, run == '-' and '' or run, unpack(changes))
else
  set(r, unpack(changes))
  reindex(r)
end
return reply(r)`,
};

/** Values: id, scope, fence. Returns the turn, and the entry with which the newest turn began. */
export const STARTED_TURN: Script = {
  name: 'a2aStartedTurn',
  lua: `${ROWS}${LOG}
local r = mine(ARGV[1], ARGV[2])
local entry = r and r.fence == ARGV[3] and entryAt(r, tonumber(r.begun))
return entry and {r.turn, entry} or nil`,
};

/**
 * The content of an index, oldest first. Values: the index, its argument, how many, the id to start after, number of agents,
 * agents, ids to leave out. Indexes: 'message', 'forgotten' (argument: for how long, in ms), 'lost', 'replica' and 'canceled'
 * (argument: the process).
 */
export const FIND: Script = {
  name: 'a2aFind',
  lua: `${ROWS}${ALIVE}
local index, argument, limit, after, count = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local without, found, rows = {}, {}, {}
for i = 6 + count, #ARGV do without[ARGV[i]] = true end
local function gather(ids)
  for _, id in ipairs(ids) do
    if id > after and not without[id] then found[#found + 1] = id end
  end
end
local function runBy(agent, process) gather(call('ZRANGE', P .. 'o:' .. agent .. ':' .. process, 0, -1)) end
for i = 6, 5 + count do
  if index == 'message' then gather(call('ZRANGE', P .. 'u:' .. ARGV[i], 0, -1))
  elseif index == 'forgotten' then gather(call('ZRANGEBYSCORE', P .. 'f:' .. ARGV[i], '-inf', now() - argument))
  elseif index == 'lost' then
    for _, process in ipairs(call('SMEMBERS', P .. 'runners:' .. ARGV[i])) do
      if not alive(process) then runBy(ARGV[i], process) end
    end
  end
end
if index == 'replica' then
  for _, agent in ipairs(call('SMEMBERS', P .. 'agents:' .. argument)) do runBy(agent, argument) end
elseif index == 'canceled' then
  for _, id in ipairs(call('SMEMBERS', P .. 'cancels')) do
    if call('HGET', P .. 't:' .. id, 'run') == argument then gather({id}) end
  end
end
table.sort(found)
for i = 1, math.min(limit, #found) do rows[i] = reply(row(found[i])) end
return rows`,
};
