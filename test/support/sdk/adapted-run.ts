import { type Artifact, type Message, type Task, TaskState } from '@a2a-js/sdk';
import { AgentEvent, type AgentExecutor, type ExecutionEventBus, type RequestContext } from '@a2a-js/sdk/server';
import type { RequestContextFields } from '../../../src/agents/request-context.js';
import { adaptExecutor } from '../../../src/agents/sdk/adapt-executor.js';
import type { AdaptOptions } from '../../../src/agents/sdk/adapt.options.js';
import { type AgentRun, agentRun } from '../../../src/testing/agent-run.js';
import { part } from './v1-0.executors.js';

export type Execute = (context: RequestContext, bus: ExecutionEventBus) => Promise<void> | void;

export const IDS = { taskId: 'task-1', contextId: 'context-1' };
export const state = (name: TaskState, message?: Message) =>
  AgentEvent.statusUpdate({ ...IDS, status: { state: name, message, timestamp: '' }, metadata: {} });
export const artifactOf = (value: string, artifactId = 'a'): Artifact => ({
  artifactId,
  name: '',
  description: '',
  parts: [part(value)],
  metadata: undefined,
  extensions: [],
});
export const text = (value: string, append = false, artifactId = 'a') =>
  AgentEvent.artifactUpdate({
    ...IDS,
    artifact: artifactOf(value, artifactId),
    append,
    lastChunk: false,
    metadata: undefined,
  });
export const task = (more: Partial<Task> = {}) =>
  AgentEvent.task({
    id: IDS.taskId,
    contextId: IDS.contextId,
    status: { state: TaskState.TASK_STATE_SUBMITTED, message: undefined, timestamp: undefined },
    artifacts: [],
    history: [],
    metadata: undefined,
    ...more,
  });

export function adapted(
  execute: Execute,
  cancelTask: AgentExecutor['cancelTask'] = async () => {},
  options?: AdaptOptions,
) {
  const executor: AgentExecutor = { execute: async (context, bus) => execute(context, bus), cancelTask };
  return adaptExecutor(executor, options);
}

export async function ran(
  execute: Execute,
  fields?: Partial<RequestContextFields>,
  options?: AdaptOptions,
): Promise<AgentRun> {
  const run = agentRun(fields);
  await adapted(execute, undefined, options).execute(run.context, run.updater);
  return run;
}
