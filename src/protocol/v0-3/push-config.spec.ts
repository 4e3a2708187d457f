import { describe, expect, it } from '@jest/globals';
import { decodeV03PushConfig, pushConfigToV03, v03Schemes } from './push-config.js';

const config = {
  id: 'p',
  url: 'https://x.example',
  token: 't',
  authentication: { schemes: ['Digest', 'Bearer'], credentials: 'c' },
};

describe('v0.3 push notification configs', () => {
  it('come back as they were sent when the list of schemes was kept', () => {
    const canonical = decodeV03PushConfig(config) as Parameters<typeof pushConfigToV03>[0];
    expect(canonical.authentication).toEqual({ scheme: 'Bearer', credentials: 'c' });
    expect(pushConfigToV03(canonical, v03Schemes(config))).toEqual(config);
  });

  it('list the one scheme when no list was kept', () => {
    const authentication = { scheme: 'Basic' };
    expect(pushConfigToV03({ url: 'u', authentication })).toStrictEqual({
      url: 'u',
      authentication: { schemes: ['Basic'] },
    });
    expect(pushConfigToV03({ url: 'u' })).toStrictEqual({ url: 'u' });
  });

  it('deliver with the first scheme when none is supported, and with none when the list is empty', () => {
    const scheme = (schemes: unknown): unknown => decodeV03PushConfig({ authentication: { schemes } });
    expect(scheme(['Digest', 'Hoba'])).toEqual({ authentication: { scheme: 'Digest' } });
    expect(scheme([])).toStrictEqual({ authentication: {} });
    expect(scheme(5)).toEqual({ authentication: { scheme: 5 } });
  });

  it('have no list of schemes when there is none', () => {
    for (const value of [undefined, null, 'x', {}, { authentication: 5 }, { authentication: { schemes: 'Bearer' } }]) {
      expect(v03Schemes(value)).toBeUndefined();
    }
  });
});
