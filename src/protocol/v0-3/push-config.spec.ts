import { describe, expect, it } from '@jest/globals';
import { decodeV03PushConfig, pushConfigToV03 } from './push-config.js';

const config = {
  id: 'p',
  url: 'https://x.example',
  token: 't',
  authentication: { schemes: ['Digest', 'Bearer'], credentials: 'c' },
};

describe('v0.3 push notification configs', () => {
  it('X17: come back as they were sent, with the list of schemes', () => {
    const canonical = decodeV03PushConfig(config) as Parameters<typeof pushConfigToV03>[0];
    expect(canonical.authentication).toEqual({ scheme: 'Bearer', schemes: ['Digest', 'Bearer'], credentials: 'c' });
    expect(pushConfigToV03(canonical)).toEqual(config);
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
    expect(scheme(['Digest', 'Hoba'])).toEqual({ authentication: { scheme: 'Digest', schemes: ['Digest', 'Hoba'] } });
    expect(scheme([])).toStrictEqual({ authentication: { schemes: [] } });
    expect(scheme(5)).toEqual({ authentication: { scheme: 5 } });
  });
});
