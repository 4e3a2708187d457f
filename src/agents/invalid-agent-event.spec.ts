import { describe, expect, it } from '@jest/globals';
import { agentRun } from '../testing/agent-run.js';
import type { AgentEventDraft } from './agent-event-draft.js';
import { InvalidAgentEventError } from './invalid-agent-event.error.js';

const artifact = (fields: object): unknown => ({ artifactUpdate: { artifact: { parts: [{ text: 'a' }], ...fields } } });
const part = (fields: object): unknown => artifact({ parts: [fields] });
const status = (message: object): unknown => ({
  statusUpdate: { status: { state: 'TASK_STATE_WORKING', message: { parts: [{ text: 'a' }], ...message } } },
});

describe('an event of an agent that breaks a rule of requests', () => {
  it.each<[string, unknown, string]>([
    ['metadata that is no object', artifact({ metadata: 'abc' }), 'artifactUpdate.artifact.metadata must be an object'],
    [
      'metadata of an update',
      { statusUpdate: { status: { state: 'TASK_STATE_WORKING' }, metadata: 'x' } },
      'statusUpdate.metadata must be',
    ],
    ['a name that is no string', artifact({ name: 5 }), 'artifactUpdate.artifact.name must be a string'],
    [
      'extensions that are no list',
      artifact({ extensions: 'x' }),
      'artifactUpdate.artifact.extensions must be an array',
    ],
    ['raw that is no base64', part({ raw: 'not base64!' }), 'artifactUpdate.artifact.parts[0].raw must be base64'],
    [
      'a media type that is no string',
      part({ text: 'a', mediaType: 1 }),
      'artifactUpdate.artifact.parts[0].mediaType must be',
    ],
    [
      'a function in data',
      part({ data: { f: () => 1 } }),
      'artifactUpdate.artifact.parts[0].data.f must be a JSON value',
    ],
    [
      'a number that JSON cannot hold',
      part({ data: [NaN] }),
      'artifactUpdate.artifact.parts[0].data[0] must be a number',
    ],
    ['U+0000', part({ text: 'a\0b' }), 'artifactUpdate.artifact.parts[0].text must not contain the null character'],
    [
      'append that is no boolean',
      { artifactUpdate: { append: 'yes', artifact: { artifactId: 'x', parts: [{ text: 'a' }] } } },
      'artifactUpdate.append must be true or false',
    ],
    [
      'metadata of a status message',
      status({ metadata: [] }),
      'statusUpdate.status.message.metadata must be an object',
    ],
    [
      'an id that is too long',
      status({ messageId: 'm'.repeat(513) }),
      'statusUpdate.status.message.messageId must be at most 512',
    ],
    [
      'an artifact of a Task',
      { task: { status: { state: 'TASK_STATE_WORKING' }, artifacts: [{ parts: [{ text: 'a' }], name: 5 }] } },
      'task.artifacts[0].name must be a string',
    ],
    ['a reply', { message: { parts: [{ text: 'a' }], metadata: 1 } }, 'message.metadata must be an object'],
  ])(
    '%s: the call rejects with a TypeError that names the member, and nothing is sent',
    async (_what, event, message) => {
      const { updater, sink } = agentRun();
      const sent = updater.emit(event as AgentEventDraft);
      await expect(sent).rejects.toBeInstanceOf(TypeError);
      await expect(sent).rejects.toBeInstanceOf(InvalidAgentEventError);
      await expect(sent).rejects.toThrow(message);
      expect(sink.events).toEqual([]);
      await updater.complete();
      expect(sink.brief).toEqual(['COMPLETED']);
    },
  );
});
