import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { jittered } from '../../common/backoff.js';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { JOB_SCHEDULE, type JobSchedule } from '../../tasks/job-schedule.interface.js';
import { RETENTION_OPTIONS, type CheckedRetention } from '../../tasks/retention/retention.options.js';
import { type RetentionCounts, RetentionPass } from './retention.pass.js';

/** Share of the time until the next pass: a pass that is not done by then leaves the rest to the next. */
const ROUND_SHARE = 0.8;
const WORDS: Record<keyof RetentionCounts, string> = {
  expired: 'ended, since their clients did not answer',
  deleted: 'deleted',
  trimmed: 'without their event logs from now on',
};

/**
 * Keeps tasks as long as their agents say. Every process asks; the storage assigns each agent's pass to one of them, once in `everyMs`. If
 * that process dies, the next pass does the rest.
 */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new SafeLogger(RetentionSweeper.name);
  readonly #stopped = new AbortController();
  readonly #failures = new FailureLog(this.#log, {
    failed: 'Cannot query expired tasks',
    recovered: 'Expired tasks can be queried again.',
  });
  /** Processes that started together do not ask together; the first to ask finds what is due soon enough. */
  readonly #loop = new BackgroundLoop({
    pass: () => this.sweep(),
    pauseMs: () => jittered(this.options.everyMs / 2),
  });

  constructor(
    private readonly round: RetentionPass,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(JOB_SCHEDULE) private readonly jobs: JobSchedule,
    @Inject(RETENTION_OPTIONS) private readonly options: CheckedRetention,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  /** Resolves when nothing is in progress. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped.abort();
    await this.#loop.stop();
  }

  /** Runs the passes that are due and that no other process runs. Never rejects. */
  async sweep(): Promise<void> {
    for (const agent of this.agents.all()) {
      if (this.#stopped.signal.aborted) return;
      await this.#failures.attempt(async () => {
        if (await this.jobs.claim(`retention ${agent.id}`, this.options.everyMs)) await this.#sweep(agent);
      });
    }
  }

  async #sweep(agent: RegisteredAgent): Promise<void> {
    const late = AbortSignal.timeout(this.options.everyMs * ROUND_SHARE);
    const counts = await this.round.run(agent, AbortSignal.any([this.#stopped.signal, late]));
    const told = Object.entries(WORDS).flatMap(([what, words]) => {
      const count = counts[what as keyof RetentionCounts];
      return count > 0 ? [`${count} ${words}`] : [];
    });
    if (told.length > 0) this.#log.log(`Tasks of agent ${agent.id}: ${told.join(', ')}.`);
  }
}
