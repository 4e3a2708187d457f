import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AgentRegistry, RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { ProcessJobSchedule } from '../../tasks/one-process/process-job-schedule.js';
import { retentionOptions } from '../../tasks/retention/retention.options.js';
import type { RetentionPass } from './retention.pass.js';
import { RetentionSweeper } from './retention.sweeper.js';

describe('RetentionSweeper', () => {
  const run = jest.fn<RetentionPass['run']>();
  const agents = { all: () => [{ id: 'a' }, { id: 'b' }] as RegisteredAgent[] } as unknown as AgentRegistry;
  const nothing = { expired: 0, deleted: 0, trimmed: 0 };
  const swept = (): string[] => run.mock.calls.map(([{ id }]) => id);
  const sweeper = (jobs = new ProcessJobSchedule()): RetentionSweeper =>
    new RetentionSweeper({ run } as unknown as RetentionPass, agents, jobs, retentionOptions());
  afterEach(() => {
    run.mockReset();
    jest.restoreAllMocks();
  });

  it('does the round of each agent once, however many sweep', async () => {
    run.mockResolvedValue(nothing);
    const jobs = new ProcessJobSchedule();
    const sweepers = [sweeper(jobs), sweeper(jobs), sweeper(jobs)];
    await Promise.all(sweepers.map((each) => each.sweep()));
    await sweepers[0]?.sweep();
    expect(swept().sort()).toEqual(['a', 'b']);
  });

  it('goes on with the next agent when a round fails, and says so once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    run.mockRejectedValue(new Error('away'));
    await sweeper().sweep();
    expect(swept()).toEqual(['a', 'b']);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('says what it did', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    run.mockResolvedValueOnce({ expired: 0, deleted: 3, trimmed: 2 }).mockResolvedValue(nothing);
    await sweeper().sweep();
    expect(log.mock.calls).toEqual([['Tasks of agent a: 3 deleted, 2 without their event logs from now on.']]);
  });

  it('stops the round that is under way when it is stopped, and begins no other', async () => {
    const stopping = sweeper();
    run.mockImplementation(async (_, signal) => {
      void stopping.onModuleDestroy();
      expect(signal.aborted).toBe(true);
      return nothing;
    });
    await stopping.sweep();
    expect(swept()).toEqual(['a']);
  });
});
