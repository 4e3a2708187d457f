import type { AgentCard, Message, Part, Task, TaskStatusUpdateEvent } from 'a2a-js-sdk-0.3';
import type { AgentExecutor, ExecutionEventBus, RequestContext } from 'a2a-js-sdk-0.3/server';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Executors as they are written for the SDK 0.3, in the way of its README. */

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

export class HelloExecutor implements AgentExecutor {
  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { user } = requestContext.context ?? {};
    const responseMessage: Message = {
      kind: 'message',
      messageId: randomUUID(),
      role: 'agent',
      parts: [{ kind: 'text', text: `Hello from ${user?.isAuthenticated ? user.userName : 'nobody'} of no tenant` }],
      contextId: requestContext.contextId,
    };
    eventBus.publish(responseMessage);
    eventBus.finished();
  }

  cancelTask = async (): Promise<void> => {};
}

export class StepsExecutor implements AgentExecutor {
  readonly cancelled = new Set<string>();

  constructor(private readonly stepMs = 5) {}

  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { taskId, contextId, userMessage, task } = requestContext;
    if (!task) {
      const initialTask: Task = {
        kind: 'task',
        id: taskId,
        contextId,
        status: { state: 'submitted', timestamp: new Date().toISOString() },
        history: [userMessage],
        metadata: userMessage.metadata,
      };
      eventBus.publish(initialTask);
    }
    const status = (state: TaskStatusUpdateEvent['status']['state'], final: boolean, text?: string): void =>
      eventBus.publish({
        kind: 'status-update',
        taskId,
        contextId,
        status: {
          state,
          ...(text && {
            message: { kind: 'message', messageId: randomUUID(), role: 'agent', parts: [{ kind: 'text', text }] },
          }),
          timestamp: new Date().toISOString(),
        },
        final,
      });
    status('working', false, 'Working on it');
    for (let step = 0; step < 20; step++) {
      if (this.cancelled.delete(taskId)) {
        status('canceled', true, 'Cancelled by the user');
        return eventBus.finished();
      }
      await sleep(this.stepMs);
    }
    for (const [index, word] of `You said: ${textOf(userMessage.parts)}`.split(' ').entries()) {
      const artifact = { artifactId: 'result', name: 'Result', parts: [{ kind: 'text' as const, text: `${word} ` }] };
      eventBus.publish({ kind: 'artifact-update', taskId, contextId, artifact, append: index > 0 });
    }
    status('completed', true);
    eventBus.finished();
  }

  cancelTask = async (taskId: string): Promise<void> => {
    this.cancelled.add(taskId);
  };
}

export class AskingExecutor implements AgentExecutor {
  readonly #orders = new Map<string, string>();
  cancelTask = async (): Promise<void> => {};

  async execute(requestContext: RequestContext, eventBus: ExecutionEventBus): Promise<void> {
    const { taskId, contextId, userMessage, task } = requestContext;
    const artifact = (artifactId: string, text: string) => ({ artifactId, parts: [{ kind: 'text' as const, text }] });
    const message = (text: string): Message => ({
      kind: 'message',
      messageId: randomUUID(),
      role: 'agent',
      parts: [{ kind: 'text', text }],
      taskId,
      contextId,
    });
    const given = textOf(userMessage.parts);
    if (!task) {
      this.#orders.set(taskId, given);
      const status = { state: 'input-required' as const, message: message('Which size?') };
      const artifacts = [artifact('order', given)];
      eventBus.publish({ kind: 'task', id: taskId, contextId, status, artifacts, history: [userMessage] });
      return eventBus.finished();
    }
    eventBus.publish(task);
    // The text that executors for 1.x make of the same.
    const state = `TASK_STATE_${task.status.state.replace('-', '_').toUpperCase()}`;
    const before = `${state}: ${task.status.message ? textOf(task.status.message.parts) : '-'}`;
    const receipt = artifact('receipt', `${this.#orders.get(taskId)}, ${given} (${before})`);
    eventBus.publish({
      ...task,
      status: { state: 'completed' },
      artifacts: [...(task.artifacts ?? []), receipt],
      history: [...(task.history ?? []), message('Ordered')],
    });
    eventBus.finished();
  }
}

export const cardOf = (name: string): AgentCard => ({
  name,
  description: `An agent called ${name}`,
  protocolVersion: '0.3.0',
  version: '2.0.0',
  url: 'http://localhost:4000/a2a/jsonrpc',
  provider: { organization: 'A2A Samples', url: 'https://example.com' },
  skills: [{ id: 'sample', name: 'Sample', description: 'A sample skill.', tags: ['sample'], examples: ['hello'] }],
  capabilities: { streaming: true, pushNotifications: false },
  defaultInputModes: ['text'],
  defaultOutputModes: ['text'],
  additionalInterfaces: [{ url: 'localhost:4001', transport: 'GRPC' }],
});
