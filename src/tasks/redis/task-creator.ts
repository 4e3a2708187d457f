import type { Subject } from 'rxjs';
import { internal } from '../../protocol/errors/index.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { type ScopedTask, assertNewId, taskCreated } from '../scoped-task.js';
import { statusTime } from '../status-time.js';
import { toStored } from '../task-states.js';
import type { CreateResult } from '../task-store.interface.js';
import { toKnownMessage } from './known-message.js';
import { encodeEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { isTransient } from './redis-errors.js';
import type { RedisStoresOptions } from './redis-stores.options.js';
import { CREATE } from './scripts/create.script.js';
import { partyKey, scopeKey } from './task-row.js';

/** Creates tasks, many in one script. */
export class TaskCreator {
  readonly #commits: GroupCommit<ScopedTask, string>;

  constructor(
    private readonly connection: RedisConnection,
    { retryForMs }: RedisStoresOptions,
    private readonly owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
      bytesOf: ({ task }) => task.event.bytes,
      retryForMs,
    });
  }

  async create(scoped: ScopedTask): Promise<CreateResult> {
    assertNewId(scoped);
    const { task } = scoped;
    const answer = await this.#commits.submit(scoped);
    if (answer === 'taken') throw internal(new Error(`The task id ${task.taskId} is taken.`));
    if (answer !== 'created') {
      const { taskId, digest } = toKnownMessage(answer);
      return { created: false, taskId, sameContent: digest === task.digest };
    }
    if (task.pushConfigs?.length) this.owed.next();
    return taskCreated(scoped);
  }

  close(): Promise<void> {
    return this.#commits.close();
  }

  #commit(batch: readonly Submitted<ScopedTask>[]): Promise<string[]> {
    return this.connection.attempt<string[]>(CREATE, batch.length, ...batch.flatMap(valuesOf));
  }
}

function valuesOf({ item: { scope, task }, retried }: Submitted<ScopedTask>): (string | number)[] {
  const { taskId, contextId, event, runOwner = '', messageId, digest, pushConfigs = [] } = task;
  const state = toStored(event.state ?? 'TASK_STATE_SUBMITTED');
  const at = statusTime(event.statusAt);
  if (at === undefined) throw new TypeError('The status time is not a timestamp.');
  return [
    ...[taskId, scopeKey(scope), partyKey(scope), scope.owner, scope.tenant, scope.agent],
    ...[contextId, state, at, event.reason ?? '', event.bytes],
    ...[runOwner, messageId, digest, retried ? 1 : 0],
    JSON.stringify(pushConfigs.map((config) => [config.id, JSON.stringify(config)])),
    encodeEntry(event, 1, 1),
  ];
}
