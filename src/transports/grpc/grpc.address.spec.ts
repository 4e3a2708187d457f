import { describe, expect, it } from '@jest/globals';
import { GrpcAddress } from './grpc.address.js';
import { type GrpcOptions, grpcSettings } from './grpc.options.js';

const agent = { options: { default: true } };
const address = (options: Partial<GrpcOptions> = {}) =>
  new GrpcAddress(grpcSettings({ port: 0, authenticate: 'anonymous', ...options }));
const urlsOf = (of: GrpcAddress): string[] => of.of(agent).map(({ url }) => url);

describe("a card's gRPC addresses", () => {
  it('are of both versions, newest first', () => {
    const listening = address();
    listening.listening(50_051);
    expect(listening.of(agent)).toEqual([
      { url: '127.0.0.1:50051', protocolBinding: 'GRPC', protocolVersion: '1.0' },
      { url: '127.0.0.1:50051', protocolBinding: 'GRPC', protocolVersion: '0.3' },
    ]);
  });

  it.each([
    [{ host: '::1' }, '[::1]:7'],
    [{ host: '0.0.0.0' }, 'localhost:7'],
    [{ host: '::' }, 'localhost:7'],
    [{ cardUrlScheme: 'http' as const, host: '::1' }, 'http://[::1]:7'],
    [{ cardUrlScheme: 'https' as const, publicAddress: 'agents.example.com:443' }, 'https://agents.example.com:443'],
    [{ publicAddress: 'agents.example.com:443', host: '0.0.0.0' }, 'agents.example.com:443'],
  ])('say for %j: %s', (options, url) => {
    const listening = address(options);
    listening.listening(7);
    expect(urlsOf(listening)).toEqual([url, url]);
  });

  it('are there for the default agent only, once the server listens, if there is one', () => {
    const listening = address();
    expect(urlsOf(listening)).toEqual([]);
    listening.listening(7);
    expect(listening.of({ options: {} })).toEqual([]);
    const off = new GrpcAddress();
    off.listening(7);
    expect(urlsOf(off)).toEqual([]);
  });
});
