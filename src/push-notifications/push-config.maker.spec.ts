import { describe, expect, it } from '@jest/globals';
import { OutboundGuard } from '../security/outbound/index.js';
import { caller } from '../testing/contracts/fixtures.js';
import { PushConfigMaker } from './push-config.maker.js';

const maker = new PushConfigMaker(new OutboundGuard({ allow: ['10.1.0.0/16'], requireHttps: 'unless-allowed' }));
const v10 = caller();
const v03 = caller({ protocolVersion: '0.3' });
const url = 'https://example.com/hook';

const refusalOf = (config: object, within?: string): { field: string; description: string } | undefined => {
  try {
    maker.make({ url, ...config }, 'task', v10, within);
    return undefined;
  } catch (error) {
    return (error as { violations: { field: string; description: string }[] }).violations[0];
  }
};

describe('a push notification config', () => {
  it('keeps what the client gave, and the version it spoke', () => {
    const given = { id: 'a', url, token: 't', authentication: { scheme: 'Bearer', credentials: 'c' } };
    expect(maker.make(given, 'task', v10)).toStrictEqual({ ...given, wireVersion: '1.0' });
    expect(maker.make({ ...given, taskId: 'task', tenant: 'x' }, 'task', v03)).toStrictEqual({
      ...given,
      wireVersion: '0.3',
    });
  });

  it('without an id gets a new one; that of its task from a v0.3 client', () => {
    const ids = [{}, { id: '' }, { id: undefined }].map((given) => maker.make({ url, ...given }, 'task', v10).id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(maker.make({ url }, 'task', v03).id).toBe('task');
  });

  it.each([
    'http://10.1.2.3:8080/hook',
    'https://example.com/ü?token=x#y',
    'https://hooks.internal/x',
    'https://[2606:4700::1111]/',
  ])('may have the url %s', (allowed) => {
    expect(maker.make({ url: allowed }, 'task', v10).url).toBe(allowed);
  });

  it.each([
    'ftp://example.com/',
    'example.com/hook',
    'http://example.com/hook',
    'http://localhost/x',
    'http://10.2.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:127.0.0.1]/',
    'https://user:pa55@example.com/',
    ' https://example.com/',
    'https://example.com/a b',
    'https://example.com/\u0000',
    'https://example.com/\r\nX: y',
  ])('is refused with the url %j', (refused) => {
    expect(refusalOf({ url: refused })?.field).toBe('url');
    expect(refusalOf({ url: refused })?.description).not.toContain('pa55');
    expect(refusalOf({ url: refused }, 'configuration.x.')?.field).toBe('configuration.x.url');
  });

  it('is refused with the id of a handler', () => {
    expect(refusalOf({ id: 'handler:Mails.send' })).toEqual({
      field: 'id',
      description: 'must not begin with handler:',
    });
    expect(refusalOf({ id: 'Handler:Mails.send' })).toBeUndefined();
  });

  it('is refused with what no header can carry, without showing it', () => {
    const cases: [object, string][] = [
      [{ token: 'pa55\r\nX: y' }, 'token'],
      [{ token: 'pa55\u20ac' }, 'token'],
      [{ authentication: { scheme: 'Bearer', credentials: 'pa55\n' } }, 'authentication.credentials'],
      [{ authentication: { scheme: 'Bearer pa55' } }, 'authentication.scheme'],
      [{ authentication: { scheme: 'Bearer:' } }, 'authentication.scheme'],
    ];
    for (const [config, field] of cases) {
      expect(refusalOf(config)).toMatchObject({ field });
      expect(refusalOf(config)?.description).not.toContain('pa55');
    }
    expect(
      refusalOf({ token: 'tab\tand latin ü', authentication: { scheme: 'X-~!', credentials: '' } }),
    ).toBeUndefined();
  });
});
