import { describe, expect, it } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { agentRun } from '../../test/support/agent-run.js';
import { getA2aContext } from './a2a-execution-context.js';

describe('getA2aContext', () => {
  it('gives the context and the updater of the run', () => {
    const { context, updater } = agentRun();
    const host = { getArgs: () => [context, updater], getType: () => 'a2a' } as unknown as ArgumentsHost;
    expect(getA2aContext(host)).toEqual({ request: context, updater });
  });

  it('refuses a context of another type', () => {
    const host = { getArgs: () => [{}, {}], getType: () => 'http' } as unknown as ArgumentsHost;
    expect(() => getA2aContext(host)).toThrow("in a context of type 'http', not 'a2a'");
  });
});
