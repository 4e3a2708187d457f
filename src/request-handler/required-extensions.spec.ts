import { describe, expect, it } from '@jest/globals';
import { assertRequiredExtensions } from './agent-requirements.js';

const A = { uri: 'urn:a', required: true };
const B = { uri: 'urn:b' };
const C = { uri: 'urn:c', required: true };

describe('assertRequiredExtensions', () => {
  it.each([
    [undefined, []],
    [[], []],
    [[B], []],
    [[A, B], ['urn:a']],
    [
      [A, B, C],
      ['urn:c', 'urn:x', 'urn:a'],
    ],
  ])('is content with %j when %j are declared', (offered, requested) => {
    expect(() => assertRequiredExtensions(offered, requested)).not.toThrow();
  });

  it('names those that are missing; their letter case counts', () => {
    expect(() => assertRequiredExtensions([A, B, C], ['URN:A', 'urn:b'])).toThrow(
      expect.objectContaining({
        reason: 'EXTENSION_SUPPORT_REQUIRED',
        message: expect.stringContaining('A2A-Extensions: urn:a, urn:c '),
        metadata: { extensions: 'urn:a, urn:c' },
      }),
    );
  });
});
