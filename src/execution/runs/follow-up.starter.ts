import { Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { CallContext } from '../../security/call-context.js';
import type { RunSlot } from '../queue/run.slots.js';
import { QueueLimits } from '../queue/queue.limits.js';
import { QueuedTaskDispatcher } from '../queue/queued-task.dispatcher.js';
import { RunResumer } from '../recovery/run.resumer.js';
import { RunLauncher } from './run.launcher.js';

/** Runs the next turn of a task for whose inbox a message has come. */
@Injectable()
export class FollowUpStarter {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
    private readonly limits: QueueLimits,
    private readonly line: QueuedTaskDispatcher,
  ) {}

  /**
   * Nothing happens when somebody runs the task already, or nothing waits. Without room the turn waits in the line like a new task;
   * the message is stored and found again also when this throws UNAVAILABLE, or when too much of its owner stands in the line.
   */
  start(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    return this.launcher.starts.byTask.runExclusive(taskId, () => this.#start(agent, context, taskId));
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

  /** Others are told once: a look that finds no room again changes nothing. */
  async #enqueue(context: CallContext, taskId: string): Promise<void> {
    const { ports, registry } = this.launcher;
    // A run that is here takes the message itself.
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
    const { ports, registry, replica, starts } = this.launcher;
    const claimed = await ports.runs.claimTurn(context, taskId, owner);
    // Claimed under a lease that is over, it is for whoever finds it.
    if (claimed && replica.id === owner) {
      if (claimed.cancelRequested) await this.resumer.resume(agent, claimed, place);
      else this.launcher.launch(agent, { claimed }, place);
    }
    if (claimed || registry.get(taskId)) return;
    const head = await ports.store.head(context, taskId);
    if (head?.runOwner !== owner || registry.get(taskId)) return;
    // A claim whose answer was lost left the task to this process, which does not run it.
    const retaken = await ports.runs.reclaim(head, owner, owner, starts.wasStarted(taskId, head.fence));
    if (retaken) await this.resumer.resume(agent, retaken, place);
  }
}
