import { Logger } from '@nestjs/common';
import { A2aAgent, type RequestContext, RunAborted, type TaskUpdater } from '../../src/index.js';
import { A2aClient, A2AClientError, A2ARemoteError, InjectA2aClient } from '../../src/client/index.js';
import { WORKER_TASK, WorkerRelay } from './worker.relay.js';

/** Time for the worker to hear that nobody waits for it any more, in ms. */
const CANCEL_MS = 2_000;

/** Hands each message on to an agent of another server, and passes its answer on as it comes. */
@A2aAgent({
  id: 'orchestrator',
  name: 'Orchestrator',
  description: 'Hands messages on to another agent and passes its answer on as it comes.',
  skills: [{ id: 'delegate', name: 'Delegate', description: 'Whatever the other agent can do.', tags: ['delegation'] }],
  inputModes: ['*/*'],
  outputModes: ['*/*'],
  resumable: true,
})
export class OrchestratorAgent {
  readonly #log = new Logger(OrchestratorAgent.name);

  constructor(@InjectA2aClient('worker') private readonly worker: A2aClient) {}

  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const earlier = context.currentTask?.metadata?.[WORKER_TASK];
    const message = {
      // The same when this turn is run again: the worker then goes on with the task that it has.
      messageId: `${context.taskId}-${context.turn}`,
      parts: context.message.parts,
      ...(typeof earlier === 'string' && { taskId: earlier }),
    };
    const events = this.worker.sendStreamingMessage({ message }, { signal: context.signal });
    const relay = new WorkerRelay(updater);
    try {
      for await (const event of events) await relay.pass(event);
    } catch (error) {
      if (context.signal.aborted) await this.#leave(context.signal.reason, events.taskId);
      if (!(error instanceof A2AClientError)) throw error;
      this.#log.warn(`Task ${context.taskId}: ${error.message}`);
      const refused = error instanceof A2ARemoteError;
      const text = refused ? 'The worker refused the message.' : 'The worker could not be reached. Try again later.';
      const metadata = { reason: refused ? 'WORKER_REFUSED' : 'WORKER_UNREACHABLE' };
      await updater.failed({ parts: [{ text }], metadata });
    }
  }

  /** The worker's task goes on when its reader leaves. At a shutdown it may: the turn may be run again. */
  async #leave(reason: unknown, id: string | undefined): Promise<void> {
    const ends = reason instanceof RunAborted && (reason.why === 'canceled' || reason.why === 'deadline');
    if (!ends || id === undefined) return;
    await this.worker
      .cancelTask({ id }, { signal: AbortSignal.timeout(CANCEL_MS) })
      .catch((error: unknown) => this.#log.warn(`The worker's task ${id} was not canceled: ${String(error)}`));
  }
}
