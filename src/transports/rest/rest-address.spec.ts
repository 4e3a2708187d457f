import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pathTemplate } from './path-template.js';
import { REST_ADDRESSES, V03_ROUTES, V10_ROUTES } from './rest.routes.js';

const addressOf = (path: string) => {
  const { pattern } = pathTemplate(path);
  const address = REST_ADDRESSES.find((each) => each.pattern === pattern);
  if (address === undefined) throw new Error(`no address for ${path}`);
  return address;
};

describe('addresses of HTTP+JSON', () => {
  it('hold every route once, in the patterns of routers', () => {
    expect(REST_ADDRESSES.map(({ pattern }) => pattern)).toEqual([
      'v1/message\\:send',
      'v1/message\\:stream',
      'v1/tasks',
      'v1/tasks/:id',
      'v1/tasks/:taskId/pushNotificationConfigs',
      'v1/tasks/:taskId/pushNotificationConfigs/:id',
      'v1/card',
      'message\\:send',
      'message\\:stream',
      'tasks',
      'tasks/:id',
      'tasks/:taskId/pushNotificationConfigs',
      'tasks/:taskId/pushNotificationConfigs/:id',
      'extendedAgentCard',
    ]);
  });

  it('give back any ids, tenant and agent that were put in', () => {
    const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.constantFrom(...V03_ROUTES, ...V10_ROUTES),
        fc.record({ id: segment, taskId: segment, tenant: segment, agent: segment }),
        fc.boolean(),
        fc.boolean(),
        (route, parts, agents, tenants) => {
          const filled = route.path.replace(/\{(\w+)\}/g, (_whole, name: 'id' | 'taskId') =>
            encodeURIComponent(parts[name]),
          );
          const before = [...(agents ? ['agents', parts.agent] : []), ...(tenants ? [parts.tenant] : [])];
          const url = `/base${before.map((each) => `/${encodeURIComponent(each)}`).join('')}${filled}?x=/y:cancel`;
          const read = addressOf(route.path).read(url, { agents, tenants });
          expect(read.routes).toContain(route);
          expect(read.agent).toBe(agents ? parts.agent : undefined);
          expect(read.tenant).toBe(tenants ? parts.tenant : undefined);
          for (const [name, value] of Object.entries(read.values)) expect(value).toBe(parts[name as 'id' | 'taskId']);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('read whole urls, and paths with a slash at the end', () => {
    const address = addressOf('/tasks/{id}');
    for (const url of [
      'http://agents.example/a2a/tasks/x:cancel',
      '/tasks/x:cancel/',
      'HTTPS://h/tasks/x:cancel?a=b',
    ]) {
      const { values, routes } = address.read(url, { agents: false, tenants: false });
      expect(values).toEqual({ id: 'x' });
      expect(routes.map(({ name }) => name)).toEqual(['CancelTask']);
    }
  });
});
