import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { listen } from '../../common/listen.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { BUS_OPTIONS, type BusOptions } from '../../events/bus/bus.options.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import { DrainService } from '../drain.service.js';
import { RunResumer } from '../recovery/run.resumer.js';
import { RunLauncher } from '../runs/run.launcher.js';
import { QueueLimits } from './queue.limits.js';
import type { RunSlot } from './run.slots.js';

/** Tasks claimed at a time. */
const MOST = 100;

/**
 * Starts what is queued: new tasks, turns of tasks, and tasks that are run again. It scans when a slot is released that something may be
 * waiting for, when the bus says so, and every `pollMs` in any case; one scan at a time. A scan wakes no other process.
 */
@Injectable()
export class QueuedTaskDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new SafeLogger(QueuedTaskDispatcher.name);
  readonly #ends: (() => void)[] = [];
  readonly #starting = new Set<Promise<void>>();
  /** Something was reported as queued. Without that, a pass asks first whether anything is. */
  #called = false;
  readonly #loop = new BackgroundLoop({
    pass: () => this.#pass(),
    pauseMs: () => this.options.pollMs,
    ready: () => !this.#away,
    failures: new FailureLog(this.#log, {
      failed: 'Cannot query queued tasks',
      recovered: 'Queued tasks can be queried again.',
    }),
  });

  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
    private readonly drain: DrainService,
    private readonly limits: QueueLimits,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(BUS_OPTIONS) private readonly options: Pick<BusOptions, 'pollMs'>,
  ) {}

  onApplicationBootstrap(): void {
    const { ports, room } = this.launcher;
    this.#loop.start();
    const look = (): void => this.look();
    const whenWanted = (): void => {
      if (room.wanted) this.look();
    };
    this.#ends.push(listen(room.freed, whenWanted), ports.bus.onQueueWake(look), ports.bus.onGap(look));
  }

  /** Resolves when nothing is in progress. */
  async onModuleDestroy(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.#loop.stop();
    await Promise.all(this.#starting);
  }

  /** Something was queued here: other processes are told too. */
  joined(): void {
    this.look();
    this.launcher.ports.bus.wakeQueue();
  }

  /** Scans for queued tasks. */
  look(): void {
    this.launcher.room.wanted = true;
    this.#called = true;
    this.#loop.wake();
  }

  async #pass(): Promise<void> {
    const { ports, room } = this.launcher;
    // The bus may have missed something.
    if (!this.#called && (!room.open || (await ports.runs.countWaiting(1)) === 0)) return;
    room.wanted = true;
    this.#called = false;
    await this.#claim();
  }

  /** This process accepts no runs. */
  get #away(): boolean {
    return this.drain.draining || !this.launcher.replica.held;
  }

  async #claim(): Promise<void> {
    const { ports, room, replica } = this.launcher;
    const reserved = room.reserve(this.agents.all(), MOST);
    if (!reserved) return;
    const owner = replica.id;
    let claimed: ClaimedRun[] = [];
    let places: RunSlot[];
    try {
      claimed = await ports.runs.claimQueued(owner, reserved.wanted);
    } finally {
      places = reserved.end(claimed.map(({ run }) => run));
    }
    this.limits.started(claimed.map(({ run }) => run));
    claimed.forEach((claim, index) => {
      const starting = this.#start(claim, owner, places[index]).finally(() => this.#starting.delete(starting));
      this.#starting.add(starting);
    });
    if (claimed.length === reserved.wanted.limit) this.look();
    else if (!this.#called) room.wanted = reserved.restricted && (await ports.runs.countWaiting(1)) > 0;
  }

  /** Never rejects. */
  async #start(claimed: ClaimedRun, owner: string, place: RunSlot | undefined): Promise<void> {
    const { replica, registry } = this.launcher;
    const agent = this.agents.get(claimed.run.agent);
    if (!agent) return place?.release();
    try {
      await registry.byTask.runExclusive(claimed.run.taskId, () =>
        // A task claimed under a lease that is over must not run here.
        replica.id === owner ? this.resumer.resume(agent, claimed, place) : this.resumer.giveBack(claimed),
      );
    } catch (error) {
      this.#log.warn(`Task ${claimed.run.taskId} could not be started: ${String(error)}`);
      await this.resumer.startFailed(agent, claimed, error).catch(() => undefined);
    } finally {
      if (this.launcher.registry.get(claimed.run.taskId)?.place !== place) place?.release();
    }
  }
}
