import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { type A2aPrincipal, setA2aPrincipal } from '../src/security/principal.js';
import type { ConformanceClient } from './conformance/support/conformance.client.js';
import { scriptAgent } from './conformance/support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from './conformance/support/setups.js';

type Headers = Readonly<Record<string, string | undefined>>;

const principalOf = ({ 'x-user': owner, 'x-tenant': tenant }: Headers): A2aPrincipal | undefined =>
  owner === undefined ? undefined : { owner, ...(tenant !== undefined && { tenant }) };

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Headers }>();
    const principal = principalOf(request.headers);
    if (principal) setA2aPrincipal(request, principal);
    return true;
  }
}

describe.each(ALL_SETUPS)('a context that several callers begin at once over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, {
      agents: [scriptAgent(), { provide: APP_GUARD, useClass: HeaderGuard }],
      authenticate: ({ headers }) => principalOf(headers) ?? { owner: 'anonymous' },
    });
  });
  afterAll(() => server.close());

  const keyFor = async (client: ConformanceClient, contextId: string): Promise<string> => {
    const task = await client.send('context key', { contextId });
    expect(task.contextId).toBe(contextId);
    const [part] = task.artifacts?.[0]?.parts ?? [];
    return part !== undefined && 'text' in part ? (JSON.parse(part.text) as string) : '';
  };

  it('is a context of each of them: of each owner and tenant, and of all anonymous callers', async () => {
    const contextId = `chosen-${randomUUID()}`;
    const headersOfCallers: Readonly<Record<string, string>>[] = [
      { 'x-user': 'alice' },
      { 'x-user': 'alice', 'x-tenant': 'acme' },
      { 'x-user': 'bob', 'x-tenant': 'acme' },
      { 'x-user': 'bob' },
      {},
    ];
    const callers = headersOfCallers.map((headers) => server.client(headers));
    const keys = await Promise.all(callers.map((client) => keyFor(client, contextId)));
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
    expect(new Set(keys).size).toBe(callers.length);
    expect(await Promise.all(callers.map((client) => keyFor(client, contextId)))).toEqual(keys);
  });

  it('is another one for the same caller if its id is another', async () => {
    const alice = server.client({ 'x-user': 'alice' });
    expect(await keyFor(alice, 'Trip')).not.toBe(await keyFor(alice, 'trip'));
  });
});
