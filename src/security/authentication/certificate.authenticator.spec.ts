import { describe, expect, it } from '@jest/globals';
import type { PeerCertificate } from 'node:tls';
import { clientCertificates, type ClientCertificatesOptions } from './certificate.authenticator.js';

const of = (certificate: object | undefined, options?: ClientCertificatesOptions) =>
  clientCertificates(options).authenticate({
    ...{ binding: 'grpc', agent: 'a', headers: {} },
    certificate: () => certificate as PeerCertificate | undefined,
  });
const valid_to = 'Jan 31 00:00:00 2030 GMT';

describe('clientCertificates', () => {
  it('takes the one common name, and its expiry', () => {
    expect(of({ subject: { CN: 'alice' }, valid_to })).toEqual({ owner: 'alice', expiresAt: new Date(valid_to) });
    expect(of(undefined)).toBeNull();
    for (const subject of [{}, { CN: '' }, { CN: ['alice', 'mallory'] }])
      expect(() => of({ subject, valid_to })).toThrow('does not name one caller');
  });

  it('takes the one URI, and none that is hidden in another name', () => {
    const owner = 'san-uri';
    const uri = (subjectaltname: string) => of({ subjectaltname, valid_to }, { owner });
    expect(uri('DNS:worker, URI:spiffe://acme/worker')).toMatchObject({ owner: 'spiffe://acme/worker' });
    for (const wrong of [
      'DNS:a',
      'URI:spiffe://a, URI:spiffe://b',
      'DNS:"a, URI:spiffe://acme/admin"',
      'URI:"spiffe://a, b"',
    ])
      expect(() => uri(wrong)).toThrow('does not name one caller');
  });

  it('lets a function decide', () => {
    const owner: ClientCertificatesOptions['owner'] = ({ subject }) =>
      subject.O === 'acme' ? { owner: 'staff', tenant: 'acme' } : undefined;
    expect(of({ subject: { O: 'acme' }, valid_to }, { owner })).toMatchObject({ owner: 'staff', tenant: 'acme' });
    expect(() => of({ subject: { O: 'other' }, valid_to }, { owner })).toThrow('does not name one caller');
  });
});
