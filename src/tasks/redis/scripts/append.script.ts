import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { LOG } from './log.lua.js';
import { MESSAGES } from './messages.lua.js';
import { ENDING } from './ending.lua.js';
import { ROWS } from './rows.lua.js';

/**
 * The only way to append to a log: a batch of many runs. Values: the number of runs, then per run: id, scope, fence, first seq,
 * number of events, their bytes, new state or '', its time, its reason, newest seq that added a message or '', inbox entry to consume or '',
 * whether it was tried before, number of events that go to webhooks, their seqs, the events. Returns one answer per run; a refused
 * run changes nothing. A run that was tried before was written then if its last event is in the log at its seq, with its fence.
 */
export const APPEND: Script = {
  name: 'a2aAppend',
  lua: `${ROWS}${LOG}${DELIVERIES}${MESSAGES}${ENDING}
local function refusal(r, fence, lo, n, tried, last)
  if not r then return 'missing' end
  local ended = TERMINAL[r.state]
  if not ended and r.fence == fence and tonumber(r.seq) + 1 == lo then return nil end
  if tried == '1' and n > 0 and lo > 1 and isEntry(entryAt(r, lo + n - 1), last) then return 'written' end
  return ended and 'terminal' or 'fenced'
end

local answers, at, ms = {}, 2, text(now())
for i = 1, tonumber(ARGV[1]) do
  local id, scope, fence, lo, n, bytes, state, statusAt, reason, begun, consumes, tried, pushed = unpack(ARGV, at, at + 12)
  lo, n, pushed = tonumber(lo), tonumber(n), tonumber(pushed)
  local first = at + 13 + pushed
  local r = mine(id, scope)
  local refused = refusal(r, fence, lo, n, tried, ARGV[first + n - 1])
  answers[i] = refused or (r.configs ~= '0' and 'owes' or 'written')
  if not refused then
    for from = first, first + n - 1, 1000 do
      local entries = {unpack(ARGV, from, math.min(from + 999, first + n - 1))}
      for j, entry in ipairs(entries) do entries[j] = stamped(entry, ms) end
      call('RPUSH', P .. 'e:' .. id, unpack(entries))
    end
    if bytes ~= '0' then countStored(r, 0, tonumber(bytes)) end
    set(r, 'seq', lo + n - 1, 'bytes', text(r.bytes + bytes))
    if begun ~= '' then set(r, 'begun', begun) end
    if consumes ~= '' then dropEntry(id, consumes) end
    if state ~= '' then
      local before = r.state
      unlist(r)
      set(r, 'state', state, 'at', statusAt, 'reason', reason)
      list(r)
      rest(r, before)
      if TERMINAL[state] then finish(r) end
    end
    if state ~= '' or consumes ~= '' then reindex(r) end
    if pushed > 0 and r.configs ~= '0' then
      local seqs = {}
      for j = at + 13, first - 1 do seqs[#seqs + 1] = ARGV[j] end
      owe(r, seqs)
    end
  end
  at = first + n
end
return answers`,
};
