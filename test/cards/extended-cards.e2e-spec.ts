import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  type Provider,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import { getA2aCaller, getA2aContext } from '../../src/agents/a2a-execution-context.js';
import type { AgentExecutor } from '../../src/agents/agent-executor.interface.js';
import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import type { AgentCard } from '../../src/protocol/model/index.js';
import { ANONYMOUS, type CallContext } from '../../src/security/call-context.js';
import { setA2aPrincipal } from '../../src/security/principal.js';
import { scriptAgent } from '../conformance/support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from '../conformance/support/setups.js';
import { V10 } from '../support/rpc.client.js';
import { ADAPTERS, type AdapterName, TestApp, type TestAppOptions } from '../support/test-app.js';

const skill = (id: string) => ({ id, name: id, description: `Does ${id}`, tags: ['t'] });
const bearer = { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } };
const options: A2aAgentOptions = {
  id: 'shop',
  default: true,
  description: 'Sells',
  skills: [skill('buy')],
  securitySchemes: bearer,
  securityRequirements: [{ schemes: { bearer: { list: [] } } }],
};

/** A caller that sends `Authorization: Bearer NAME` is NAME; one that sends nothing is anonymous. */
@Injectable()
class NameGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const [, owner] = request.headers.authorization?.split(' ') ?? [];
    if (owner) setA2aPrincipal(request, { owner });
    return true;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { id: unknown; result?: Record<string, unknown>; error?: { code: number; message: string } };
}

const VERSIONS = [
  { version: '1.0', method: 'GetExtendedAgentCard' },
  { version: '0.3', method: 'agent/getAuthenticatedExtendedCard' },
] as const;
const SETUPS = ADAPTERS.flatMap((adapter) => VERSIONS.map((version) => ({ adapter, ...version })));

describe.each(SETUPS)('extended cards in v$version on $adapter', ({ adapter, version, method }) => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function serve(agent: Provider, more: Partial<TestAppOptions> = {}): Promise<void> {
    const guard = { provide: APP_GUARD, useClass: NameGuard };
    app = await TestApp.start({ adapter: adapter as AdapterName, agents: [agent, guard], ...more });
  }

  async function ask(user?: string): Promise<Answer> {
    const response = await fetch(app!.origin, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(version === '1.0' && V10),
        ...(user !== undefined && { authorization: `Bearer ${user}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 7, method }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  const publicCard = async (): Promise<Record<string, unknown>> => {
    const response = await fetch(`${app!.origin}/.well-known/agent-card.json`, { headers: { 'a2a-version': version } });
    return (await response.json()) as Record<string, unknown>;
  };
  const declared = async (): Promise<unknown> => {
    const card = await publicCard();
    return version === '1.0'
      ? (card['capabilities'] as Record<string, unknown>)['extendedAgentCard']
      : card['supportsAuthenticatedExtendedCard'];
  };
  const skillIds = ({ body }: Answer): string[] => (body.result?.['skills'] as { id: string }[]).map(({ id }) => id);

  it('A19: an agent without one says so in its card, and answers UnsupportedOperation to everybody', async () => {
    @A2aAgent(options)
    class Shop implements AgentExecutor {
      execute(): void {}
    }
    await serve(Shop);
    expect(await declared()).toBe(false);
    for (const user of [undefined, 'alice']) expect((await ask(user)).body.error?.code).toBe(-32004);
  });

  it('A18: what the options add is shown to those who are known, and to nobody else', async () => {
    @A2aAgent({ ...options, extendedCard: { description: 'Sells more', skills: [skill('refund')], version: '2.0.0' } })
    class Shop implements AgentExecutor {
      execute(): void {}
    }
    await serve(Shop);
    expect(await declared()).toBe(true);
    const known = await ask('alice');
    expect(known.status).toBe(200);
    const { skills: _skills, ...own } = await publicCard();
    expect(known.body.result).toMatchObject({ ...own, description: 'Sells more', version: '2.0.0' });
    expect(skillIds(known)).toEqual(['buy', 'refund']);
    expect(JSON.stringify(await publicCard())).not.toContain('refund');
    const unknown = await ask();
    expect(unknown.status).toBe(401);
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer');
    expect(unknown.body).toMatchObject({ id: 7, error: { code: -32041 } });
    expect(JSON.stringify(unknown.body)).not.toContain('refund');
    // A guard that calls its caller anonymous has identified nobody.
    expect((await ask('anonymous')).status).toBe(401);
  });

  it('A21: no cache may share it, nor its errors', async () => {
    @A2aAgent({ ...options, extendedCard: { skills: [skill('refund')] } })
    class Shop implements AgentExecutor {
      execute(): void {}
    }
    await serve(Shop);
    for (const user of ['alice', undefined])
      expect((await ask(user)).headers.get('cache-control')).toBe('private, no-store');
  });

  it('A19, A20: the method of the agent makes a card for each caller, on top of the options', async () => {
    const seen: CallContext[] = [];
    @A2aAgent({ ...options, extendedCard: { skills: [skill('refund')] } })
    class Shop implements AgentExecutor {
      execute(): void {}
      async extendedAgentCard(card: AgentCard, caller: CallContext): Promise<AgentCard | undefined> {
        seen.push(caller);
        if (caller.owner === 'mallory') return undefined;
        if (caller.owner === 'admin') card.skills.push(skill('audit'));
        card.documentationUrl = `https://docs.example/${caller.owner}`;
        return card;
      }
    }
    await serve(Shop);
    expect(skillIds(await ask('alice'))).toEqual(['buy', 'refund']);
    const admin = await ask('admin');
    expect(skillIds(admin)).toEqual(['buy', 'refund', 'audit']);
    expect(admin.body.result).toMatchObject({ documentationUrl: 'https://docs.example/admin' });
    expect(skillIds(await ask('alice'))).toEqual(['buy', 'refund']);
    expect(await publicCard()).not.toHaveProperty('documentationUrl');
    expect((await ask('mallory')).body.error?.code).toBe(-32007);
    expect((await ask()).status).toBe(401);
    expect(seen.map(({ owner }) => owner)).toEqual(['alice', 'admin', 'alice', 'mallory']);
  });

  it('what the method throws or returns is an error of the protocol, and shows nothing of the agent', async () => {
    @A2aAgent(options)
    class Shop implements AgentExecutor {
      execute(): void {}
      extendedAgentCard(card: AgentCard, { owner }: CallContext): AgentCard {
        if (owner === 'mallory') throw new ForbiddenException('mallory is on the list');
        if (owner === 'bob') throw new Error('password=hunter2');
        if (owner === 'carol') return { ...card, skills: [] };
        const loop: Record<string, unknown> = {};
        loop['self'] = loop;
        return { ...card, provider: loop as never };
      }
    }
    await serve(Shop);
    const refused = await ask('mallory');
    expect([refused.status, refused.body.error?.code]).toEqual([403, -32043]);
    const failed = await ask('bob');
    expect(failed.body.error).toMatchObject({ code: -32603, message: 'Internal error' });
    const malformed = await ask('carol');
    expect(malformed.body.error?.code).toBe(-32006);
    expect(malformed.body.error?.message).toContain('skills is []');
    expect((await ask('dave')).body.error?.code).toBe(-32006);
    for (const { body } of [refused, failed]) expect(JSON.stringify(body)).not.toMatch(/list|hunter2/);
  });

  it('A20: the guards of the agent run before it, also when no method makes it', async () => {
    @Injectable()
    class StaffGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        return getA2aCaller(context).owner === 'staff';
      }
    }
    @A2aAgent({ ...options, extendedCard: { skills: [skill('refund')] } })
    @UseGuards(StaffGuard)
    class Shop implements AgentExecutor {
      execute(): void {}
    }
    await serve(Shop);
    expect(skillIds(await ask('staff'))).toEqual(['buy', 'refund']);
    const refused = await ask('alice');
    expect([refused.status, refused.body.error?.code]).toEqual([403, -32043]);
  });

  it('a guard that knows runs only refuses it, instead of letting everybody in', async () => {
    @Injectable()
    class RunGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        return getA2aContext(context).request.caller.owner === 'staff';
      }
    }
    @A2aAgent({ ...options, extendedCard: { skills: [skill('refund')] } })
    @UseGuards(RunGuard)
    class Shop implements AgentExecutor {
      execute(): void {}
    }
    await serve(Shop);
    expect((await ask('staff')).body.error?.code).toBe(-32603);
  });

  it('an agent that takes too long for it keeps nobody waiting', async () => {
    @A2aAgent(options)
    class Shop implements AgentExecutor {
      execute(): void {}
      extendedAgentCard(): Promise<AgentCard> {
        return new Promise(() => undefined);
      }
    }
    await serve(Shop, { cards: { extendedCardTimeoutMs: 20 } });
    const late = await ask('alice');
    expect(late.body.error).toMatchObject({ code: -32053 });
    expect(late.headers.get('retry-after')).toBe('1');
  });
});

describe.each(ALL_SETUPS)('extended cards over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, {
      agents: [
        scriptAgent({ securitySchemes: bearer, extendedCard: { skills: [skill('refund')] } }),
        { provide: APP_GUARD, useClass: NameGuard },
      ],
      authenticate: ({ headers }) => ({ owner: headers['authorization']?.split(' ')[1] ?? ANONYMOUS }),
    });
  });
  afterAll(() => server.close());

  it('A18, A19: are for callers who are known', async () => {
    const stranger = await server.client().failure('GetExtendedAgentCard', {});
    expect(stranger.reason).toBe('UNAUTHENTICATED');
    const alice = server.client({ authorization: 'Bearer alice' });
    const card = await alice.result<AgentCard>('GetExtendedAgentCard', {});
    expect(card.skills.map(({ id }) => id)).toEqual(['test', 'refund']);
  });
});
