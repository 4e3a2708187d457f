import type { RedisConnection } from './redis-connection.js';
import { DEAD_OF } from './scripts/admin.scripts.js';

/** A dead letter as it is stored. */
export interface DeadNote {
  readonly config: string;
  readonly seq: number;
  readonly reason: string;
  /** ms since 1970. */
  readonly at: number;
  /** Attempts, and the log of the last of them as JSON. Only of the delivery that was tried. */
  readonly tries?: number;
  readonly log?: string;
}

/** Of the deliveries of a task, oldest first. */
export const deadNotesOf = async (connection: RedisConnection, taskId: string): Promise<DeadNote[]> =>
  (await connection.run<string[]>(DEAD_OF, taskId)).map((text) => JSON.parse(text) as DeadNote);
