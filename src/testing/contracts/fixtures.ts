import { newId } from '../../protocol/ids.js';
import type { JsonObject, Message, TaskState } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { InboxMessage } from '../../tasks/inbox-store.interface.js';
import { pendingEvent, type PendingEvent } from '../../tasks/pending-event.js';
import type { PushConfig } from '../../tasks/push-config-store.interface.js';
import type { Stores } from '../../tasks/stores.js';
import type { RunRef } from '../../tasks/task-record.js';
import type { AppendResult, NewTask, TaskStore } from '../../tasks/task-store.interface.js';
import type { TurnRequest } from '../../tasks/turn-request.js';

export const HOUR = 3_600_000;

/** A caller whom no other test knows. */
export const caller = (fields: Partial<CallContext> = {}): CallContext => ({
  owner: `owner-${newId()}`,
  tenant: '',
  agent: 'lab',
  protocolVersion: '1.0',
  requestedExtensions: [],
  ...fields,
});

/** Callers who differ from `context` in one part of the scope. */
export const strangersTo = (context: CallContext): CallContext[] => [
  { ...context, owner: `${context.owner}-else` },
  { ...context, tenant: 'other-tenant' },
  { ...context, agent: 'other-agent' },
];

/** Status times in the order of `second`. */
export const at = (second: number): string => new Date(Date.UTC(2030, 0, 1) + second * 1000).toISOString();

export const userMessage = (text: string, fields: Partial<Message> = {}): Message => ({
  messageId: newId(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...fields,
});

/** A follow-up as a sender puts it into an inbox. */
export const incoming = (text: string, fields: Partial<Message> = {}): InboxMessage => ({
  message: userMessage(text, fields),
});

export const agentMessage = (text: string): Message => ({ messageId: newId(), role: 'ROLE_AGENT', parts: [{ text }] });

export interface TaskFields extends Partial<Omit<NewTask, 'event'>> {
  readonly state?: TaskState;
  /** Status time. */
  readonly at?: string;
  readonly history?: Message[];
  readonly metadata?: JsonObject;
  readonly request?: TurnRequest;
}

export function newTask(fields: TaskFields = {}): NewTask {
  const { taskId = newId(), contextId = newId(), messageId = newId(), digest = 'digest-1', ...task } = fields;
  const { runOwner, pushConfigs } = task;
  const status = {
    state: task.state ?? 'TASK_STATE_SUBMITTED',
    timestamp: task.at ?? new Date().toISOString(),
  } as const;
  const history = task.history ?? [userMessage('hello', { messageId })];
  const made = { id: taskId, contextId, status, history, ...(task.metadata && { metadata: task.metadata }) };
  const event = pendingEvent({ task: made }, undefined, task.request);
  return {
    ...{ taskId, contextId, event, messageId, digest },
    ...(runOwner !== undefined && { runOwner }),
    ...(pushConfigs && { pushConfigs }),
  };
}

interface StatusFields {
  readonly at?: string;
  readonly message?: Message;
  readonly metadata?: JsonObject;
  readonly inbound?: Message;
  readonly request?: TurnRequest;
}

/** A status event; the ids are no part of what is stored, so they need not be right. */
export function status(state: TaskState, fields: StatusFields = {}): PendingEvent {
  const { at: timestamp = new Date().toISOString(), message, metadata, inbound, request } = fields;
  const update = { taskId: '', contextId: '', status: { state, ...(message && { message }), timestamp } };
  return pendingEvent({ statusUpdate: { ...update, ...(metadata && { metadata }) } }, inbound, request);
}

export const chunk = (text: string, artifactId = 'out', append = true): PendingEvent =>
  pendingEvent({ artifactUpdate: { taskId: '', contextId: '', artifact: { artifactId, parts: [{ text }] }, append } });

export const pushConfig = (id: string, fields: Partial<PushConfig> = {}): PushConfig => ({
  id,
  url: 'https://example.invalid/hook',
  wireVersion: '1.0',
  ...fields,
});

/** The one writer of a task: counts the seqs of what it appended. */
export class Writer {
  constructor(
    private readonly tasks: TaskStore,
    readonly run: RunRef,
    public lastSeq = 1,
  ) {}

  async append(...events: PendingEvent[]): Promise<AppendResult> {
    const result = await this.tasks.append({ run: this.run, firstSeq: this.lastSeq + 1, events });
    if (result.ok) this.lastSeq += events.length;
    return result;
  }

  /** Appends, and throws when that is refused. */
  async write(...events: PendingEvent[]): Promise<void> {
    const result = await this.append(...events);
    if (!result.ok) throw new Error(`append refused: ${result.reason}`, { cause: result.cause });
  }
}

/** Creates a task and gives its writer. */
export async function begin(stores: Stores, context: CallContext, fields: TaskFields = {}): Promise<Writer> {
  const created = await stores.tasks.create(context, newTask({ runOwner: 'replica-of-no-interest', ...fields }));
  if (!created.created) throw new Error('The task was not created: its messageId is known.');
  return new Writer(stores.tasks, created.run);
}

/** A task that waits for its client: nobody runs it. */
export async function beginInterrupted(stores: Stores, context: CallContext, fields: TaskFields = {}): Promise<Writer> {
  const writer = await begin(stores, context, fields);
  await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
  await stores.runs.release(writer.run);
  return writer;
}

/** Makes a replica known. Lease 0: others know already that it is over. */
export async function replica(stores: Stores, leaseMs = HOUR): Promise<string> {
  const id = newId();
  await stores.runs.registerReplica(id, leaseMs);
  if (leaseMs === 0) await expire(stores, id);
  return id;
}

/** Ends a replica's lease, as others do that have seen no renewal of it for too long. */
export async function expire({ runs }: Stores, id: string): Promise<boolean> {
  const known = (await runs.replicas()).find((each) => each.id === id);
  return known !== undefined && runs.expireReplica(id, known.mark);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
