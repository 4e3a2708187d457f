import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../common/is-object.js';
import { invalidAgentResponse } from '../../protocol/errors/index.js';
import type { Task } from '../../protocol/model/index.js';
import type { AgentEventDraft } from '../agent-event-draft.js';
import { describe } from '../agent-event.check.js';
import type { RequestContext } from '../request-context.js';
import type { Fields } from './set-fields.js';

const SUBMITTED = 'TASK_STATE_SUBMITTED';
const WORKING = 'TASK_STATE_WORKING';

/**
 * Turns what an executor publishes in one turn into events of its task. Ids of the task and the context are left out, so an id
 * that the executor made up becomes the task's. A Task becomes what it says that is new: the SDK stores it as a whole, here each
 * event is appended.
 */
export class SdkEvents {
  #begun = false;
  readonly #artifacts = new Set<unknown>();
  readonly #messages = new Set<unknown>();
  #learned = false;

  /** `given`: the task that the executor was given, if any. */
  constructor(
    private readonly context: Pick<RequestContext, 'turn' | 'attempt' | 'taskId' | 'currentTask'>,
    private readonly given: () => Task | undefined,
  ) {}

  /** `event`: in canonical form, not checked. Throws INVALID_AGENT_RESPONSE if it has not the form of one. */
  drafts(event: unknown): AgentEventDraft[] {
    const [[kind, value] = []] = isObject(event) ? Object.entries(event) : [];
    if (!isObject(value)) throw invalidAgentResponse(`The executor published ${describe(value)} instead of an event.`);
    const drafts = this.#draftsOf(kind, value);
    this.#begun ||= drafts.length > 0;
    return drafts as unknown as AgentEventDraft[];
  }

  #draftsOf(kind: string | undefined, value: Fields): object[] {
    if (kind === 'message') return [{ message: this.#own(value) }];
    if (kind === 'task') return this.#task(value);
    if (kind === 'statusUpdate') return this.#status(value.status, value.metadata);
    return [{ artifactUpdate: this.#artifact(value) }];
  }

  #status(status: unknown, metadata: unknown): object[] {
    if (!isObject(status)) return [{ statusUpdate: { status } }];
    const { message, state } = status;
    const own = { ...status, ...(message !== undefined && { message: this.#own(message) }) };
    const more = metadata === undefined ? {} : { metadata };
    if (state !== SUBMITTED) return [{ statusUpdate: { status: own, ...more } }];
    // The task is stored as submitted before its executor starts.
    const { turn, attempt } = this.context;
    if (turn === 1 && attempt === 1 && !this.#begun) return [{ task: { status: own, ...more } }];
    const says = message !== undefined || metadata !== undefined;
    return says ? [{ statusUpdate: { status: { ...own, state: WORKING }, ...more } }] : [];
  }

  /** The first chunk of an attempt replaces what a lost attempt of the same turn had added. */
  #artifact({ artifact, append, lastChunk, metadata }: Fields): object {
    const id = isObject(artifact) ? artifact.artifactId : undefined;
    const { turn, attempt } = this.context;
    const again = append === true && turn === 1 && attempt > 1 && !this.#artifacts.has(id);
    this.#artifacts.add(id);
    return {
      artifact,
      ...(append === true && !again && { append }),
      ...(lastChunk === true && { lastChunk }),
      ...(metadata !== undefined && { metadata }),
    };
  }

  #task({ status, artifacts, history, metadata }: Fields): object[] {
    const given = this.given();
    const said = this.#unknownReplies(history, status);
    const added = this.#list(artifacts).filter(
      (artifact) => !given?.artifacts?.some((known) => isDeepStrictEqual(known, artifact)),
    );
    const drafts = [
      ...said.map((message) => ({ statusUpdate: { status: { state: WORKING, message: this.#own(message) } } })),
      ...added.map((artifact) => ({ artifactUpdate: this.#artifact({ artifact }) })),
    ];
    this.#begun ||= said.length > 0;
    const told = isDeepStrictEqual(metadata, given?.metadata) ? undefined : metadata;
    if (!isRepeated(status, given)) return [...drafts, ...this.#status(status, told)];
    return told === undefined ? drafts : [...drafts, ...this.#status({ state: WORKING }, told)];
  }

  /** Messages of the agent in a history that the task does not have: they enter it as messages of a status. */
  #unknownReplies(history: unknown, status: unknown): Fields[] {
    const replies = this.#list(history).filter(
      (message): message is Fields => isObject(message) && message.role === 'ROLE_AGENT',
    );
    if (replies.length === 0) return [];
    if (!this.#learned)
      for (const { messageId } of this.context.currentTask?.history ?? []) this.#messages.add(messageId);
    this.#learned = true;
    const current = isObject(status) && isObject(status.message) ? status.message.messageId : undefined;
    return replies.filter(({ messageId }) => messageId !== current && !this.#messages.has(messageId));
  }

  #list(value: unknown): unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    throw invalidAgentResponse(`The executor published a Task with ${describe(value)} instead of a list.`);
  }

  #own(message: unknown): unknown {
    if (!isObject(message)) return message;
    const { taskId: _task, contextId: _context, ...rest } = message;
    this.#messages.add(message.messageId);
    return { ...rest, role: 'ROLE_AGENT' };
  }
}

/** Whether a status is that of the task that the executor was given, as when it publishes that task again. */
function isRepeated(status: unknown, given: Task | undefined): boolean {
  if (!given || !isObject(status)) return false;
  const message = isObject(status.message) ? status.message.messageId : undefined;
  return status.state === given.status.state && message === given.status.message?.messageId;
}
