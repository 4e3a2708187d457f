import { describe, expect, it } from '@jest/globals';
import { isLoopbackHost } from './loopback.js';

describe('isLoopbackHost', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    'LocalHost',
  ])('is true for %s', (host) => expect(isLoopbackHost(host)).toBe(true));

  it.each([
    '12.7.0.1',
    '128.0.0.1',
    '0.0.0.0',
    '::',
    '::2',
    '::ffff:10.0.0.1',
    '127.example.com',
    'localhost.example',
    '',
  ])('is false for "%s"', (host) => expect(isLoopbackHost(host)).toBe(false));
});
