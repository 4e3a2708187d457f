import { describe, expect, it } from '@jest/globals';
import { isPushed } from './is-pushed.js';
import { pendingEvent } from './pending-event.js';
import type { TaskArtifactUpdateEvent } from '../protocol/model/index.js';

const artifact = (fields: Partial<TaskArtifactUpdateEvent>, text = 'x'): ReturnType<typeof pendingEvent> =>
  pendingEvent({
    artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text }] }, ...fields },
  });

describe('isPushed', () => {
  it('is true of every status', () => {
    const status = { state: 'TASK_STATE_WORKING', timestamp: '2030-01-01T00:00:00.000Z' } as const;
    expect(isPushed(pendingEvent({ statusUpdate: { taskId: 't', contextId: 'c', status } }))).toBe(true);
  });

  it('is true of whole artifacts and of the last chunk of one that grew', () => {
    expect(isPushed(artifact({}))).toBe(true);
    expect(isPushed(artifact({ append: false, lastChunk: true }))).toBe(true);
    expect(isPushed(artifact({ append: true, lastChunk: true }))).toBe(true);
    expect(isPushed(artifact({ lastChunk: true, append: true }))).toBe(true);
  });

  it('is false of chunks, wherever the event says that it is one', () => {
    expect(isPushed(artifact({ append: true }))).toBe(false);
    expect(isPushed(artifact({ append: true, lastChunk: false }))).toBe(false);
    expect(isPushed(artifact({ append: true, metadata: { lastChunk: true } }))).toBe(false);
    expect(isPushed(artifact({ append: true }, '"lastChunk":true'))).toBe(false);
  });

  it('is not deceived by content that reads like the members of an event', () => {
    expect(isPushed(artifact({}, '"append":true}'))).toBe(true);
    expect(isPushed(artifact({ metadata: { append: true } }))).toBe(true);
    const data = { artifactId: 'a', parts: [{ data: { append: true } }] };
    expect(isPushed(artifact({ artifact: data }))).toBe(true);
    expect(isPushed(artifact({ artifact: data, append: true }))).toBe(false);
  });
});
