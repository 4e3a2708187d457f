import type { Task } from '../protocol/model/index.js';

export interface TaskProjection {
  /** The newest n messages; 0: no `history` at all; absent: all. Spec 3.2.4. */
  readonly historyLength?: number;
  /** true: `artifacts` is there, if need be empty; false: it is not; absent: as it is. Spec 3.1.4. */
  readonly includeArtifacts?: boolean;
}

/** The task as an answer shows it: a new object that shares its parts. */
export function projectTask(task: Task, { historyLength, includeArtifacts }: TaskProjection): Task {
  const { history, artifacts, ...rest } = task;
  const shown = historyLength === undefined ? history : historyLength > 0 ? history?.slice(-historyLength) : undefined;
  const kept = includeArtifacts === undefined ? artifacts : includeArtifacts ? (artifacts ?? []) : undefined;
  return { ...rest, ...(kept && { artifacts: kept }), ...(shown && { history: shown }) };
}
