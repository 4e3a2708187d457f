import { describe, expect, it } from '@jest/globals';
import type { AgentCard } from '../../model/index.js';
import { mergedCard, toV03Card, toV10Card, type V03AgentCard } from './index.js';

const card: AgentCard = {
  name: 'Echo',
  description: 'Says it again',
  supportedInterfaces: [
    { url: 'https://x.example/rpc', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    { url: 'https://x.example/rpc', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    { url: 'https://x.example', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
  ],
  version: '2.0.0',
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: true },
  securitySchemes: {
    key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key', description: 'd' } },
    bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } },
    oauth: {
      oauth2SecurityScheme: {
        flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: {}, pkceRequired: true } },
      },
    },
    device: {
      oauth2SecurityScheme: { flows: { deviceCode: { deviceAuthorizationUrl: 'd', tokenUrl: 't', scopes: {} } } },
    },
    oidc: { openIdConnectSecurityScheme: { openIdConnectUrl: 'o' } },
    mtls: { mtlsSecurityScheme: {} },
  },
  securityRequirements: [
    { schemes: { key: { list: [] }, oauth: { list: ['read'] } } },
    { schemes: { mtls: { list: [] } } },
  ],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [
    { id: 's', name: 'S', description: 'd', tags: ['t'], securityRequirements: [{ schemes: { key: { list: [] } } }] },
  ],
  signatures: [{ protected: 'p', signature: 's' }],
};

const schemesV03 = {
  key: { type: 'apiKey', in: 'header', name: 'X-Key', description: 'd' },
  bearer: { type: 'http', scheme: 'Bearer', bearerFormat: 'JWT' },
  oauth: { type: 'oauth2', flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: {} } } },
  device: { type: 'oauth2', flows: {} },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'o' },
  mtls: { type: 'mutualTLS' },
};

describe('toV03Card', () => {
  it('writes every member in its v0.3 place, from the interfaces of v0.3, without signatures', () => {
    expect(toV03Card(card)).toStrictEqual({
      protocolVersion: '0.3.0',
      name: 'Echo',
      description: 'Says it again',
      url: 'https://x.example/rpc',
      preferredTransport: 'JSONRPC',
      additionalInterfaces: [
        { url: 'https://x.example/rpc', transport: 'JSONRPC' },
        { url: 'https://x.example', transport: 'HTTP+JSON' },
      ],
      version: '2.0.0',
      capabilities: { streaming: true, pushNotifications: false },
      securitySchemes: schemesV03,
      security: [{ key: [], oauth: ['read'] }, { mtls: [] }],
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'], security: [{ key: [] }] }],
      supportsAuthenticatedExtendedCard: true,
    });
  });

  it('takes all interfaces when none is of v0.3', () => {
    const supportedInterfaces = [{ url: 'u', protocolBinding: 'GRPC', protocolVersion: '1.0' }];
    expect(toV03Card({ ...card, supportedInterfaces })).toMatchObject({ url: 'u', preferredTransport: 'GRPC' });
  });

  it('refuses a card without interfaces, which has no URL', () => {
    expect(() => toV03Card({ ...card, supportedInterfaces: [] })).toThrow('at least one');
  });

  it('leaves out a kind of security scheme that the protocol does not know', () => {
    expect(toV03Card({ ...card, securitySchemes: { odd: { oddScheme: {} } } }).securitySchemes).toEqual({});
  });
});

describe('toV10Card', () => {
  const older: V03AgentCard = { ...toV03Card(card), signatures: [{ protected: 'p', signature: 's' }] };

  it('brings back what v0.3 can say', () => {
    const { signatures: _signatures, ...expected } = card;
    expect(toV10Card(older)).toStrictEqual({
      ...expected,
      supportedInterfaces: [
        { url: 'https://x.example/rpc', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
        { url: 'https://x.example', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
      ],
      securitySchemes: {
        ...card.securitySchemes,
        oauth: { oauth2SecurityScheme: { flows: schemesV03.oauth.flows } },
        device: { oauth2SecurityScheme: { flows: {} } },
      },
    });
  });

  it('X18: makes one scheme per OAuth flow, and each of them an alternative', () => {
    const flows = { clientCredentials: { tokenUrl: 't', scopes: {} }, password: { tokenUrl: 'p', scopes: {} } };
    const made = toV10Card({
      ...older,
      securitySchemes: { oauth: { type: 'oauth2', flows }, key: schemesV03.key },
      security: [{ oauth: ['read'], key: [] }],
    });
    expect(made.securitySchemes).toMatchObject({
      'oauth.clientCredentials': { oauth2SecurityScheme: { flows: { clientCredentials: flows.clientCredentials } } },
      'oauth.password': { oauth2SecurityScheme: { flows: { password: flows.password } } },
    });
    expect(made.securityRequirements).toEqual([
      { schemes: { 'oauth.clientCredentials': { list: ['read'] }, key: { list: [] } } },
      { schemes: { 'oauth.password': { list: ['read'] }, key: { list: [] } } },
    ]);
  });

  it('keeps a requirement whose scheme it cannot express: no requirement would mean no authentication', () => {
    const made = toV10Card({ ...older, securitySchemes: { odd: { type: 'odd' } }, security: [{ odd: [] }] });
    expect(made.securitySchemes).toEqual({});
    expect(made.securityRequirements).toEqual([{ schemes: { odd: { list: [] } } }]);
  });

  it("bounds the alternatives that a stranger's card may ask for", () => {
    const flows = { clientCredentials: {}, password: {}, implicit: {}, authorizationCode: {} };
    const names = Array.from({ length: 30 }, (_each, index) => `s${index}`);
    const made = toV10Card({
      ...older,
      securitySchemes: Object.fromEntries(names.map((name) => [name, { type: 'oauth2', flows }])),
      security: [Object.fromEntries(names.map((name) => [name, []]))],
    });
    expect(made.securityRequirements).toHaveLength(64);
    for (const { schemes } of made.securityRequirements ?? []) expect(Object.keys(schemes)).toHaveLength(30);
  });

  it('supposes JSON-RPC where a v0.3 card names no transport', () => {
    const { preferredTransport: _transport, additionalInterfaces: _more, ...bare } = older;
    expect(toV10Card(bare).supportedInterfaces).toEqual([
      { url: 'https://x.example/rpc', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ]);
  });
});

describe('mergedCard', () => {
  const merged = mergedCard(card);

  it('X16: holds every member of the v1.0 card, unsigned, and every member of the v0.3 card', () => {
    const { signatures: _signatures, ...own } = card;
    const { capabilities: _capabilities, ...older } = toV03Card(card);
    expect(merged).toMatchObject(own);
    expect(merged).toMatchObject(older);
    expect(merged).not.toHaveProperty('signatures');
  });

  it('holds both forms of each security scheme in one object', () => {
    expect(merged.securitySchemes?.key).toEqual({ ...card.securitySchemes?.key, ...schemesV03.key });
    expect(merged.securitySchemes?.oauth).toEqual({ ...card.securitySchemes?.oauth, ...schemesV03.oauth });
  });
});
