import { describe, expect, it } from '@jest/globals';
import { callContext } from './call-context.factory.js';
import type { PlatformRequest } from './platform.js';

const target = { agent: 'echo', protocolVersion: '1.0' as const };
const request = (a2a?: PlatformRequest['a2a']): PlatformRequest => ({ headers: {}, a2a });

describe('callContext', () => {
  it('is anonymous and without a tenant until somebody says otherwise', () => {
    const context = callContext(request(), target);
    expect(context).toEqual({
      owner: 'anonymous',
      tenant: '',
      agent: 'echo',
      protocolVersion: '1.0',
      requestedExtensions: [],
    });
  });

  it('lets the tenant of the principal win, and refuses to name another', () => {
    const principal = { owner: 'alice', tenant: 'acme' };
    for (const tenant of [undefined, '', 'acme']) {
      expect(callContext(request(principal), { ...target, tenant })).toMatchObject(principal);
    }
    expect(() => callContext(request(principal), { ...target, tenant: 'other' })).toThrow(
      expect.objectContaining({ reason: 'INVALID_PARAMS', violations: [expect.objectContaining({ field: 'tenant' })] }),
    );
    expect(() => callContext(request({ owner: 'alice', tenant: '' }), { ...target, tenant: 'other' })).toThrow();
  });

  it('does not make an empty owner anonymous', () => {
    expect(() => callContext(request({ owner: '' }), target)).toThrow(
      expect.objectContaining({ reason: 'UNAUTHENTICATED' }),
    );
  });
});
