import type { Script } from '../redis-connection.js';
import { ROWS } from './rows.lua.js';

/** Values: a caller. Returns when its whole budget is there again or '', and the time, both in µs. Key: `calls:<caller>`. */
export const READ_BUDGET: Script = {
  name: 'a2aReadBudget',
  lua: `${ROWS}
return {call('GET', P .. 'calls:' .. ARGV[1]) or '', text(micros())}`,
};

/** Values: a caller, its budget before or '', and after. Returns 1: it was that before. Redis forgets it when it is whole. */
export const SWAP_BUDGET: Script = {
  name: 'a2aSwapBudget',
  lua: `${ROWS}
local key = P .. 'calls:' .. ARGV[1]
if (call('GET', key) or '') ~= ARGV[2] then return 0 end
call('SET', key, ARGV[3], 'PX', math.max(1, math.ceil((ARGV[3] - micros()) / 1000)))
return 1`,
};
