import { describe, expect, it } from '@jest/globals';
import { GrpcBootError } from './grpc-boot.error.js';
import { assertIdentified, type GrpcOptions, grpcSettings, hostAndPort, isAddress } from './grpc.options.js';

const right: GrpcOptions = { port: 0, authenticate: 'anonymous' };
const settingsOf = (more: object) => () => grpcSettings({ ...right, ...more });

describe('the options of gRPC', () => {
  it('have defaults, undefined being as good as left out', () => {
    expect(grpcSettings({ ...right, host: undefined, keepAliveMs: undefined })).toEqual({
      ...right,
      host: '127.0.0.1',
      maxMessageBytes: 10_000_000,
      keepAliveMs: 15_000,
      keepAliveTimeoutMs: 20_000,
      maxStreamsPerConnection: 1000,
      shutdownGraceMs: 5_000,
    });
  });

  it.each([
    ['port', { port: 65_536 }],
    ['port', { port: undefined }],
    ['port', { port: '50051' }],
    ['host', { host: '' }],
    ['maxMessageBytes', { maxMessageBytes: 0 }],
    ['keepAliveMs', { keepAliveMs: 2 ** 31 }],
    ['keepAliveTimeoutMs', { keepAliveTimeoutMs: 1.5 }],
    ['maxStreamsPerConnection', { maxStreamsPerConnection: 0 }],
    ['shutdownGraceMs', { shutdownGraceMs: -1 }],
    ['publicAddress', { publicAddress: 'https://agents.example.com' }],
    ['publicAddress', { publicAddress: 'agents.example.com' }],
    ['adress', { adress: 'x' }],
  ])('name %s when it makes no sense: %j', (name, more) => {
    expect(settingsOf(more)).toThrow(GrpcBootError);
    expect(settingsOf(more)).toThrow(new RegExp(`^grpc\\.${name} `));
  });

  it.each([true, 'nobody', {}])('refuse an authenticate that is none: %j', (authenticate) => {
    expect(settingsOf({ authenticate })).toThrow(/^grpc\.authenticate must be a function/);
  });

  it('let nobody in by omission: without A2aAuthModule, authenticate must be set', () => {
    const missing = /^grpc\.authenticate is missing: Nest's guards do not run for gRPC/;
    expect(() => assertIdentified({}, false)).toThrow(missing);
    expect(() => assertIdentified({}, true)).not.toThrow();
    expect(() => assertIdentified({ authenticate: 'anonymous' }, false)).not.toThrow();
  });
});

describe('addresses', () => {
  it.each(['agents.example.com:443', 'localhost:1', '10.0.0.1:65535', '[::1]:50051', 'grpc_host:80'])(
    '%s is one',
    (text) => expect(isAddress(text)).toBe(true),
  );
  it.each([
    'agents.example.com', 'agents.example.com:', ':443', 'a:0', 'a:65536', '::1:50051', '[x]:1', 'http://a:1', 'a:1/path', 'a b:1', '',
  ])('%s is none', (text) => expect(isAddress(text)).toBe(false)); // prettier-ignore

  it('put IPv6 into brackets', () => {
    expect(hostAndPort('::1', 5)).toBe('[::1]:5');
    expect(hostAndPort('127.0.0.1', 5)).toBe('127.0.0.1:5');
  });
});
