import { setTimeout as sleep } from 'node:timers/promises';
import { AsyncSignal } from '../../common/async-signal.js';
import { listen } from '../../common/listen.js';
import type { EventBus } from '../../events/event-bus.interface.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { AdminChange } from '../admin-api.types.js';
import type { AdminSource } from './admin-streams.js';

/** Tasks of which a client that does not read is told at most; older changes are dropped. */
const MOST = 1_000;
/** Changes of the same task in this time are one, in ms. */
const GATHER_MS = 200;

/** The tasks that this replica learns of, each once with its newest seq. */
export class ChangeSource implements AdminSource<AdminChange> {
  readonly #pending = new Map<string, number>();
  readonly #heard = new AsyncSignal();
  readonly #stopped = new AbortController();
  readonly #ends: (() => void)[];

  constructor(publisher: Pick<EventPublisher, 'committed$'>, bus: Pick<EventBus, 'onWake'>) {
    this.#ends = [
      listen(publisher.committed$, ({ task, events }) => this.#hear(task.taskId, events.at(-1)?.seq ?? 0)),
      bus.onWake((heads) => {
        for (const { taskId, seq } of heads) this.#hear(taskId, seq);
      }),
    ];
  }

  async pull(): Promise<AdminChange[] | undefined> {
    const { signal } = this.#stopped;
    if (this.#pending.size === 0 && !signal.aborted) await this.#heard.wait();
    await sleep(GATHER_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const changes = [...this.#pending].map(([taskId, seq]) => ({ taskId, seq }));
    this.#pending.clear();
    return changes;
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#stopped.abort();
    this.#heard.set();
  }

  #hear(taskId: string, seq: number): void {
    const known = this.#pending.get(taskId);
    if (known !== undefined && known >= seq) return;
    this.#pending.set(taskId, seq);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > MOST && oldest !== undefined) this.#pending.delete(oldest);
    this.#heard.set();
  }
}
