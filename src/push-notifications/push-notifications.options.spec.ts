import { describe, expect, it } from '@jest/globals';
import { PUSH_DEFAULTS, pushNotificationsOptions } from './push-notifications.options.js';

const given = (options: object) => () => pushNotificationsOptions(options);

describe('options of push notifications', () => {
  it('are the defaults where nothing else is said', () => {
    expect(pushNotificationsOptions()).toEqual(PUSH_DEFAULTS);
    expect(pushNotificationsOptions({ timeoutMs: undefined, maxAttempts: 3, allowedHosts: ['localhost'] })).toEqual({
      ...PUSH_DEFAULTS,
      maxAttempts: 3,
      allowedHosts: ['localhost'],
    });
  });

  it.each([
    [{ timeoutMs: 0 }, 'pushNotifications.timeoutMs must be a whole number from 1 to 600000, but is 0.'],
    [{ maxConfigsPerTask: 101 }, 'pushNotifications.maxConfigsPerTask must be'],
    [{ concurrency: '4' }, 'pushNotifications.concurrency must be'],
    [{ pollMs: 1.5 }, 'pushNotifications.pollMs must be'],
    [{ tiemoutMs: 5 }, 'pushNotifications.tiemoutMs is not an option. There are allowedHosts, '],
    [{ requireHttps: 'yes' }, 'pushNotifications.requireHttps must be true or false'],
    [{ verifyTargets: 1 }, 'pushNotifications.verifyTargets must be true or false'],
    [{ maxConfigsPerOwner: 0 }, 'pushNotifications.maxConfigsPerOwner must be'],
    [{ maxPerHostPerSecond: -1 }, 'pushNotifications.maxPerHostPerSecond must be'],
    [{ circuitOpenMs: Infinity }, 'pushNotifications.circuitOpenMs must be'],
    [{ allowedHosts: 'localhost' }, 'pushNotifications.allowedHosts must be a list'],
    [{ allowedHosts: [5] }, 'pushNotifications.allowedHosts must be a list'],
    [{ allowedHosts: ['10.0.0.0/99'] }, "pushNotifications.allowedHosts: '10.0.0.0/99' is neither"],
  ])('%j stops the start by name', (options, message) => {
    expect(given(options)).toThrow(RangeError);
    expect(given(options)).toThrow(message);
  });
});
