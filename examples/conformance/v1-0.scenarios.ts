import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import type { Part } from '../../src/protocol/model/index.js';
import type { ConformanceTiming } from './timing.js';

type Scenario = (updater: TaskUpdater, context: RequestContext, timing: ConformanceTiming) => Promise<void>;

const FILE: Part = { raw: Buffer.from('tck').toString('base64'), filename: 'output.txt', mediaType: 'text/plain' };
const FILE_URL: Part = { url: 'https://example.com/output.txt', filename: 'output.txt', mediaType: 'text/plain' };

const artifact =
  (part: Part): Scenario =>
  async (updater) => {
    await updater.addArtifact([part]);
    await updater.complete();
  };

const working =
  (then: Scenario): Scenario =>
  async (updater, ...rest) => {
    await updater.startWork();
    await then(updater, ...rest);
  };

const chunked: Scenario = async (updater) => {
  const id = await updater.addArtifact('chunk-1 ');
  await updater.appendArtifact(id, 'chunk-2', { lastChunk: true });
  await updater.complete();
};

const longTask: Scenario = async (updater, { signal }, timing) => {
  await sleep(timing.longTask, undefined, { signal });
  await updater.complete();
};

/** By the beginning of the messageId, which is how the v1.0 suite says what is to happen. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'tck-complete-task': (updater) => updater.complete('Hello from TCK'),
  'tck-input-required': (updater) => updater.requiresInput(),
  'tck-reject-task': (updater) => updater.reject('rejected'),
  'tck-message-response': (updater) => updater.reply('Direct message response'),
  'tck-artifact-text': artifact({ text: 'Generated text content' }),
  'tck-artifact-file': artifact(FILE),
  'tck-artifact-file-url': artifact(FILE_URL),
  'tck-artifact-data': artifact({ data: { key: 'value', count: 42 } }),
  'tck-stream-001': working(artifact({ text: 'Stream hello from TCK' })),
  'tck-stream-002': (updater) => updater.complete(),
  'tck-stream-003': working(artifact({ text: 'Stream task lifecycle' })),
  'tck-stream-ordering-001': working(artifact({ text: 'Ordered output' })),
  'tck-stream-artifact-text': working(artifact({ text: 'Streamed text content' })),
  'tck-stream-artifact-file': working(artifact(FILE)),
  'tck-stream-artifact-chunked': working(chunked),
  'test-resubscribe-message-id': working(longTask),
};

export const SCENARIO_PREFIXES: readonly string[] = Object.keys(SCENARIOS);

/** Longer ones first: one prefix begins with another. */
const LONGEST_FIRST = [...SCENARIO_PREFIXES].sort((a, b) => b.length - a.length);

const echo: Scenario = (updater, { userText }) => updater.complete(`Echo: ${userText}`);

/** What a v1.0 message of this id brings about. */
export function scenarioOf(messageId: string): Scenario {
  const prefix = LONGEST_FIRST.find((known) => messageId.startsWith(known));
  return prefix === undefined ? echo : SCENARIOS[prefix]!;
}
