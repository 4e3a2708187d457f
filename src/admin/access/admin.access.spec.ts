import { describe, expect, it, jest } from '@jest/globals';
import { Logger, UnauthorizedException } from '@nestjs/common';
import type { A2aHost } from '../a2a-host.js';
import { type A2aAdminModuleOptions, adminSettings } from '../admin.options.js';
import { AdminAccess } from './admin.access.js';

const NO_HOST = {} as A2aHost;

function accessOf(options: A2aAdminModuleOptions, host = NO_HOST): AdminAccess {
  return new AdminAccess(adminSettings(options), host);
}

const requestOf = (headers: Record<string, string> = {}, method = 'GET', remoteAddress = '127.0.0.1'): never =>
  ({ headers: { host: '127.0.0.1', ...headers }, method, url: '/tasks?a=b', socket: { remoteAddress } }) as never;

const denied = { reason: 'PERMISSION_DENIED' };

describe('AdminAccess', () => {
  it('admits whom the function admits', async () => {
    const access = accessOf({ authorize: ({ headers }) => headers['x-user'] === 'olga' });
    await access.admit(requestOf({ 'x-user': 'olga' }));
    await expect(access.admit(requestOf({ 'x-user': 'carl' }))).rejects.toMatchObject(denied);
  });

  it('asks once for a request', async () => {
    const authorize = jest.fn(() => true);
    const access = accessOf({ authorize });
    const request = requestOf();
    await access.admit(request);
    await access.admit(request);
    expect(authorize).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, 1, 'yes', {}])('does not take %p for a yes', async (answer) => {
    await expect(accessOf({ authorize: () => answer as never }).admit(requestOf())).rejects.toMatchObject(denied);
  });

  it('passes on what the function throws', async () => {
    const authorize = (): boolean => {
      throw new UnauthorizedException('Sign in.');
    };
    await expect(accessOf({ authorize }).admit(requestOf())).rejects.toThrow('Sign in.');
  });

  it('asks a provider, with its own this', async () => {
    class Operators {
      readonly names = ['olga'];
      authorize({ headers }: { headers: Record<string, unknown> }): Promise<boolean> {
        return Promise.resolve(this.names.includes(String(headers['x-user'])));
      }
    }
    const host = { get: () => new Operators() } as unknown as A2aHost;
    const access = accessOf({ authorize: { provider: Operators } }, host);
    await access.admit(requestOf({ 'x-user': 'olga' }));
    await expect(access.admit(requestOf())).rejects.toMatchObject(denied);
  });

  it('admits processes of this machine alone on loopback, under its names', async () => {
    const access = accessOf({ authorize: 'loopback' });
    await access.admit(requestOf());
    await expect(access.admit(requestOf({}, 'GET', '10.0.0.1'))).rejects.toMatchObject(denied);
    await expect(access.admit(requestOf({ host: 'rebound.example' }))).rejects.toMatchObject(denied);
  });

  it('wants a header for what changes something, and logs that without the query', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const access = accessOf({ authorize: () => true });
    for (const method of ['POST', 'DELETE', 'PUT', 'PATCH']) {
      await expect(access.admit(requestOf({}, method))).rejects.toMatchObject(denied);
      await access.admit(requestOf({ 'x-a2a-admin': '1' }, method));
    }
    expect(log.mock.calls[0]).toEqual(['An operator at 127.0.0.1 sends POST /tasks']);
    expect(log).toHaveBeenCalledTimes(4);
    log.mockRestore();
  });

  it('changes nothing if it is read-only', async () => {
    const access = accessOf({ authorize: () => true, readOnly: true });
    await access.admit(requestOf());
    await expect(access.admit(requestOf({ 'x-a2a-admin': '1' }, 'POST'))).rejects.toThrow('read-only');
  });
});

describe('adminSettings', () => {
  const check = (options: unknown) => () => adminSettings(options as A2aAdminModuleOptions);

  it('has defaults', () => {
    const authorize = (): boolean => true;
    expect(adminSettings({ authorize })).toEqual({
      authorize,
      path: 'admin',
      readOnly: false,
      maxStreams: 100,
      loopbackHostsOnly: false,
    });
    expect(adminSettings({ authorize: 'loopback' }).loopbackHostsOnly).toBe(true);
  });

  it.each([
    [undefined, /authorize is missing/],
    [{}, /authorize is missing/],
    [{ authorize: 'anyone' }, /authorize must be 'loopback'/],
    [{ authorize: { provider: 'x', other: 1 } }, /authorize must be 'loopback'/],
    [{ authorize: 'loopback', path: ':id' }, /path must be/],
    [{ authorize: 'loopback', readOnly: 'yes' }, /readOnly must be true or false/],
    [{ authorize: 'loopback', maxStreams: 0 }, /maxStreams must be a whole number from 1 to 10000/],
    [{ authorize: 'loopback', readonly: true }, /readonly is not an option/],
  ])('refuses %p by name', (options, message) => expect(check(options)).toThrow(message));
});
