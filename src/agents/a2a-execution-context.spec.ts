import { describe, expect, it } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { agentRun } from '../testing/agent-run.js';
import { getA2aCaller, getA2aContext } from './a2a-execution-context.js';

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

describe('getA2aCaller', () => {
  const hostOf = (args: unknown[], type = 'a2a') =>
    ({ getArgs: () => args, getType: () => type }) as unknown as ArgumentsHost;

  it('gives the caller of a run, and the one of an extended card', () => {
    const { context, updater } = agentRun();
    expect(getA2aCaller(hostOf([context, updater]))).toBe(context.caller);
    expect(getA2aCaller(hostOf([{ name: 'a card' }, context.caller]))).toBe(context.caller);
  });

  it('refuses a context of another type; an extended card has no run', () => {
    const { context } = agentRun();
    expect(() => getA2aCaller(hostOf([{}, context.caller], 'http'))).toThrow("in a context of type 'http', not 'a2a'");
    expect(() => getA2aContext(hostOf([{}, context.caller]))).toThrow('use getA2aCaller()');
  });
});
