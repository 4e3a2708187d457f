import { describe, expect, it } from '@jest/globals';
import { isLocal, isSameOrigin, namesLoopback } from './request-origin.js';

describe('namesLoopback', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:9464',
    '127.9.9.9',
    'localhost',
    'LocalHost:80',
    'localhost.',
    '[::1]',
    '[::1]:9464',
  ])('is true for %s', (host) => expect(namesLoopback({ headers: { host } })).toBe(true));

  it.each([
    '',
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '10.0.0.1',
    'a@localhost',
    'localhost/x',
    '[::2]',
  ])('is false for %s', (host) => expect(namesLoopback({ headers: { host } })).toBe(false));

  it('is false without a Host', () => expect(namesLoopback({ headers: {} })).toBe(false));
});

describe('isSameOrigin', () => {
  it.each([
    ['a.example', undefined],
    ['a.example', 'https://a.example'],
    ['a.example:443', 'https://a.example'],
    ['A.example:8080', 'http://a.example:8080'],
    ['[::1]:9464', 'http://[::1]:9464'],
  ])('is true for a request to %s from %s', (host, origin) => {
    expect(isSameOrigin({ headers: { host, origin } })).toBe(true);
  });

  it.each([
    ['a.example', 'null'],
    ['a.example', ''],
    ['a.example', 'https://b.example'],
    ['a.example:8080', 'http://a.example'],
    ['a.example', 'chrome-extension://a.example'],
    [undefined, 'http://a.example'],
  ])('is false for a request to %s from %s', (host, origin) => {
    expect(isSameOrigin({ headers: { host, origin } })).toBe(false);
  });
});

describe('isLocal', () => {
  const from = (remoteAddress: string | undefined, headers = {}): boolean =>
    isLocal({ headers, socket: { remoteAddress } } as never);

  it('is true for clients of this machine', () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect([address, from(address)]).toEqual([address, true]);
  });

  it('is false for others, and for what a proxy of this machine forwards', () => {
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', undefined])
      expect([address, from(address)]).toEqual([address, false]);
    expect(from('127.0.0.1', { 'x-forwarded-for': '10.0.0.1' })).toBe(false);
    expect(from('127.0.0.1', { forwarded: 'for=10.0.0.1' })).toBe(false);
  });
});
