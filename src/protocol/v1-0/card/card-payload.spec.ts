import { describe, expect, it } from '@jest/globals';
import { canonicalizeAgentCard } from '@a2a-js/sdk';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { agentCard } from '../../../testing/arbitraries/index.js';
import type { AgentCard } from '../../model/index.js';
import { cardPayload, leanPayload } from './card-payload.js';

const card: AgentCard = {
  name: 'Shop',
  description: 'Sells',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: {},
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
};
const schemeOf = (scheme: object) =>
  cardPayload({ ...card, securitySchemes: { a: scheme as never } })['securitySchemes'];

/** Keys of this name are lost when the SDK copies an object. */
const sdkKeeps = (given: AgentCard): boolean => !JSON.stringify(given).includes('__proto__');

describe('cardPayload', () => {
  it('A13: is, for the example of the specification, what the specification says', () => {
    const example = {
      name: 'Example Agent',
      description: '',
      capabilities: { streaming: false, pushNotifications: false, extensions: [] },
      skills: [],
    };
    const payload = cardPayload(example as never);
    for (const field of ['supportedInterfaces', 'version', 'defaultInputModes', 'defaultOutputModes'])
      delete payload[field];
    expect(canonicalize(payload)).toBe(
      '{"capabilities":{"pushNotifications":false,"streaming":false},"description":"","name":"Example Agent","skills":[]}',
    );
  });

  it('A13: keeps required fields that have their default, and puts in those that are missing', () => {
    const bare = cardPayload({ description: '', skills: [] } as never);
    expect(bare).toEqual({
      name: '',
      description: '',
      supportedInterfaces: [],
      version: '',
      capabilities: {},
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
    });
    const empty = { id: '', name: '', description: '', tags: [] };
    expect(cardPayload({ ...card, skills: [empty] })['skills']).toEqual([empty]);
    const address = { url: '', protocolBinding: '', protocolVersion: '' };
    expect(cardPayload({ ...card, supportedInterfaces: [address] })['supportedInterfaces']).toEqual([address]);
    expect(cardPayload({ ...card, provider: { url: '', organization: '' } })['provider']).toEqual({
      url: '',
      organization: '',
    });
  });

  it('A13: keeps optional fields that are set to their default, and leaves out those that are not set', () => {
    const set = { documentationUrl: '', iconUrl: '' };
    const capabilities = { streaming: false, pushNotifications: false, extendedAgentCard: false };
    expect(cardPayload({ ...card, ...set, capabilities })).toEqual({ ...card, ...set, capabilities });
    expect(cardPayload({ ...card, documentationUrl: undefined, iconUrl: null as never })).toEqual(card);
  });

  it('A13: leaves out other fields that have their default', () => {
    const extensions = [{ uri: 'urn:a', description: '', required: false }];
    expect(cardPayload({ ...card, capabilities: { extensions } })['capabilities']).toEqual({
      extensions: [{ uri: 'urn:a' }],
    });
    expect(cardPayload({ ...card, capabilities: { extensions: [] } })).toEqual(card);
    expect(cardPayload({ ...card, securitySchemes: {}, securityRequirements: [] })).toEqual(card);
    const [skill] = card.skills;
    const more = { examples: [], inputModes: [], outputModes: [], securityRequirements: [] };
    expect(cardPayload({ ...card, skills: [{ ...skill!, ...more }] })).toEqual(card);
    const [address] = card.supportedInterfaces;
    expect(cardPayload({ ...card, supportedInterfaces: [{ ...address!, tenant: '' }] })).toEqual(card);
  });

  it('keeps messages that are empty: they have presence', () => {
    expect(schemeOf({ mtlsSecurityScheme: {} })).toEqual({ a: { mtlsSecurityScheme: {} } });
    const securityRequirements = [{ schemes: { a: { list: [] } } }];
    expect(cardPayload({ ...card, securityRequirements })['securityRequirements']).toEqual([{ schemes: { a: {} } }]);
    expect(cardPayload({ ...card, securityRequirements: [{ schemes: {} }] })['securityRequirements']).toEqual([{}]);
  });

  it('knows the fields of each kind of scheme and flow', () => {
    const key = { apiKeySecurityScheme: { location: 'header', name: 'X-Key', description: '' } };
    expect(schemeOf(key)).toEqual({ a: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } } });
    const http = { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } };
    expect(schemeOf(http)).toEqual({ a: http });
    const oidc = { openIdConnectSecurityScheme: { openIdConnectUrl: 'https://o.example', description: 'd' } };
    expect(schemeOf(oidc)).toEqual({ a: oidc });
    const flow = (flows: object) => schemeOf({ oauth2SecurityScheme: { flows, oauth2MetadataUrl: '' } });
    const urls = { authorizationUrl: 'a', tokenUrl: 't', refreshUrl: '' };
    expect(flow({ authorizationCode: { ...urls, scopes: {}, pkceRequired: false } })).toEqual({
      a: {
        oauth2SecurityScheme: { flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: {} } } },
      },
    });
    expect(flow({ clientCredentials: { tokenUrl: 't' } })).toEqual({
      a: { oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: 't', scopes: {} } } } },
    });
    expect(flow({ deviceCode: { deviceAuthorizationUrl: 'd', tokenUrl: 't', scopes: { s: '' } } })).toEqual({
      a: {
        oauth2SecurityScheme: {
          flows: { deviceCode: { deviceAuthorizationUrl: 'd', tokenUrl: 't', scopes: { s: '' } } },
        },
      },
    });
    for (const name of ['implicit', 'password'])
      expect(flow({ [name]: { scopes: {}, refreshUrl: 'r' } })).toEqual({
        a: { oauth2SecurityScheme: { flows: { [name]: { refreshUrl: 'r' } } } },
      });
  });

  it('A14: leaves out signatures and what v1.0 does not know, but nothing that is under params', () => {
    const extensions = [{ uri: 'urn:a', params: { empty: '', none: null, list: [], zero: 0 }, odd: 1 }];
    const given = {
      ...card,
      signatures: [{ protected: 'p', signature: 's' }],
      protocolVersion: '0.3',
      capabilities: { extensions },
    };
    const { odd: _odd, ...extension } = extensions[0]!;
    expect(cardPayload(given)).toEqual({ ...card, capabilities: { extensions: [extension] } });
  });

  it('does not change the card', () => {
    const text = JSON.stringify(card);
    cardPayload(card);
    leanPayload(card);
    expect(JSON.stringify(card)).toBe(text);
  });
});

describe('leanPayload', () => {
  it('is, for every card, what the official SDK verifies', () => {
    fc.assert(
      fc.property(agentCard().filter(sdkKeeps), (given) => {
        expect(canonicalize(leanPayload(given))).toBe(canonicalizeAgentCard(given as never));
      }),
      { numRuns: 200 },
    );
  });

  it('is that of the specification for a card in which nothing is empty', () => {
    const full = { ...card, capabilities: { streaming: false } };
    expect(leanPayload(full)).toEqual(cardPayload(full));
    expect(leanPayload({} as never)).toEqual({});
  });
});
