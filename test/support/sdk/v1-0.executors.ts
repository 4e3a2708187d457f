import {
  type AgentCard,
  type Artifact,
  type Message,
  type Part,
  Role,
  type Task,
  type TaskStatus,
  TaskState,
} from '@a2a-js/sdk';
import { AgentEvent, type AgentExecutor, type ExecutionEventBus, type RequestContext } from '@a2a-js/sdk/server';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Executors as they are written for the SDK 1.x. They know nothing of the server that runs them. */

export const part = (value: string): Part => ({
  content: { $case: 'text', value },
  metadata: undefined,
  filename: '',
  mediaType: 'text/plain',
});

export const textOf = (message: Message): string =>
  message.parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');

export const messageOf = (text: string, { taskId, contextId }: { taskId: string; contextId: string }): Message => ({
  messageId: randomUUID(),
  role: Role.ROLE_AGENT,
  parts: [part(text)],
  taskId,
  contextId,
  extensions: [],
  metadata: {},
  referenceTaskIds: [],
});

const status = (state: TaskState, message?: Message): TaskStatus => ({
  state,
  message,
  timestamp: new Date().toISOString(),
});

const artifact = (artifactId: string, text: string): Artifact => ({
  artifactId,
  name: 'Result',
  description: '',
  parts: [part(text)],
  metadata: undefined,
  extensions: [],
});

const taskOf = ({ taskId: id, contextId, userMessage }: RequestContext, more: Partial<Task> = {}): Task => ({
  id,
  contextId,
  status: status(TaskState.TASK_STATE_SUBMITTED),
  artifacts: [],
  history: [userMessage],
  metadata: userMessage.metadata,
  ...more,
});

/** The way of the SDK's samples: a task, some steps with a look at the cancelled ones before each, an artifact, the end. */
export class StepsExecutor implements AgentExecutor {
  readonly cancelled = new Set<string>();

  constructor(private readonly stepMs = 5) {}

  public cancelTask = async (taskId: string, _eventBus: ExecutionEventBus): Promise<void> => {
    this.cancelled.add(taskId);
  };

  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { userMessage, taskId, contextId } = requestContext;
    const statusUpdate = (state: TaskState, message?: Message): void =>
      eventBus.publish(
        AgentEvent.statusUpdate({ taskId, contextId, status: status(state, message), metadata: undefined }),
      );
    try {
      eventBus.publish(AgentEvent.task(requestContext.task ?? taskOf(requestContext)));
      statusUpdate(TaskState.TASK_STATE_WORKING, messageOf('Working on it', requestContext));
      for (let step = 0; step < 20; step++) {
        if (this.cancelled.has(taskId)) {
          statusUpdate(TaskState.TASK_STATE_CANCELED, messageOf('Cancelled by the user', requestContext));
          return;
        }
        await sleep(this.stepMs);
      }
      for (const [index, word] of `You said: ${textOf(userMessage)}`.split(' ').entries()) {
        eventBus.publish(
          AgentEvent.artifactUpdate({
            taskId,
            contextId,
            artifact: artifact('result', `${word} `),
            append: index > 0,
            lastChunk: false,
            metadata: undefined,
          }),
        );
      }
      statusUpdate(TaskState.TASK_STATE_COMPLETED);
    } finally {
      this.cancelled.delete(taskId);
    }
  }
}

/** Answers with a Message, without a task. */
export class HelloExecutor implements AgentExecutor {
  cancelTask = async (): Promise<void> => {};

  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { user, tenant } = requestContext.context;
    const who = user?.isAuthenticated ? user.userName : 'nobody';
    eventBus.publish(AgentEvent.message(messageOf(`Hello from ${who} of ${tenant ?? 'no tenant'}`, requestContext)));
  }
}

/** Asks, keeps what it asked for by task, and answers with a whole Task. */
export class AskingExecutor implements AgentExecutor {
  readonly #orders = new Map<string, string>();
  cancelTask = async (): Promise<void> => {};

  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { userMessage, taskId, task } = requestContext;
    if (!task) {
      this.#orders.set(taskId, textOf(userMessage));
      const question = messageOf('Which size?', requestContext);
      const asked = status(TaskState.TASK_STATE_INPUT_REQUIRED, question);
      const artifacts = [artifact('order', textOf(userMessage))];
      eventBus.publish(AgentEvent.task(taskOf(requestContext, { status: asked, artifacts })));
      return;
    }
    // As samples do at the beginning of each turn.
    eventBus.publish(AgentEvent.task(task));
    const before = `${TaskState[task.status?.state ?? 0]}: ${task.status?.message ? textOf(task.status.message) : '-'}`;
    const text = `${this.#orders.get(taskId)}, ${textOf(userMessage)} (${before})`;
    const reply = messageOf('Ordered', requestContext);
    eventBus.publish(
      AgentEvent.task({
        ...task,
        status: status(TaskState.TASK_STATE_COMPLETED),
        artifacts: [...task.artifacts, artifact('receipt', text)],
        history: [...task.history, reply],
      }),
    );
  }
}

export const cardOf = (name: string): AgentCard => ({
  name,
  description: `An agent called ${name}`,
  supportedInterfaces: [
    { url: 'http://localhost:41241/a2a/jsonrpc', protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' },
  ],
  provider: { organization: 'A2A Samples', url: 'https://example.com' },
  version: '2.0.0',
  documentationUrl: '',
  capabilities: { streaming: true, pushNotifications: false, extensions: [], extendedAgentCard: false },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text'],
  defaultOutputModes: ['text', 'text/plain'],
  signatures: [],
  skills: [
    {
      id: 'sample',
      name: 'Sample',
      description: 'A sample skill.',
      tags: ['sample'],
      examples: ['hello'],
      inputModes: ['text'],
      outputModes: ['text'],
      securityRequirements: [],
    },
  ],
});
