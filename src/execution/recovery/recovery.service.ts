import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { jittered } from '../../common/backoff.js';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { isUnavailable } from '../../protocol/errors/index.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import type { TaskRecord } from '../../tasks/task-record.js';
import { TaskLockedError } from '../../tasks/task-locked.error.js';
import type { RunSlot } from '../queue/run.slots.js';
import { systemContextOf } from '../system-context.js';
import { DrainService } from '../drain.service.js';
import { FollowUpStarter } from '../runs/follow-up.starter.js';
import { RunLauncher } from '../runs/run.launcher.js';
import { LeaseExpiryMonitor } from './lease-expiry.monitor.js';
import { Outage } from './outage.js';
import { type Resumed, RunResumer } from './run.resumer.js';

/** Tasks read at a time, and tasks handled concurrently. */
const PAGE = 100;
const AT_ONCE = 8;
/** Longest time between two checks for lost processes, in ms. A process that has just started may replace one. */
const WATCH_MS = 1_000;

const WORDS: Record<Resumed, string | undefined> = {
  'run-again': 'run again',
  'next-turn': 'went on with their next message',
  released: 'wait for their clients',
  failed: 'failed',
  canceled: 'canceled',
  waiting: 'wait for room',
  left: undefined,
};

type Work = (agent: RegisteredAgent, head: TaskRecord) => Promise<void>;

/** Finds tasks that should be running but are not, and resumes them: no task is forgotten. */
@Injectable()
export class RecoveryService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new SafeLogger(RecoveryService.name);
  readonly #lapses: LeaseExpiryMonitor;
  /** When the next scan is due, on the clock of `performance.now()`. */
  #lookAt = 0;
  readonly #failures = new FailureLog(this.#log, {
    failed: 'Cannot query orphaned tasks',
    recovered: 'Orphaned tasks can be queried again.',
  });
  readonly #loop = new BackgroundLoop({ pass: () => this.#lookIfDue(), pauseMs: () => this.#pauseMs });

  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
    private readonly followUps: FollowUpStarter,
    private readonly drain: DrainService,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
  ) {
    const { ports, replica, options } = launcher;
    this.#lapses = new LeaseExpiryMonitor(ports.runs, () => replica.id, options.leaseMs);
  }

  onApplicationBootstrap(): void {
    this.#lookAt = performance.now() + jittered(Math.min(WATCH_MS, this.launcher.options.recoveryMs));
    this.#loop.start();
  }

  /** Resolves when nothing is in progress. */
  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** One scan. Never rejects. Does nothing while another one is in progress. */
  async look(): Promise<void> {
    const resumed = new Map<Resumed, number>();
    const count = (what: Resumed): void => {
      resumed.set(what, (resumed.get(what) ?? 0) + 1);
      if (what !== 'left') this.launcher.ports.metrics.count('a2a_takeovers_total', what);
    };
    await this.#failures.attempt(() => this.#all(count));
    const told = [...resumed].flatMap(([what, number]) => (WORDS[what] ? [`${number} ${WORDS[what]}`] : []));
    if (told.length > 0) this.#log.warn(`Tasks whose process was lost: ${told.join(', ')}.`);
  }

  /** Jitter: processes that started together do not scan together. */
  get #pauseMs(): number {
    // Timers can fire a fraction of a millisecond early.
    const untilLook = Math.max(0, Math.ceil(this.#lookAt - performance.now()));
    return Math.min(jittered(WATCH_MS), untilLook);
  }

  /** Scans periodically, and at once when a process was lost. Never rejects. */
  async #lookIfDue(): Promise<void> {
    const lost = await this.#lost();
    if (performance.now() < this.#lookAt && !lost) return;
    await this.look();
    this.#lookAt = performance.now() + jittered(this.launcher.options.recoveryMs);
  }

  async #lost(): Promise<boolean> {
    try {
      return !this.#away && (await this.#lapses.anyNew());
    } catch {
      // The next scan reports the error.
      return false;
    }
  }

  async #all(count: (what: Resumed) => void): Promise<void> {
    const { ports, registry, replica } = this.launcher;
    const { runs, inbox } = ports;
    await this.#lapses.anyNew();
    const agents = this.agents.all().map(({ id }) => id);
    const running = (): string[] => registry.all().map(({ taskId }) => taskId);
    const steps = [
      () =>
        this.#each(
          (after) => runs.unstartedRuns(replica.id, running(), PAGE, after),
          async (agent, head) => count(await this.#stray(agent, head)),
        ),
      () =>
        this.#each(
          (after) => runs.orphanedRuns(PAGE, agents, after),
          async (agent, head) => count(await this.#orphan(agent, head)),
        ),
      () =>
        this.#each(
          (after) => runs.tasksWithPendingMessages(PAGE, agents, after),
          (agent, head) => this.followUps.start(agent, systemContextOf(head), head.taskId),
        ),
      async () => {
        for (let more = true; more && !this.#away;) more = (await inbox.sweep(PAGE)) === PAGE;
      },
    ];
    // A failure in one step must not hold up the others.
    const ends: PromiseSettledResult<void>[] = [];
    for (const step of steps) ends.push(...(await Promise.allSettled([step()])));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** This process accepts no runs. */
  get #away(): boolean {
    return this.#loop.stopped || this.drain.draining || !this.launcher.replica.held;
  }

  /**
   * Reads page by page, past tasks that were skipped: a task that cannot be handled now hides no others, and is read again next time.
   * Throws UNAVAILABLE at the end if one did.
   */
  async #each(find: (after?: string) => Promise<TaskRecord[]>, work: Work): Promise<void> {
    const outage = new Outage();
    let after: string | undefined;
    for (let more = true; more && !this.#away && !outage.lasts;) {
      const heads = await find(after);
      more = heads.length === PAGE;
      after = heads.at(-1)?.taskId;
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.#workOff(heads, work, outage)));
    }
    if (outage.error !== undefined) throw outage.error;
  }

  /** Never rejects. */
  async #workOff(heads: TaskRecord[], work: Work, outage: Outage): Promise<void> {
    for (let head = heads.shift(); head && !this.#away && !outage.lasts; head = heads.shift()) {
      const agent = this.agents.get(head.agent);
      try {
        if (agent) await work(agent, head);
        outage.answered();
      } catch (error) {
        if (error instanceof TaskLockedError) this.#log.warn(`Task ${head.taskId} is locked; it is looked at again.`);
        else if (isUnavailable(error)) outage.failed(error);
        else this.#log.error(`Task ${head.taskId} cannot be taken over.`, error instanceof Error ? error.stack : error);
      }
    }
  }

  /** A task to run again that finds no capacity here is left to a process that has some. */
  #orphan(agent: RegisteredAgent, head: TaskRecord): Promise<Resumed> {
    const { taskId } = head;
    const place = this.launcher.room.tryAcquire(agent, head);
    if (!place && agent.options.resumable && isToRun(head)) return Promise.resolve('left');
    return this.#take(agent, taskId, (owner) => this.launcher.ports.runs.takeover(taskId, owner), place);
  }

  #stray(agent: RegisteredAgent, head: TaskRecord): Promise<Resumed> {
    const { ports, room, registry } = this.launcher;
    const { taskId, runOwner = '' } = head;
    const reclaim = (owner: string): Promise<ClaimedRun | undefined> =>
      ports.runs.reclaim(head, runOwner, owner, registry.wasStarted(taskId, head.fence));
    return this.#take(agent, taskId, reclaim, room.tryAcquire(agent, head));
  }

  async #take(
    agent: RegisteredAgent,
    taskId: string,
    claim: (owner: string) => Promise<ClaimedRun | undefined>,
    place: RunSlot | undefined,
  ): Promise<Resumed> {
    try {
      return await this.#takeAt(agent, taskId, claim, place);
    } finally {
      if (this.launcher.registry.get(taskId)?.place !== place) place?.release();
    }
  }

  async #takeAt(
    agent: RegisteredAgent,
    taskId: string,
    claim: (owner: string) => Promise<ClaimedRun | undefined>,
    place: RunSlot | undefined,
  ): Promise<Resumed> {
    const { registry, replica } = this.launcher;
    // It is being started, or its run has not ended yet.
    if (registry.byTask.isLocked(taskId) || registry.get(taskId)) return 'left';
    return registry.byTask.runExclusive(taskId, async () => {
      const claimed = await claim(replica.owner());
      return claimed ? this.resumer.resume(agent, claimed, place) : 'left';
    });
  }
}

/** Excludes tasks that are only to be canceled or that wait for their client. */
const isToRun = ({ state, cancelRequestedAt }: TaskRecord): boolean =>
  cancelRequestedAt === undefined && state !== 'TASK_STATE_INPUT_REQUIRED';
