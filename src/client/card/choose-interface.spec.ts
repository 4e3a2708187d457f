import { describe, expect, it } from '@jest/globals';
import type { AgentCard } from '../../protocol/model/index.js';
import { A2AClientInvalidArgsError, AgentCardResolutionError } from '../errors/client.errors.js';
import { cardUrl } from './card-url.js';
import { chooseInterface } from './choose-interface.js';

const at = (
  protocolBinding: string,
  protocolVersion: string,
  url = `https://${protocolBinding}.example/${protocolVersion}`,
  more = {},
) => ({
  url,
  protocolBinding,
  protocolVersion,
  ...more,
});
const card = (...supportedInterfaces: AgentCard['supportedInterfaces']): AgentCard =>
  ({ name: 'Shop', supportedInterfaces }) as unknown as AgentCard;

describe('chooseInterface', () => {
  const [grpc, old, rest, rpc] = [
    at('GRPC', '1.0', 'a.example:443'),
    at('JSONRPC', '0.3.0'),
    at('HTTP+JSON', '1.0'),
    at('JSONRPC', '1.0.1'),
  ];

  it('takes the first of v1.0 in the order of the card, else the first of v0.3', () => {
    expect(chooseInterface(card(grpc, old, rest, rpc), undefined)).toEqual({
      binding: 'HTTP+JSON',
      version: '1.0',
      url: rest.url,
    });
    expect(chooseInterface(card(grpc, old), undefined)).toEqual({ binding: 'JSONRPC', version: '0.3', url: old.url });
  });

  it('takes what is preferred', () => {
    const preference = [
      { binding: 'HTTP+JSON', version: '0.3' },
      { binding: 'JSONRPC', version: '1.0' },
    ] as const;
    expect(chooseInterface(card(old, rest, rpc), preference)).toEqual({
      binding: 'JSONRPC',
      version: '1.0',
      url: rpc.url,
    });
    expect(() => chooseInterface(card(old), preference)).toThrow(
      'no interface that this client prefers; its card has JSONRPC 0.3.0',
    );
  });

  it('keeps the tenant', () => {
    expect(chooseInterface(card(at('JSONRPC', '1.0', 'https://a.example', { tenant: 'acme' })), undefined).tenant).toBe(
      'acme',
    );
  });

  it.each([[grpc], [at('JSONRPC', '2.0')], [at('JSONRPC', '0.2.6')], [at('JSONRPC', '1.0', 'nowhere')]])(
    'does not speak %j',
    (other) => expect(() => chooseInterface(card(other), undefined)).toThrow(AgentCardResolutionError),
  );

  it('does not leave TLS', () => {
    const plain = card(at('JSONRPC', '1.0', 'http://a.example'));
    expect(() => chooseInterface(plain, undefined, 'https://a.example/card.json')).toThrow('came over https');
    expect(chooseInterface(plain, undefined, 'http://a.example/card.json').url).toBe('http://a.example');
  });
});

describe('cardUrl', () => {
  const path = '/.well-known/agent-card.json';
  it.each([
    ['https://a.example', 'https://a.example/.well-known/agent-card.json'],
    ['https://a.example/agents/x/', 'https://a.example/agents/x/.well-known/agent-card.json'],
    ['https://a.example/x?key=1#top', 'https://a.example/x/.well-known/agent-card.json?key=1'],
    ['https://a.example/.well-known/agent.json', 'https://a.example/.well-known/agent.json'],
    ['https://a.example/cards/x.json', 'https://a.example/cards/x.json'],
  ])('of %s is %s', (agent, url) => expect(cardUrl(agent, path)).toBe(url));

  it.each(['a.example', 'ftp://a.example', ''])('of %p is none', (agent) => {
    expect(() => cardUrl(agent, path)).toThrow(A2AClientInvalidArgsError);
  });
});
