/** The head of an entry gets the time of its commit, in ms, as its last word. */
export const STAMP = `
local function stamped(entry, ms)
  local head = string.find(entry, '\\n', 1, true)
  return string.sub(entry, 1, head - 1) .. ' ' .. ms .. string.sub(entry, head)
end
-- Whether an entry of the log is this one, which has no time yet.
local function isEntry(stored, entry)
  if not stored then return false end
  local head = string.find(entry, '\\n', 1, true)
  local place = string.find(stored, '\\n', 1, true)
  if string.sub(stored, place) ~= string.sub(entry, head) then return false end
  local first = string.sub(stored, 1, place - 1)
  local bare = string.sub(entry, 1, head - 1)
  return first == bare or string.match(first, '^(.*) %d+$') == bare
end
`;

/**
 * Reads a log. An entry starts with the code of its kind. Its head ends with the first line and does not count as bytes. Trimmed
 * entries that are still owed to a webhook are in `k:`.
 */
export const LOG = `
${STAMP}
local function bytesOf(entry) return #entry - (string.find(entry, '\\n', 1, true) or 0) end

-- Entries after a seq and up to another: at most \`limit\`, and until they have \`bytes\`. In steps, so that not much more is
-- looked at than is given. \`bare\`: without those that concern artifacts only; the second result says how far it got.
local function stretch(r, after, upto, limit, bytes, bare)
  local entries, got, seq = {}, 0, after
  local mean = math.max(1, r.bytes / r.seq)
  while seq < upto and #entries < limit and got < bytes do
    local step = math.min(limit - #entries, upto - seq, 512, math.max(1, math.floor((bytes - got) / mean)))
    local from = seq - r.trim
    local part = call('LRANGE', P .. 'e:' .. r.id, from, from + step - 1)
    if #part == 0 then break end
    for _, entry in ipairs(part) do
      if got >= bytes then break end
      if not bare or string.byte(entry) ~= 50 then
        entries[#entries + 1] = entry
        got = got + bytesOf(entry)
      end
      seq = seq + 1
    end
  end
  return entries, seq
end

local function entryAt(r, seq)
  if seq <= tonumber(r.trim) then return call('HGET', P .. 'k:' .. r.id, text(seq)) end
  return call('LINDEX', P .. 'e:' .. r.id, seq - r.trim - 1)
end
`;
