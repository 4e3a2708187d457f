import { describe, expect, it } from '@jest/globals';
import { PUSH_DEFAULTS, pushNotificationsOptions } from '../../push-notifications/push-notifications.options.js';
import { loadEnvironment } from './load-environment.js';
import { pushOptions } from './module-options.js';

const quiet = { warn: () => undefined };
const optionsOf = (env: NodeJS.ProcessEnv, conformance = false) =>
  pushNotificationsOptions(pushOptions(loadEnvironment(env, quiet), conformance));

describe('push notifications by environment', () => {
  it('have the defaults of the library', () => {
    expect(optionsOf({})).toEqual(PUSH_DEFAULTS);
  });

  it('may call the hosts that are listed', () => {
    const env = { A2A_PUSH_ALLOWED_HOSTS: ' localhost,, *.corp.example ,10.1.0.0/16', A2A_PUSH_REQUIRE_HTTPS: 'true' };
    expect(optionsOf(env)).toMatchObject({
      allowedHosts: ['localhost', '*.corp.example', '10.1.0.0/16'],
      requireHttps: true,
    });
  });

  it('may call this machine when the conformance suites run', () => {
    expect(optionsOf({ A2A_PUSH_ALLOWED_HOSTS: 'a.b' }, true).allowedHosts).toEqual([
      'a.b',
      'localhost',
      '127.0.0.0/8',
      '::1',
    ]);
  });
});
