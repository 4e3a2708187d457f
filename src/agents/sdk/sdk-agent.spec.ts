import { afterEach, describe, expect, it } from '@jest/globals';
import type { AgentCard } from '@a2a-js/sdk';
import { type CanActivate, UseGuards } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { oneAgent } from '../../../test/support/agent-app.js';
import { cardOf as v03CardOf, HelloExecutor as V03Hello } from '../../../test/support/sdk/v0-3.executors.js';
import { cardOf, HelloExecutor } from '../../../test/support/sdk/v1-0.executors.js';
import { agentRun } from '../../testing/agent-run.js';
import { sdkAgent } from './sdk-agent.js';
import { agentOptionsOf } from './sdk-card.js';

describe('sdkAgent', () => {
  let app: TestingModule | undefined;
  afterEach(() => app?.close());

  it('makes an agent of an executor and its card, whose options it may override', async () => {
    const agent = sdkAgent({
      id: 'hello',
      executor: new HelloExecutor(),
      card: cardOf('Hello'),
      version: '3.0.0',
      resumable: true,
    });
    const booted = await oneAgent([agent]);
    app = booted.app;
    expect(booted.agent).toMatchObject({ id: 'hello', className: 'HelloExecutor' });
    expect(booted.agent.options).toMatchObject({
      name: 'Hello',
      version: '3.0.0',
      resumable: true,
      replies: 'either',
      pushNotifications: false,
    });
  });

  it.each([
    ['a class', HelloExecutor, HelloExecutor],
    ['a token', 'HELLO', { provide: 'HELLO', useClass: HelloExecutor }],
  ])('takes the executor from the providers by %s', async (_name, executor, provider) => {
    const booted = await oneAgent([sdkAgent({ id: 'hello', executor, card: cardOf('Hello') }), provider]);
    app = booted.app;
    const { context, updater, sink } = agentRun();
    await booted.agent.execute(context, updater);
    expect(sink.brief).toEqual(['message Hello from alice of no tenant']);
  });

  it('learns from the card that the executor is for the SDK 0.3', async () => {
    const booted = await oneAgent([sdkAgent({ id: 'hello', executor: new V03Hello(), card: v03CardOf('Hello') })]);
    app = booted.app;
    const { context, updater, sink } = agentRun();
    await booted.agent.execute(context, updater);
    expect(sink.brief).toEqual(['message Hello from alice of no tenant']);
  });

  it('can be guarded like any agent', async () => {
    class Refuses implements CanActivate {
      canActivate = (): boolean => false;
    }
    const agent = sdkAgent({ id: 'hello', executor: new HelloExecutor(), card: cardOf('Hello') });
    UseGuards(Refuses)(agent);
    const booted = await oneAgent([agent]);
    app = booted.app;
    const { context, updater } = agentRun();
    await expect(booted.agent.admit?.(context, updater)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
  });

  it('refuses at once what is no executor, and at boot what cannot be in a card', async () => {
    expect(() => sdkAgent({ id: 'x', executor: {} as never, card: cardOf('X') })).toThrow(
      "sdkAgent({ id: 'x' }): the executor must have",
    );
    const wrong = sdkAgent({ id: 'x', executor: new HelloExecutor(), card: { ...cardOf('X'), skills: [] } });
    await expect(oneAgent([wrong])).rejects.toThrow('HelloExecutor (in ShopModule): skills is []');
  });
});

describe('agentOptionsOf', () => {
  it('reads the security schemes of a card for 1.x', () => {
    const card: AgentCard = {
      ...cardOf('Secured'),
      capabilities: { extensions: [{ uri: 'urn:x', description: '', required: true, params: undefined }] },
      securitySchemes: {
        bearer: {
          scheme: {
            $case: 'httpAuthSecurityScheme',
            value: { description: '', scheme: 'bearer', bearerFormat: 'JWT' },
          },
        },
        oauth: {
          scheme: {
            $case: 'oauth2SecurityScheme',
            value: {
              description: '',
              oauth2MetadataUrl: '',
              flows: {
                flow: {
                  $case: 'clientCredentials',
                  value: { tokenUrl: 'https://x.example/token', refreshUrl: '', scopes: {} },
                },
              },
            },
          },
        },
      },
      securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    };
    expect(agentOptionsOf(card)).toMatchObject({
      streaming: false,
      pushNotifications: false,
      extensions: [{ uri: 'urn:x', required: true }],
      securitySchemes: {
        bearer: { httpAuthSecurityScheme: { scheme: 'bearer', bearerFormat: 'JWT' } },
        oauth: {
          oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: 'https://x.example/token', scopes: {} } } },
        },
      },
      securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    });
  });

  it('reads the security schemes of a card for 0.3', () => {
    const card = {
      ...v03CardOf('Secured'),
      securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer' } },
      security: [{ bearer: [] }],
    };
    expect(agentOptionsOf(card)).toMatchObject({
      streaming: true,
      inputModes: ['text/plain'],
      securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'bearer' } } },
      securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    });
  });
});
