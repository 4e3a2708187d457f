import type { ClaimedRun, QueueDemand } from '../run-store.interface.js';
import { type DueTask, chooseWaiting } from '../waiting-choice.js';

/** Due tasks of a kind that are read for each that is wanted: another replica may be taking the first of them. */
export const SPARE = 4;

/**
 * Starts the due tasks whose turn it is; instead of one that another replica took meanwhile, the next. `start` answers with those
 * that it could start. Answers in the order in which they were chosen.
 */
export async function startInTurn(
  due: readonly DueTask[],
  wanted: QueueDemand,
  start: (tasks: readonly DueTask[]) => Promise<readonly ClaimedRun[]>,
): Promise<ClaimedRun[]> {
  const started = new Map<string, ClaimedRun>();
  for (let left = due; ;) {
    const next = chooseWaiting(left, wanted).filter(({ taskId }) => !started.has(taskId));
    if (next.length === 0 || started.size >= wanted.limit) return [...started.values()];
    const claims = new Map((await start(next)).map((claim) => [claim.run.taskId, claim]));
    for (const { taskId } of next) {
      const claim = claims.get(taskId);
      if (claim) started.set(taskId, claim);
    }
    const missed = new Set(next.map(({ taskId }) => taskId).filter((id) => !claims.has(id)));
    if (missed.size === 0) return [...started.values()];
    left = left.filter(({ taskId }) => !missed.has(taskId));
  }
}
