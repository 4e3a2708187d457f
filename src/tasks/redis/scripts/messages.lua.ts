/**
 * Messages of clients. Keys: `m:<scope>` by id, the task (36 characters) and the digest; `tm:` the messages of a task, with their
 * time of arrival; `old` the messages of ended tasks, each prefixed with its scope and task, by time of arrival. `i:` and `ib:`
 * messages that wait for a task, in order and as texts; `unswept` ended tasks for which messages wait.
 */
export const MESSAGES = `
local function known(scope, message) return call('HGET', P .. 'm:' .. scope, message) end
local function remember(r, message, digest)
  call('HSET', P .. 'm:' .. r.scope, message, r.id .. digest)
  call('HSET', P .. 'tm:' .. r.id, message, now())
end
local function forget(scope, id, message)
  call('HDEL', P .. 'm:' .. scope, message)
  call('HDEL', P .. 'tm:' .. id, message)
  call('ZREM', P .. 'old', scope .. id .. message)
end

local function dropEntry(id, entry)
  call('HDEL', P .. 'ib:' .. id, 'e' .. entry, 'm' .. entry)
  return call('ZREM', P .. 'i:' .. id, entry) == 1
end
`;
