import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { jittered } from '../../common/backoff.js';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { JOB_SCHEDULE, type JobSchedule } from '../../tasks/job-schedule.interface.js';
import type { TaskRecord } from '../../tasks/task-record.js';
import { DrainService } from '../drain.service.js';
import { RunLauncher } from '../runs/run.launcher.js';
import { type Resumed, RunResumer } from './run.resumer.js';

/** Recovery scans per scan of this kind: it finds nothing unless something is wrong. */
const RECOVERIES = 6;
/** For how many recovery scans a task must have been forgotten. */
const GRACE = 3;
/** Tasks read at a time. */
const PAGE = 100;

/**
 * The safety net below the recovery: it finds tasks that no process runs, that wait for nothing and that no other scan would find. A sound
 * service leaves none, so each one is logged as a defect. The task is run again or fails, as if its process had been lost. One process at a
 * time scans an agent's tasks.
 */
@Injectable()
export class ForgottenTasks implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new SafeLogger(ForgottenTasks.name);
  readonly #failures = new FailureLog(this.#log, {
    failed: 'Cannot query forgotten tasks',
    recovered: 'Forgotten tasks can be queried again.',
  });
  readonly #loop = new BackgroundLoop({ pass: () => this.look(), pauseMs: () => jittered(this.#everyMs) });

  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
    private readonly drain: DrainService,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(JOB_SCHEDULE) private readonly jobs: JobSchedule,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  /** Resolves when nothing is in progress. */
  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** Scans the agents that no other process is scanning now. Never rejects. */
  async look(): Promise<void> {
    for (const agent of this.agents.all()) {
      if (this.#away) return;
      await this.#failures.attempt(async () => {
        if (await this.jobs.claim(`forgotten ${agent.id}`, this.#everyMs)) await this.#lookFor(agent);
      });
    }
  }

  get #everyMs(): number {
    return this.launcher.options.recoveryMs * RECOVERIES;
  }

  /** This process accepts no runs. */
  get #away(): boolean {
    return this.#loop.stopped || this.drain.draining || !this.launcher.replica.held;
  }

  async #lookFor(agent: RegisteredAgent): Promise<void> {
    const { options, ports } = this.launcher;
    let after: string | undefined;
    for (let more = true; more && !this.#away;) {
      const heads = await ports.runs.forgotten(PAGE, [agent.id], options.recoveryMs * GRACE, after);
      more = heads.length === PAGE;
      after = heads.at(-1)?.taskId;
      for (const head of heads) await this.#resume(agent, head);
    }
  }

  /** Never rejects: a task that cannot be claimed must not hold up the rest. */
  async #resume(agent: RegisteredAgent, head: TaskRecord): Promise<void> {
    const { taskId } = head;
    try {
      const became = await this.launcher.registry.byTask.runExclusive(taskId, () => this.#take(agent, head));
      if (became) this.#log.error(`${wrongWith(head)} It is a defect of this server. What became of it: ${became}.`);
    } catch (error) {
      this.#log.error(`${wrongWith(head)} It could not be taken over: ${String(error)}`);
    }
  }

  async #take(agent: RegisteredAgent, head: TaskRecord): Promise<Resumed | undefined> {
    const { ports, registry, replica, room } = this.launcher;
    const adopted = await ports.runs.adopt(head, replica.owner());
    if (!adopted) return undefined;
    const place = room.tryAcquire(agent, head);
    try {
      return await this.resumer.resume(agent, adopted, place);
    } finally {
      if (registry.get(head.taskId)?.place !== place) place?.release();
    }
  }
}

const wrongWith = ({ taskId, state, turn, fence, cancelRequestedAt }: TaskRecord): string =>
  cancelRequestedAt === undefined
    ? `Task ${taskId} was ${state} and nobody ran it (turn ${turn}, fence ${fence}).`
    : `Task ${taskId} was to be canceled and nobody did it (turn ${turn}, fence ${fence}).`;
