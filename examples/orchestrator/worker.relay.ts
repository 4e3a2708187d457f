import type { Artifact, StreamResponse, TaskStatus, TaskUpdater } from '../../src/index.js';

/** Where a task of the orchestrator keeps the id of the worker's, in its metadata. */
export const WORKER_TASK = 'orchestrator/worker-task';

/** Passes the worker's events on as events of the orchestrator's own task. */
export class WorkerRelay {
  #begun = false;

  constructor(private readonly updater: TaskUpdater) {}

  async pass(event: StreamResponse): Promise<void> {
    if ('message' in event) {
      await this.updater.addArtifact(event.message.parts, { lastChunk: true });
      return this.updater.complete();
    }
    if ('task' in event) return this.#all(event.task.id, event.task.status, event.task.artifacts);
    if ('statusUpdate' in event) return this.#status(event.statusUpdate.taskId, event.statusUpdate.status);
    const { artifact, append, lastChunk } = event.artifactUpdate;
    await this.#artifact(artifact, { append, lastChunk });
  }

  /** The worker's task as it is, at the beginning or in place of what was missed: what it has replaces what we had. */
  async #all(id: string, status: TaskStatus, artifacts: readonly Artifact[] = []): Promise<void> {
    if (!this.#begun) await this.updater.startWork(undefined, { metadata: { [WORKER_TASK]: id } });
    this.#begun = true;
    for (const artifact of artifacts) await this.#artifact(artifact, {});
    await this.#status(id, status);
  }

  async #artifact(artifact: Artifact, options: { append?: boolean; lastChunk?: boolean }): Promise<void> {
    const { parts, ...fields } = artifact;
    await this.updater.addArtifact(parts, { ...fields, ...options });
  }

  async #status(id: string, { state, message }: TaskStatus): Promise<void> {
    const { updater } = this;
    const parts = message?.parts;
    const options = { metadata: { [WORKER_TASK]: id } };
    if (state === 'TASK_STATE_COMPLETED') return updater.complete(parts);
    if (state === 'TASK_STATE_FAILED') return updater.failed(parts);
    if (state === 'TASK_STATE_REJECTED') return updater.reject(parts);
    if (state === 'TASK_STATE_CANCELED') return updater.failed(parts ?? 'The worker canceled its task.');
    if (state === 'TASK_STATE_INPUT_REQUIRED') return updater.requiresInput(parts, options);
    if (state === 'TASK_STATE_AUTH_REQUIRED') return updater.requiresAuth(parts, options);
    if (parts) return updater.startWork(parts, options);
  }
}
