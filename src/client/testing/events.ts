import type { Message, StreamResponse, Task, TaskState } from '../../protocol/model/index.js';

/** Events of a task `t`, for scripted agents. */
export const task = (state: TaskState, texts: readonly string[] = []): { task: Task } => ({
  task: {
    id: 't',
    contextId: 'c',
    status: { state },
    ...(texts.length > 0 && { artifacts: [{ artifactId: 'a', parts: texts.map((text) => ({ text })) }] }),
  },
});

export const status = (state: TaskState): StreamResponse => ({
  statusUpdate: { taskId: 't', contextId: 'c', status: { state } },
});

export const chunk = (text: string): StreamResponse => ({
  artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text }] }, append: true },
});

export const reply = (text: string): { message: Message } => ({
  message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text }] },
});

export async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const event of events) list.push(event);
  return list;
}
