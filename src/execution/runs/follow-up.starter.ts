import { Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { CallContext } from '../../security/call-context.js';
import type { RunSlot } from '../queue/run.slots.js';
import { QueueLimits } from '../queue/queue.limits.js';
import { QueuedTaskDispatcher } from '../queue/queued-task.dispatcher.js';
import { RunResumer } from '../recovery/run.resumer.js';
import { RunLauncher } from './run.launcher.js';

/** Runs the next turn of a task when its inbox has a message. */
@Injectable()
export class FollowUpStarter {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
    private readonly limits: QueueLimits,
    private readonly line: QueuedTaskDispatcher,
  ) {}

  /**
   * Does nothing when the task is running already or nothing waits. Without capacity the turn is queued like a new task. The message is
   * stored and will be found even when this throws UNAVAILABLE, or when the owner has too much queued.
   */
  start(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    return this.launcher.registry.byTask.runExclusive(taskId, () => this.#start(agent, context, taskId));
  }

  async #start(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    const { registry, replica, room } = this.launcher;
    const owner = replica.owner();
    const place = room.tryAcquire(agent, context);
    if (!place) return this.#enqueue(context, taskId);
    try {
      await this.#startAt(place, agent, context, taskId, owner);
    } finally {
      if (registry.get(taskId)?.place !== place) place.release();
    }
  }

  /** Tells others once: a scan that again finds no capacity changes nothing. */
  async #enqueue(context: CallContext, taskId: string): Promise<void> {
    const { ports, registry } = this.launcher;
    // A run in this process takes the message itself.
    if (registry.get(taskId) || !(await this.limits.admitsTurn(context))) return;
    if (await ports.runs.enqueueTurn(context, taskId)) this.line.joined();
  }

  async #startAt(
    place: RunSlot,
    agent: RegisteredAgent,
    context: CallContext,
    taskId: string,
    owner: string,
  ): Promise<void> {
    const { ports, registry, replica } = this.launcher;
    const claimed = await ports.runs.claimTurn(context, taskId, owner);
    // A task claimed under a lease that is over is left to the process that finds it.
    if (claimed && replica.id === owner) {
      if (claimed.cancelRequested) await this.resumer.resume(agent, claimed, place);
      else this.launcher.launch(agent, { claimed }, place);
    }
    if (claimed || registry.get(taskId)) return;
    const head = await ports.store.head(context, taskId);
    if (head?.runOwner !== owner || registry.get(taskId)) return;
    // A claim whose answer was lost left the task to this process, which does not run it.
    const retaken = await ports.runs.reclaim(head, owner, owner, registry.wasStarted(taskId, head.fence));
    if (retaken) await this.resumer.resume(agent, retaken, place);
  }
}
