import { newId } from '../../protocol/ids.js';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import { InvalidAgentEventError } from '../../agents/invalid-agent-event.error.js';
import { A2AError } from '../../protocol/errors/index.js';
import type { Message, TaskState, TaskStatus } from '../../protocol/model/index.js';
import { TaskTooLargeError } from '../../tasks/task-too-large.error.js';

/** How a turn ends when its agent set no final state. `reason` is machine-readable and is sent in the message's metadata. */
export interface TurnOutcome {
  readonly state: TaskState;
  readonly reason?: string;
  readonly text?: string;
  /** Set when details go to the log only; the client sees just the id. */
  readonly incident?: string;
}

const FAILED = 'TASK_STATE_FAILED';
const SHUTDOWN = 'SHUTDOWN';

const ABORTED: Record<RunAborted['why'], TurnOutcome> = {
  canceled: { state: 'TASK_STATE_CANCELED' },
  deadline: { state: FAILED, reason: 'DEADLINE', text: 'The task took longer than its deadline allows.' },
  'idle-deadline': {
    state: FAILED,
    reason: 'IDLE_DEADLINE',
    text: 'The agent showed no progress for longer than it may.',
  },
  drain: {
    state: FAILED,
    reason: SHUTDOWN,
    text: 'The server was shut down before the task ended. Send the message again, without a task id, to start a new task.',
  },
  'lost-ownership': { state: FAILED, reason: 'LOST_OWNERSHIP', text: 'Another server has taken the task over.' },
  failed: { state: FAILED, reason: 'AGENT_ERROR', text: 'The agent failed.' },
  'too-large': { state: FAILED, reason: 'TASK_TOO_LARGE', text: 'The task produced more than a task may hold.' },
};

export const COMPLETED: TurnOutcome = { state: 'TASK_STATE_COMPLETED' };
export const outcomeFromAbort = (why: RunAborted['why']): TurnOutcome => ABORTED[why];

/** Whether a shutdown ended the task: the agent did not fail, so the message may be tried again. */
export const endedByShutdown = ({ state, message }: Pick<TaskStatus, 'state' | 'message'>): boolean =>
  state === FAILED && message?.role === 'ROLE_AGENT' && message.metadata?.['reason'] === SHUTDOWN;

/** The process that ran the turn is gone, and its agent may not be run again. */
export const runLost = (): TurnOutcome => ({
  state: FAILED,
  reason: 'RUN_LOST',
  text: 'The server that worked on the task was lost. Send the message again under a new message id to start a new task.',
});

/** The client never answered a task that asked it for something. */
export const expired = (): TurnOutcome => ({
  state: FAILED,
  reason: 'EXPIRED',
  text: 'The task waited for an answer for too long. Send a new message.',
});

export const tooManyAttempts = (attempts: number): TurnOutcome => ({
  state: FAILED,
  reason: 'TOO_MANY_ATTEMPTS',
  text: `The task was tried ${attempts} times, and each time the server that worked on it was lost. It is not tried again.`,
});

/** `incident`: set where the log has details. */
export const retriesExhausted = (attempts: number, incident?: string): TurnOutcome => ({
  state: FAILED,
  reason: 'RETRIES_EXHAUSTED',
  text:
    `The task was tried ${attempts} times, and each time something failed that may work later. It is not tried again.` +
    (incident === undefined ? '' : ` Incident ${incident}.`),
  ...(incident !== undefined && { incident }),
});

/** What an agent's error means for its task. Clients see only the message of an A2AError. */
export function outcomeFromError(error: unknown): TurnOutcome {
  if (error instanceof TaskTooLargeError) return { ...ABORTED['too-large'], text: error.message };
  if (error instanceof A2AError) {
    const refused = error.reason === 'PERMISSION_DENIED' || error.reason === 'UNAUTHENTICATED';
    return { state: refused ? 'TASK_STATE_REJECTED' : FAILED, reason: error.reason, text: error.message };
  }
  const incident = newId();
  if (error instanceof InvalidAgentEventError) {
    const text = `The agent sent an event that the protocol does not allow. Incident ${incident}.`;
    return { state: FAILED, reason: 'INVALID_AGENT_RESPONSE', text, incident };
  }
  return { state: FAILED, reason: 'AGENT_ERROR', text: `The agent failed. Incident ${incident}.`, incident };
}

/** The status event's content. */
export function statusFromOutcome(
  ending: TurnOutcome,
  { taskId, contextId }: { taskId: string; contextId: string },
): Omit<TaskStatus, 'timestamp'> {
  if (ending.text === undefined) return { state: ending.state };
  const message: Message = {
    messageId: newId(),
    taskId,
    contextId,
    role: 'ROLE_AGENT',
    parts: [{ text: ending.text }],
    ...(ending.reason !== undefined && { metadata: { reason: ending.reason } }),
  };
  return { state: ending.state, message };
}
