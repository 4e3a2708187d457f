const [OWNER, TENANT] = ['owner ', 'tenant '];

/** Fields of `tasks` and `bytes`. */
export const ofOwner = (owner: string): string => `${OWNER}${owner}`;
export const ofTenant = (tenant: string): string => `${TENANT}${tenant}`;

/**
 * What is stored of each owner and tenant, in two hashes: `tasks`, and `bytes` of their events. A task that a version without them created is
 * in none.
 */
export const USAGE_COUNTS = `
local function addTo(hash, field, more)
  if more == 0 then return end
  if call('HINCRBY', P .. hash, field, text(more)) <= 0 then call('HDEL', P .. hash, field) end
end
local function countStored(r, tasks, bytes)
  if r.counted ~= '1' then return end
  addTo('tasks', '${OWNER}' .. r.owner, tasks)
  addTo('bytes', '${OWNER}' .. r.owner, bytes)
  if r.tenant == '' then return end
  addTo('tasks', '${TENANT}' .. r.tenant, tasks)
  addTo('bytes', '${TENANT}' .. r.tenant, bytes)
end
`;
