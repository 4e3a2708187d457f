import { Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import type { CallContext } from '../security/call-context.js';
import { RunResumer } from './recovery/run.resumer.js';
import { RunLauncher } from './run.launcher.js';

/** Runs the next turn of a task for whose inbox a message has come. */
@Injectable()
export class FollowUpStarter {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly resumer: RunResumer,
  ) {}

  /** Nothing happens when somebody runs the task already, or nothing waits. Throws UNAVAILABLE; the message goes on waiting. */
  start(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    return this.launcher.starts.inTurn(taskId, () => this.#start(agent, context, taskId));
  }

  async #start(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    const { ports, registry, replica, starts } = this.launcher;
    const owner = replica.owner();
    const claimed = await ports.runs.claimTurn(context, taskId, owner);
    // Claimed under a lease that is over, it is for whoever finds it.
    if (claimed && replica.id === owner) this.launcher.launch(agent, { claimed });
    if (claimed || registry.get(taskId)) return;
    const head = await ports.store.head(context, taskId);
    if (head?.runOwner !== owner || registry.get(taskId)) return;
    // A claim whose answer was lost left the task to this process, which does not run it.
    const retaken = await ports.runs.retake(head, owner, owner, starts.wasStarted(taskId));
    if (retaken) await this.resumer.resume(agent, retaken);
  }
}
