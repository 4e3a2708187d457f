import { describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { CA, CLIENT, EXPIRED, RENEWED, SERVER } from '../../../test/support/tls/index.js';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';
import { credentialsOf } from './tls.js';

const quiet = { warn: () => undefined };
const use = (tls: GrpcTlsOptions) => credentialsOf(grpc, tls, quiet);

describe('TLS options', () => {
  it('are right as text or bytes', () => {
    expect(() => use({ ...SERVER, clientCa: CA })).not.toThrow();
    expect(() => use({ cert: SERVER.cert.toString(), key: SERVER.key.toString() })).not.toThrow();
  });

  it.each([
    ['grpc.tls.cert must be PEM', { ...SERVER, cert: '' }],
    ['grpc.tls.key must be PEM', { ...SERVER, key: undefined as unknown as string }],
    ['grpc.tls.cert cannot be used', { ...SERVER, cert: '/etc/a2a/tls.crt' }],
    ['grpc.tls.key cannot be used', { ...SERVER, key: SERVER.cert }],
    ['grpc.tls.key with grpc.tls.cert cannot be used', { ...SERVER, key: CLIENT.key }],
    ['grpc.tls.clientCa cannot be used', { ...SERVER, clientCa: 'x' }],
  ])('say by name: %s', (text, tls) => {
    expect(() => use(tls)).toThrow(GrpcBootError);
    expect(() => use(tls)).toThrow(text);
  });

  it('do not show a key in the error', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----\n';
    let text = '';
    try {
      use({ ...SERVER, key });
    } catch (error) {
      text = String(error);
    }
    expect(text).toContain('grpc.tls.key');
    expect(text).not.toContain('hunter2');
  });

  it('may be renewed while a server uses them, but not by what cannot be used', () => {
    let use: Parameters<NonNullable<GrpcTlsOptions['onRenewal']>>[0] | undefined;
    let ended = 0;
    const onRenewal: GrpcTlsOptions['onRenewal'] = (given) => {
      use = given;
      return () => void (ended += 1);
    };
    const { credentials, end } = credentialsOf(grpc, { ...SERVER, clientCa: CA, onRenewal }, quiet);
    const contexts: unknown[] = [];
    credentials._addWatcher((context) => void contexts.push(context));
    use!(RENEWED);
    expect(contexts).toEqual([expect.objectContaining({ cert: [RENEWED.cert], key: [RENEWED.key], ca: CA })]);
    expect(() => use!({ ...RENEWED, key: CLIENT.key })).toThrow(GrpcBootError);
    expect(contexts).toHaveLength(1);
    end?.();
    expect(ended).toBe(1);
  });

  it('warn of a certificate that is not valid now', () => {
    const warnings: string[] = [];
    const log = { warn: (text: string) => void warnings.push(text) };
    credentialsOf(grpc, SERVER, log);
    expect(warnings).toEqual([]);
    credentialsOf(grpc, EXPIRED, log);
    expect(warnings).toEqual([expect.stringContaining('so it is not valid now: clients will reject it')]);
  });
});
