import { describe, expect, it } from '@jest/globals';
import type { AgentInterface } from '../../protocol/model/index.js';
import { buildAgentCard } from './agent-cards.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';

const INTERFACES: AgentInterface[] = [
  { url: 'https://a.example/a2a/agents/shop', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  { url: 'https://a.example/a2a/agents/shop', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
];

const agent = (options: Partial<RegisteredAgent['options']> = {}): RegisteredAgent => ({
  id: 'shop',
  className: 'ShopAgent',
  instance: { execute: () => undefined },
  execute: async () => undefined,
  options: {
    id: 'shop',
    name: 'Shop',
    description: 'Sells',
    version: '1.2.3',
    skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
    inputModes: ['text/plain'],
    outputModes: ['application/json'],
    streaming: true,
    pushNotifications: true,
    replies: 'task',
    resumable: false,
    ...options,
  },
});

describe('buildAgentCard', () => {
  it('A5, A10: has every required member and nothing that is not set', () => {
    expect(buildAgentCard(agent({ deadlineMs: 5, default: true }), INTERFACES)).toStrictEqual({
      name: 'Shop',
      description: 'Sells',
      supportedInterfaces: INTERFACES,
      version: '1.2.3',
      capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: false },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['application/json'],
      skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
    });
  });

  it('says what the agent cannot do', () => {
    const extended = { ...agent({ streaming: false, pushNotifications: false }), extendedCard: async () => undefined };
    const card = buildAgentCard(extended, INTERFACES);
    expect(card.capabilities).toEqual({ streaming: false, pushNotifications: false, extendedAgentCard: true });
  });

  it('carries provider, addresses, security, extensions and skills as declared', () => {
    const declared = {
      provider: { organization: 'ACME', url: 'https://acme.example' },
      documentationUrl: 'https://docs.example',
      iconUrl: 'https://acme.example/i.png',
      securitySchemes: { http: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
      securityRequirements: [{ schemes: { http: { list: [] } } }],
      skills: [
        {
          id: 's',
          name: 'S',
          description: 'd',
          tags: ['t'],
          examples: ['buy'],
          securityRequirements: [{ schemes: { http: { list: [] } } }],
        },
      ],
    };
    const extensions = [{ uri: 'urn:x', required: true, params: { a: 1 } }];
    const card = buildAgentCard(agent({ ...declared, extensions }), INTERFACES);
    expect(card).toMatchObject(declared);
    expect(card.capabilities.extensions).toEqual(extensions);
  });

  it('leaves out an empty list of extensions', () => {
    const card = buildAgentCard(agent({ extensions: [] }), INTERFACES);
    expect(card.capabilities).not.toHaveProperty('extensions');
  });

  it('is a copy: changing it changes neither the agent nor the next card', () => {
    const shop = agent();
    const card = buildAgentCard(shop, INTERFACES);
    card.skills.pop();
    card.defaultInputModes.push('text/html');
    card.supportedInterfaces.length = 0;
    expect(buildAgentCard(shop, INTERFACES)).toMatchObject({
      skills: [{ id: 's' }],
      defaultInputModes: ['text/plain'],
      supportedInterfaces: INTERFACES,
    });
  });
});
