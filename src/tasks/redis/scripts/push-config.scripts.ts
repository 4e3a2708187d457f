import type { Script } from '../redis-connection.js';
import { DELIVERIES } from './deliveries.lua.js';
import { ROWS } from './rows.lua.js';

/** Values: id, scope or ''. */
const FIND = `
local r = row(ARGV[1])
if not r or ARGV[2] ~= '' and r.scope ~= ARGV[2] then return nil end
`;

/** Values: id, scope or ''. Returns what decisions depend on, the text of each config, and the present time (ms), or nothing. */
export const READ_CONFIGS: Script = {
  name: 'a2aReadConfigs',
  lua: `${ROWS}${DELIVERIES}${FIND}
local texts = {}
for i, config in ipairs(call('ZRANGE', P .. 'pz:' .. r.id, 0, -1)) do texts[i] = call('HGET', P .. 'pc:' .. r.id, config) end
return {configFacts(r.id), texts, text(now())}`,
};

/** Values: id, scope or '', the facts, the patch as JSON. Returns 1; nothing: the facts have changed. */
export const PATCH_CONFIGS: Script = {
  name: 'a2aPatchConfigs',
  lua: `${ROWS}${DELIVERIES}${FIND}
if configFacts(r.id) ~= ARGV[3] then return nil end
patchConfigs(r, cjson.decode(ARGV[4]))
return 1`,
};

/** Values: owner. Returns how many active configs the owner's tasks have that have not ended. */
export const COUNT_CONFIGS: Script = {
  name: 'a2aCountConfigs',
  lua: `${ROWS}
return tonumber(call('HGET', P .. 'webhooks', ARGV[1]) or '0')`,
};
