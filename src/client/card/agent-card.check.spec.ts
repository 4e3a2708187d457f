import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AgentCard } from '../../protocol/model/index.js';
import { mergedCard, toV03Card } from '../../protocol/v0-3/index.js';
import { hostileJson } from '../../testing/arbitraries/index.js';
import { A2AClientJSONError } from '../errors/client.errors.js';
import { checkAgentCard } from './agent-card.check.js';

const card: AgentCard = {
  name: 'Shop',
  description: 'Sells',
  version: '1.0.0',
  supportedInterfaces: [
    { url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    { url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
  ],
  capabilities: { streaming: true, extensions: [{ uri: 'urn:a', params: { a: 1 } }] },
  securitySchemes: { key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } } },
  securityRequirements: [{ schemes: { key: { list: [] } } }],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: [],
  skills: [{ id: 's', name: 'S', description: 'd', tags: [] }],
};

describe('members of a card that are null', () => {
  const nulls = {
    ...card,
    provider: null,
    iconUrl: null,
    capabilities: {
      streaming: null,
      pushNotifications: null,
      extensions: [{ uri: 'urn:a', params: { a: null }, required: null }],
    },
    supportedInterfaces: card.supportedInterfaces.map((each) => ({ ...each, tenant: null })),
    securitySchemes: null,
    skills: [{ ...card.skills[0], examples: null, securityRequirements: null }],
    signatures: null,
  };

  it('count as absent, at any depth', () => {
    const checked = checkAgentCard(nulls);
    expect(JSON.stringify({ ...checked, capabilities: undefined })).not.toContain('null');
    expect(checked.supportedInterfaces).toEqual(card.supportedInterfaces);
    expect(checked.capabilities).toEqual({ extensions: [{ uri: 'urn:a', params: { a: null } }] });
  });

  it('count as absent in a card of v0.3', () => {
    const { signatures: _, ...older } = toV03Card(card);
    const checked = checkAgentCard({ ...older, additionalInterfaces: null, preferredTransport: null, provider: null });
    expect(checked.supportedInterfaces).toEqual([card.supportedInterfaces[1]]);
  });

  it('are refused where a member is required', () => {
    expect(() => checkAgentCard({ ...card, name: null })).toThrow('card.name');
  });
});

describe('relative addresses of a card', () => {
  it('are resolved by the address of the card, but for those of gRPC', () => {
    const supportedInterfaces = [
      { url: '/rpc', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: 'rest', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: 'localhost:50051', protocolBinding: 'GRPC', protocolVersion: '1.0' },
    ];
    const checked = checkAgentCard({ ...card, supportedInterfaces }, 'https://a.example/x/.well-known/agent-card.json');
    expect(checked.supportedInterfaces.map(({ url }) => url)).toEqual([
      'https://a.example/rpc',
      'https://a.example/x/.well-known/rest',
      'localhost:50051',
    ]);
  });
});

describe('checkAgentCard', () => {
  it('takes a card of v1.0 as it is', () => expect(checkAgentCard(card)).toEqual(card));

  it('takes one of v0.3 for what it says', () => {
    expect(checkAgentCard(JSON.parse(JSON.stringify(toV03Card(card))))).toEqual({
      ...card,
      supportedInterfaces: [card.supportedInterfaces[1]],
    });
  });

  it('takes the members of v1.0 from a card that has both', () => {
    expect(checkAgentCard(JSON.parse(JSON.stringify(mergedCard(card)))).supportedInterfaces).toEqual(
      card.supportedInterfaces,
    );
  });

  it('adds the lists that are left out', () => {
    const { name, supportedInterfaces } = card;
    expect(checkAgentCard({ name, supportedInterfaces })).toEqual({
      name,
      supportedInterfaces,
      description: '',
      version: '',
      capabilities: {},
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
    });
    expect(checkAgentCard({ name, url: 'https://a.example' }).supportedInterfaces).toEqual([
      { url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ]);
  });

  it('does not mind what it does not use', () => {
    const v03 = { ...toV03Card(card), securitySchemes: { a: 5 }, security: 'none' };
    expect(checkAgentCard(v03)).not.toHaveProperty('securitySchemes');
  });

  it.each([
    [{ ...card, name: '' }, 'card.name must be a string'],
    [{ ...card, supportedInterfaces: 'here' }, 'card.supportedInterfaces must be a list'],
    [
      { ...card, supportedInterfaces: [{ url: 'https://a.example', protocolBinding: 'GRPC' }] },
      'card.supportedInterfaces[0].protocolVersion',
    ],
    [{ ...card, capabilities: { streaming: 'yes' } }, 'card.capabilities.streaming must be a boolean'],
    [{ ...card, capabilities: { extensions: [{}] } }, 'card.capabilities.extensions[0].uri'],
    [{ ...card, supportedInterfaces: undefined }, 'card.url must be a string'],
    [{ ...card, defaultInputModes: [5] }, 'card.defaultInputModes[0]'],
    ['card', 'card must be an object'],
  ])('says what is wrong with a card', (wrong, message) => {
    expect(() => checkAgentCard(wrong)).toThrow(message);
    expect(() => checkAgentCard(wrong)).toThrow(A2AClientJSONError);
  });

  it('takes or refuses whatever comes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(card), 'url', 'additionalInterfaces', 'security'), hostileJson()),
        (value) => {
          try {
            checkAgentCard({ name: 'x', ...value });
          } catch (error) {
            expect(error).toBeInstanceOf(A2AClientJSONError);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
