import { expect } from '@jest/globals';
import type { Task } from '../../../src/protocol/model/index.js';
import { isTerminal } from '../../../src/protocol/state/task-state.js';
import { RecordedStream } from '../recorded-stream.js';
import { type LabStream, plain, ReplayedLog, resultOf } from '../replayed-log.js';
import { textMessage } from '../rpc.client.js';
import { unlessStalled } from '../stall-report.js';
import { patientCall } from './patient-call.js';
import type { LabAgentId, Replica, ReplicaFleet } from './replica.fleet.js';
import { type ReaderOptions, TaskReader } from './task.reader.js';

const LOG_LIMIT_MS = 60_000;
const AT_ONCE = 8;

/** A stream of the lab, with its pause between chunks in ms. */
export interface WatchedStream extends LabStream {
  readonly delayMs: number;
}

export interface WatchOptions {
  readonly agent: LabAgentId;
  readonly stream: WatchedStream;
  /** The replica it is sent to, which runs it. */
  readonly at: number;
  /** All its readers are, unless they say otherwise. */
  readonly loyal?: boolean;
  /** Further readers of its task. */
  readonly readers?: readonly Omit<ReaderOptions, 'agent' | 'message' | 'taskId'>[];
}

/** A task, with all who watch it. The first reader sent it. */
export interface WatchedTask {
  readonly id: string;
  readonly agent: LabAgentId;
  /** The replica that it was sent to. */
  readonly at: number;
  readonly stream: WatchedStream;
  readonly messageId: string;
  readonly readers: readonly TaskReader[];
}

/** A `SendMessage` that was answered with a task that has completed. */
interface Acknowledged {
  readonly agent: LabAgentId;
  readonly taskId: string;
  readonly text: string;
}

/** What `verify` found. */
export interface Verdict {
  readonly tasks: number;
  readonly events: number;
  readonly readers: number;
  /** Connections beyond the first of each reader. */
  readonly reconnects: number;
  readonly completed: number;
  /** Tasks that failed, by their reason. */
  readonly failed: Readonly<Record<string, number>>;
  readonly acknowledged: number;
}

/** Keeps what clients of many tasks were shown and told, and holds the servers to it. */
export class Witness {
  readonly tasks: WatchedTask[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  /** Refusals and broken connections of `send`, which were tried again. */
  retries = 0;

  constructor(private readonly fleet: ReplicaFleet) {}

  get readers(): TaskReader[] {
    return this.tasks.flatMap(({ readers }) => readers);
  }

  /** Sends a stream, and resolves when its task is there and all its readers are on their way. */
  async watch({ agent, stream, at, loyal, readers = [] }: WatchOptions): Promise<WatchedTask> {
    const message = textMessage(`stream ${stream.chunks} ${stream.bytes} ${stream.delayMs}`);
    const sender = new TaskReader(this.fleet, { agent, at, loyal, message });
    await this.#within(LOG_LIMIT_MS, sender.until(1), [sender]);
    const { taskId = '' } = sender;
    const others = readers.map((options) => new TaskReader(this.fleet, { loyal, ...options, agent, taskId }));
    const task = { id: taskId, agent, at, stream, messageId: message.messageId, readers: [sender, ...others] };
    this.tasks.push(task);
    return task;
  }

  /** Sends `echo` with this text until it is answered with the completed task: to replica `at` (any), then wherever one is. */
  async send(text: string, { at, agent = 'lab' }: { at?: number; agent?: LabAgentId } = {}): Promise<void> {
    const message = textMessage(`echo ${text}`);
    const onRetry = (): void => void this.retries++;
    const { task } = await patientCall<{ task: Task }>(this.fleet, 'SendMessage', { message }, { agent, at, onRetry });
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    this.#acknowledged.push({ agent, taskId: task.id, text });
  }

  /** Resolves when each reader has seen this event of its task. */
  async underWay(seq: number, limitMs = LOG_LIMIT_MS): Promise<void> {
    await this.#within(limitMs, Promise.all(this.readers.map((reader) => reader.until(seq))));
  }

  /** Resolves when each reader has seen the end of its task. */
  async done(limitMs: number): Promise<void> {
    await this.#within(limitMs, Promise.all(this.readers.map(({ done }) => done)));
  }

  /**
   * Asserts of each task: seq without a gap from 1 on, in the log and on every stream; the same bytes in the log of every
   * replica and on every stream; exactly one terminal event, the last; nothing that was seen or acknowledged missing; no event
   * of an old owner behind one of a new owner.
   */
  async verify(): Promise<Verdict> {
    await this.#within(LOG_LIMIT_MS, Promise.all(this.fleet.usable.map((replica) => replica.ready())));
    const logs = await each(this.tasks, (task) => this.#verifyTask(task));
    await each(this.#acknowledged, (sent) => this.#verifyAcknowledged(sent));
    expect(await this.oldOwnersRows()).toBe(0);
    const failed: Record<string, number> = {};
    for (const { task } of logs) {
      if (task.status.state === 'TASK_STATE_COMPLETED') continue;
      const reason = String(task.status.message?.metadata?.['reason'] ?? task.status.state);
      failed[reason] = (failed[reason] ?? 0) + 1;
    }
    const readers = this.readers.length;
    return {
      tasks: logs.length,
      events: logs.reduce((sum, { lastSeq }) => sum + lastSeq, 0),
      readers,
      reconnects: this.readers.reduce((sum, { connections }) => sum + connections, -readers),
      completed: logs.filter(({ task }) => task.status.state === 'TASK_STATE_COMPLETED').length,
      failed,
      acknowledged: this.#acknowledged.length,
    };
  }

  /** Events that a run wrote after its task was taken over. */
  async oldOwnersRows(): Promise<number> {
    const [row] = await this.fleet.query<{ n: number | string }>(`
      select count(*) as n from (
        select fence, max(fence) over (partition by task_id order by seq) as newest from a2a_event
      ) e where fence < newest`);
    return Number(row?.n ?? NaN);
  }

  /** Kills a replica. Returns the ids of the tasks that it leaves: on a slow machine some may have ended before. */
  async kill(at: number): Promise<string[]> {
    await this.fleet.at(at).service.kill('SIGKILL');
    const open = await this.fleet.query<{ task_id: string }>(
      `select task_id from a2a_task where state in ('submitted', 'working')`,
    );
    const ids = new Set(open.map(({ task_id }) => task_id));
    return this.tasks.filter((task) => task.at === at && ids.has(task.id)).map(({ id }) => id);
  }

  /** The first event of each task's second owner, with when the first reader saw it; none for tasks that were not taken over. */
  async takeovers(): Promise<{ task: WatchedTask; seq: number; at: number }[]> {
    const rows = await this.fleet.query<{ task_id: string; seq: string }>(`
      select task_id, min(seq) as seq from a2a_event
      join (select task_id, min(fence) as first from a2a_event group by task_id) owner using (task_id)
      where fence > owner.first group by task_id`);
    const seqs = new Map(rows.map(({ task_id, seq }) => [task_id, Number(seq)]));
    return this.tasks.flatMap((task) => {
      const seq = seqs.get(task.id);
      if (seq === undefined) return [];
      const seen = task.readers.flatMap(({ arrivals }) => arrivals.filter((arrival) => arrival.seq === seq));
      return [{ task, seq, at: Math.min(...seen.map(({ at }) => at)) }];
    });
  }

  async #verifyTask({ id, agent, stream, messageId, readers }: WatchedTask): Promise<ReplayedLog> {
    const [first, ...others] = this.fleet.usable;
    if (!first) throw new Error('No replica is left to read from.');
    const log = await ReplayedLog.read(first.lab(agent), id);
    log.expectWhole(stream);
    expect(log.ended).toBe(true);
    expect(log.task.history?.map((message) => message.messageId)).toContain(messageId);
    for (const replica of others) same(await rawLog(replica, agent, id), log.rawAfter(0), `${id} at ${replica.number}`);
    for (const reader of readers) expectShown(reader, log);
    return log;
  }

  async #verifyAcknowledged({ agent, taskId: id, text }: Acknowledged): Promise<void> {
    for (const replica of this.fleet.usable) {
      const task = await replica.lab(agent).patientResult<Task>('GetTask', { id });
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(task.artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
    }
  }

  #within<T>(limitMs: number, work: Promise<T>, readers = this.readers): Promise<T> {
    const report = (): Promise<string> => {
      const waiting = readers.filter(({ ended }) => !ended).map(({ state }) => `- ${state}`);
      const logs = this.fleet.replicas.map(({ number, service }) => {
        const end = service.log.split('\n').slice(-15).join('\n');
        return `Replica ${number} (${service.alive ? 'alive' : 'dead'}):\n${end}`;
      });
      return Promise.resolve([...waiting.slice(0, 20), `${waiting.length} wait in all`, ...logs].join('\n'));
    };
    return unlessStalled(work, limitMs, report);
  }
}

/** What one reader was shown is what the log says, each event once; with the Task as it was when it began by one. */
function expectShown(reader: TaskReader, log: ReplayedLog): void {
  const { arrivals } = reader;
  const [first] = arrivals;
  if (!first?.seq) throw new Error(`${reader.state} saw nothing.`);
  const seqs = arrivals.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => (first.seq ?? 0) + index));
  expect(reader.lastSeq).toBe(log.lastSeq);
  const ends = arrivals
    .map(resultOf)
    .filter((event) => 'statusUpdate' in event && isTerminal(event.statusUpdate.status.state));
  expect(ends).toHaveLength(1);
  const opening = resultOf(first);
  const snapshot = first.seq > 1 && 'task' in opening;
  if (snapshot) expect(plain(opening.task)).toEqual(plain(log.foldTo(first.seq)));
  else expect(first.seq).toBe(1);
  const shown = (snapshot ? arrivals.slice(1) : arrivals).map(({ raw }) => raw).join('');
  same(shown, log.rawAfter(snapshot ? first.seq : 0), reader.state);
}

async function rawLog(replica: Replica, agent: LabAgentId, id: string): Promise<string> {
  const options = { lastEventId: 0, silenceMs: LOG_LIMIT_MS };
  const { frames, outcome } = await RecordedStream.patiently(replica.lab(agent), 'SubscribeToTask', { id }, options);
  expect(outcome).toBe('ended');
  return frames.map(({ raw }) => raw).join('');
}

/** Bytes; a difference of megabytes is not for printing. */
function same(actual: string, expected: string, what: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at] && at < actual.length && at < expected.length) at++;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 200), at + 200));
  throw new Error(`${what}: at byte ${at} it is ${near(actual)}, and the log says ${near(expected)}`);
}

/** A few at a time, results in order. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
