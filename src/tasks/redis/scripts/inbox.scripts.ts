import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { MESSAGES } from './messages.lua.js';
import { ROWS } from './rows.lua.js';

/** What a decision about a message depends on: state, waiting messages, what is known for its id, and the webhooks if one comes with it. */
const FACTS = `
local function facts(r, message, patch)
  return {r.state, text(call('ZCARD', P .. 'i:' .. r.id)), known(r.scope, message) or '', patch == '' and '{}' or configFacts(r.id)}
end
`;

/** Values: id, scope, message id, '' if no webhook comes with it. Returns the facts and the present time (ms), or nothing. */
export const READ_INBOX: Script = {
  name: 'a2aReadInbox',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${FACTS}
local r = mine(ARGV[1], ARGV[2])
return r and {facts(r, ARGV[3], ARGV[4]), text(now())} or nil`,
};

/**
 * Values: id, scope, message id, the patch of the webhooks as JSON or '', digest, entry, the facts. Returns its number; nothing: the
 * facts have changed.
 */
export const PUT_MESSAGE: Script = {
  name: 'a2aPutMessage',
  lua: `${ROWS}${DELIVERIES}${MESSAGES}${FACTS}
local id, scope, message, patch, digest, entry = unpack(ARGV, 1, 6)
local r = mine(id, scope)
if not r then return nil end
for i, fact in ipairs(facts(r, message, patch)) do if fact ~= ARGV[6 + i] then return nil end end
local number = text(call('INCR', P .. 'entries'))
call('ZADD', P .. 'i:' .. id, number, number)
call('HSET', P .. 'ib:' .. id, 'e' .. number, entry, 'm' .. number, message)
remember(r, message, digest)
if patch ~= '' then patchConfigs(r, cjson.decode(patch)) end
reindex(r)
return number`,
};

/** Values: id, scope, fence. Returns the id and the text of the oldest entry, or nothing. */
export const PEEK: Script = {
  name: 'a2aPeek',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
if not r or r.fence ~= ARGV[3] then return nil end
local first = call('ZRANGE', P .. 'i:' .. r.id, 0, 0)[1]
return first and {first, call('HGET', P .. 'ib:' .. r.id, 'e' .. first)}`,
};

/** Values: id, scope, entry. */
export const WAITING: Script = {
  name: 'a2aWaiting',
  lua: `${ROWS}
local r = mine(ARGV[1], ARGV[2])
return r and not TERMINAL[r.state] and call('ZSCORE', P .. 'i:' .. r.id, ARGV[3]) and 1 or 0`,
};

/** Values: id, scope, entry. The message id is deleted too, so that the sender may send it again. */
export const WITHDRAW: Script = {
  name: 'a2aWithdraw',
  lua: `${ROWS}${MESSAGES}
local r = mine(ARGV[1], ARGV[2])
local message = r and call('HGET', P .. 'ib:' .. r.id, 'm' .. ARGV[3])
if not message then return 0 end
dropEntry(r.id, ARGV[3])
forget(r.scope, r.id, message)
reindex(r)
return 1`,
};

/** Values: how many. Returns how many messages were deleted. */
export const SWEEP: Script = {
  name: 'a2aSweep',
  lua: `${ROWS}${MESSAGES}
local limit, swept = tonumber(ARGV[1]), 0
while swept < limit do
  local id = call('SRANDMEMBER', P .. 'unswept')
  if not id then break end
  for _, entry in ipairs(call('ZRANGE', P .. 'i:' .. id, 0, limit - swept - 1)) do
    dropEntry(id, entry)
    swept = swept + 1
  end
  if call('EXISTS', P .. 'i:' .. id) == 0 then call('SREM', P .. 'unswept', id) end
end
return swept`,
};
