import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** Legal holds by owner: when and why, as JSON. */
const HOLDS = 'holds';

/** Whether the owner of a row is under a legal hold. */
export const HELD = `
local function held(r) return call('HEXISTS', P .. '${HOLDS}', r.owner) == 1 end
`;

/** Values: owner, reason. The time of the first hold stays. */
export const PLACE_HOLD: Script = {
  name: 'a2aPlaceHold',
  lua: `${ROWS}
local before = call('HGET', P .. '${HOLDS}', ARGV[1])
local since = before and cjson.decode(before)[1] or text(now())
call('HSET', P .. '${HOLDS}', ARGV[1], cjson.encode({since, ARGV[2]}))`,
};

/** Values: owner. */
export const LIFT_HOLD: Script = {
  name: 'a2aLiftHold',
  lua: `${ROWS}
return call('HDEL', P .. '${HOLDS}', ARGV[1])`,
};

/** Returns owners, each with its time and reason. */
export const LIST_HOLDS: Script = {
  name: 'a2aListHolds',
  lua: `${ROWS}
return call('HGETALL', P .. '${HOLDS}')`,
};
