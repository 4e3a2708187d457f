import type {
  Artifact,
  Message,
  Task,
  TaskArtifactUpdateEvent,
  TaskEvent,
  TaskStatusUpdateEvent,
} from '../model/index.js';

/**
 * A task as the fold of its events, in order. The rules:
 * - the message of a status enters the history when the next status replaces it, then the client's message that the next
 *   status carries (`inbound`);
 * - an artifact event replaces the artifact of its id, or with `append` adds parts to it (name and description are taken
 *   from the first chunk that has them, metadata is merged, extensions are united); an append to an unknown id creates it;
 * - metadata of events is merged into the task's, key by key.
 * The task it is given is taken over and changed in place; parts and messages are shared, never copied.
 */
export class TaskFold {
  readonly #artifacts = new Map<string, Artifact>();

  constructor(readonly task: Task) {
    for (const artifact of task.artifacts ?? []) this.#artifacts.set(artifact.artifactId, artifact);
  }

  apply(event: TaskEvent, inbound?: Message): this {
    if ('statusUpdate' in event) this.#status(event.statusUpdate, inbound);
    else if ('artifactUpdate' in event) this.#artifact(event.artifactUpdate);
    else throw new TypeError('A task event is the first of its log; it cannot be applied to a task.');
    return this;
  }

  #status({ status, metadata }: TaskStatusUpdateEvent, inbound?: Message): void {
    const { task } = this;
    if (task.status.message) (task.history ??= []).push(task.status.message);
    if (inbound) (task.history ??= []).push(inbound);
    task.status = status;
    if (metadata) task.metadata = { ...task.metadata, ...metadata };
  }

  #artifact({ artifact, append, metadata }: TaskArtifactUpdateEvent): void {
    const { task } = this;
    const known = this.#artifacts.get(artifact.artifactId);
    if (known && append) extend(known, artifact);
    else if (known) replace(known, artifact);
    else {
      const copy = { ...artifact, parts: [...artifact.parts] };
      this.#artifacts.set(copy.artifactId, copy);
      (task.artifacts ??= []).push(copy);
    }
    if (metadata) task.metadata = { ...task.metadata, ...metadata };
  }
}

function extend(known: Artifact, chunk: Artifact): void {
  for (const part of chunk.parts) known.parts.push(part);
  if (chunk.name !== undefined) known.name ??= chunk.name;
  if (chunk.description !== undefined) known.description ??= chunk.description;
  if (chunk.metadata) known.metadata = { ...known.metadata, ...chunk.metadata };
  if (chunk.extensions) known.extensions = [...new Set([...(known.extensions ?? []), ...chunk.extensions])];
}

function replace(known: Artifact, artifact: Artifact): void {
  for (const key of Object.keys(known) as (keyof Artifact)[]) delete known[key];
  Object.assign(known, artifact, { parts: [...artifact.parts] });
}
