import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SafeLogger } from '../common/safe-logger.js';
import type { PrincipalOptions } from '../security/principal.options.js';
import { UnidentifiedCallers } from './unidentified-callers.js';

const open = { id: 'open', options: {} };
const secured = { id: 'secured', options: { securityRequirements: [{ schemes: { key: { list: [] } } }] } };
const optional = {
  id: 'optional',
  options: { securityRequirements: [...secured.options.securityRequirements, { schemes: {} }] },
};
const anonymous = { owner: 'anonymous' };

describe('UnidentifiedCallers', () => {
  const said: unknown[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(SafeLogger.prototype, 'warn').mockImplementation((message) => void said.push(message));
  });
  const after = (options: PrincipalOptions | undefined, ...calls: Parameters<UnidentifiedCallers['check']>[]) => {
    const callers = new UnidentifiedCallers(options);
    for (const call of calls) callers.check(...call);
    return said;
  };

  it('says once that callers are not identified', () => {
    expect(after(undefined, [open, anonymous], [optional, anonymous], [open, anonymous])).toEqual([
      expect.stringMatching(/setA2aPrincipal.*'refuse'.*'allow'/),
    ]);
  });

  it('says once for each agent that nothing enforces what its card asks for, even if anonymous callers are allowed', () => {
    expect(after({ anonymous: 'allow' }, [secured, anonymous], [secured, anonymous], [open, anonymous])).toEqual([
      expect.stringContaining("agent 'secured'"),
    ]);
  });

  it('says nothing of callers with a principal', () => {
    expect(after(undefined, [secured, { owner: 'alice' }], [open, { owner: 'alice' }])).toEqual([]);
  });

  it('refuses anonymous callers if the application says so', () => {
    expect(() => after({ anonymous: 'refuse' }, [open, anonymous])).toThrow(
      expect.objectContaining({ reason: 'UNAUTHENTICATED' }),
    );
    expect(after({ anonymous: 'refuse' }, [open, { owner: 'alice' }])).toEqual([]);
  });
});
