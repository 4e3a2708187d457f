import type { Task } from '../protocol/model/index.js';
import { withMembers } from '../common/with-members.js';

export interface TaskProjection {
  /** The newest n messages; 0: no `history` at all; absent: all. Spec 3.2.4. */
  readonly historyLength?: number;
  /** true: `artifacts` is present, possibly empty; false: it is absent; absent: unchanged. Spec 3.1.4. */
  readonly includeArtifacts?: boolean;
}

/** The task as an answer shows it: a new object that shares the parts of `task`. */
export function projectTask(task: Task, { historyLength, includeArtifacts }: TaskProjection): Task {
  const { history, artifacts, ...rest } = task;
  const shown = historyLength === undefined ? history : historyLength > 0 ? history?.slice(-historyLength) : undefined;
  const kept = includeArtifacts === undefined ? artifacts : includeArtifacts ? (artifacts ?? []) : undefined;
  const bare = kept ? withMembers(rest, { artifacts: kept }) : rest;
  return shown ? withMembers(bare, { history: shown }) : bare;
}
