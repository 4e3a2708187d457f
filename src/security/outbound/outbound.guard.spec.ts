import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { webUrl } from '../../testing/arbitraries/text.arbitrary.js';
import { OutboundError } from './outbound.error.js';
import { OutboundGuard } from './outbound.guard.js';

const guard = new OutboundGuard();
const refusalOf = (url: string, by = guard): OutboundError | undefined => {
  try {
    by.checkUrl(url);
    return undefined;
  } catch (error) {
    return error as OutboundError;
  }
};

const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
const hex = (value: number): string => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;

/** An address of a CIDR, as a number. */
const within = (cidr: string): fc.Arbitrary<number> => {
  const [base = '', bits] = cidr.split('/');
  const start = base.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 }).map((offset) => start + offset);
};
const privateIpv4 = fc.constantFrom(...PRIVATE_IPV4).chain(within);
const publicIpv4 = fc
  .constantFrom('1.1.1.0/24', '8.0.0.0/8', '93.184.216.0/24', '172.32.0.0/11', '203.0.114.0/24')
  .chain(within);
/** The IPv6 addresses that lead to an IPv4 address. */
const embeddings = (value: number): string[] => [
  `::ffff:${dotted(value)}`,
  `::FFFF:${hex(value)}`,
  `0:0:0:0:0:ffff:${hex(value)}`,
  `::ffff:0:${dotted(value)}`,
  `64:ff9b::${dotted(value)}`,
  `2002:${hex(value)}::`,
  `2002:${hex(value)}:1:2:3:4:5`,
];

describe('outbound guard', () => {
  it('refuses every address of the private ranges, in whatever form it is written', () => {
    fc.assert(
      fc.property(privateIpv4, (value) => {
        for (const address of [dotted(value), ...embeddings(value)])
          expect([address, guard.permits(address)]).toEqual([address, false]);
        const octal = dotted(value)
          .split('.')
          .map((byte) => `0${Number(byte).toString(8)}`)
          .join('.');
        const hosts = [
          dotted(value),
          String(value),
          `0x${value.toString(16)}`,
          octal,
          ...embeddings(value).map((one) => `[${one}]`),
        ];
        for (const host of hosts) expect([host, refusalOf(`http://${host}/x`)?.code]).toEqual([host, 'address']);
      }),
      { numRuns: 200 },
    );
  });

  it('permits public addresses, and those that lead to them', () => {
    fc.assert(
      fc.property(publicIpv4, (value) => {
        for (const address of [dotted(value), ...embeddings(value)])
          expect([address, guard.permits(address)]).toEqual([address, true]);
        expect(refusalOf(`https://${dotted(value)}/x`)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::127.0.0.1',
    '100::1',
    '64:ff9b:1::1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '168.63.129.16',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '255.255.255.255',
    'localhost',
    '',
    '1.2.3',
  ])('does not permit %p', (address) => {
    expect(guard.permits(address)).toBe(false);
  });

  it('permits global IPv6 addresses', () => {
    for (const address of ['2606:4700:4700::1111', '2a00:1450:4001:80b::200e']) {
      expect(guard.permits(address)).toBe(true);
      expect(refusalOf(`https://[${address}]:8443/x`)).toBeUndefined();
    }
  });

  it.each([
    ['ftp://example.com/x', 'url'],
    ['file:///etc/passwd', 'url'],
    ['javascript:alert(1)', 'url'],
    ['/webhook', 'url'],
    ['', 'url'],
    ['http://', 'url'],
    ['https://user@example.com/', 'url'],
    ['https://user:secret@example.com/', 'url'],
    ['https://:secret@example.com/', 'url'],
    ['http://localhost:3000/', 'address'],
    ['http://LOCALHOST./', 'address'],
    ['http://me.localhost/', 'address'],
    ['http://127.1/', 'address'],
    ['http://①②⑦.0.0.1/', 'address'],
    ['http://[::1]/', 'address'],
  ])('refuses %p', (url, code) => {
    expect(refusalOf(url)).toMatchObject({ name: 'OutboundError', code });
    expect(refusalOf(url)?.message).not.toContain('secret');
  });

  it('leaves names to the moment of the connection', () => {
    expect(refusalOf('https://receiver.internal/x')).toBeUndefined();
  });

  it('can demand https', () => {
    const strict = new OutboundGuard({ requireHttps: true });
    expect(refusalOf('http://example.com/', strict)?.message).toBe('The url must begin with https://.');
    expect(refusalOf('https://example.com/', strict)).toBeUndefined();
  });

  it('can demand https of all hosts but those on the allow-list', () => {
    const allow = ['hooks.internal', '10.1.0.0/16'];
    const strict = new OutboundGuard({ allow, requireHttps: 'unless-allowed' });
    expect(refusalOf('http://example.com/', strict)?.message).toBe('The url must begin with https://.');
    expect(refusalOf('https://example.com/', strict)).toBeUndefined();
    for (const listed of ['http://hooks.internal/', 'http://10.1.2.3:8080/', 'http://[::ffff:10.1.2.3]/'])
      expect(refusalOf(listed, strict)).toBeUndefined();
    expect(refusalOf('ftp://hooks.internal/', strict)?.message).toBe('The url must begin with http:// or https://.');
  });

  it('permits what the allow-list names, and nothing beside it', () => {
    const open = new OutboundGuard({
      allow: ['127.0.0.0/8', '10.1.2.3', 'fd00::/8', 'Hooks.Internal', '*.corp.example'],
    });
    for (const address of ['127.9.9.9', '10.1.2.3', 'fd12::1', '::ffff:127.0.0.1'])
      expect(open.permits(address)).toBe(true);
    for (const address of ['10.1.2.4', '::1', 'fc00::1', '::ffff:10.1.2.4']) expect(open.permits(address)).toBe(false);
    for (const name of ['hooks.internal', 'HOOKS.internal.', 'a.corp.example', 'a.b.corp.example']) {
      expect(open.permitsName(name)).toBe(true);
    }
    for (const name of ['x.hooks.internal', 'corp.example', 'evilcorp.example', 'hooks.internal.evil.example']) {
      expect(open.permitsName(name)).toBe(false);
    }
    expect(refusalOf('http://localhost:1/', open)).toBeUndefined();
    expect(refusalOf('http://[::1]:1/', open)?.code).toBe('address');
    expect(refusalOf('http://localhost:1/', new OutboundGuard({ allow: ['localhost'] }))).toBeUndefined();
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    'fd00::/129',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'http://a',
    'a b',
    '',
    '*',
    '1.2.3',
  ])('does not start with %p on the allow-list', (entry) => {
    expect(() => new OutboundGuard({ allow: [entry] })).toThrow(RangeError);
  });

  it('gives an answer for any text', () => {
    fc.assert(
      fc.property(fc.oneof(webUrl(), fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        const refusal = refusalOf(text);
        if (refusal) expect(refusal).toBeInstanceOf(OutboundError);
        expect(typeof guard.permits(text)).toBe('boolean');
      }),
      { numRuns: 200 },
    );
  });
});
