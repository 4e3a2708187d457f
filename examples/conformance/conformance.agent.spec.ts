import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunAborted } from '../../src/index.js';
import { agentRun } from '../../src/testing/index.js';
import { conformanceAgent } from './conformance.agent.js';
import { CONFORMANCE_TIMING } from './timing.js';
import { REQUIRED_EXTENSION, conformanceOptions } from './conformance-card.js';

const FAST = { longTask: 1, v03Start: 1, v03Work: 1, v03Resubscribe: 1 };
const SLOW = { longTask: 60_000, v03Start: 1, v03Work: 60_000, v03Resubscribe: 60_000 };

function asked(messageId: string, protocolVersion: '1.0' | '0.3' = '1.0', timing = FAST) {
  const run = agentRun({
    message: { messageId, role: 'ROLE_USER', parts: [{ text: 'hi' }] },
    caller: { owner: 'a', tenant: '', agent: 'conformance', protocolVersion, requestedExtensions: [] },
  });
  const agent = new (conformanceAgent('all-on', timing))();
  return { run, done: Promise.resolve(agent.execute(run.context, run.updater)) };
}

async function events(messageId: string, version?: '1.0' | '0.3'): Promise<string[]> {
  const { run, done } = asked(messageId, version);
  await done;
  return run.sink.brief;
}

async function firstPart(messageId: string): Promise<unknown> {
  const { run, done } = asked(messageId);
  await done;
  const [artifact] = run.sink.events.flatMap((event) =>
    'artifactUpdate' in event ? [event.artifactUpdate.artifact] : [],
  );
  return artifact?.parts[0];
}

async function lastText(messageId: string): Promise<unknown> {
  const { run, done } = asked(messageId);
  await done;
  const last = run.sink.events.at(-1);
  return last && 'statusUpdate' in last && last.statusUpdate.status.message?.parts;
}

describe('the conformance agent in v1.0', () => {
  it.each([
    ['tck-complete-task', ['COMPLETED']],
    ['tck-input-required', ['INPUT_REQUIRED']],
    ['tck-reject-task', ['REJECTED']],
    ['tck-message-response', ['message Direct message response']],
    ['tck-artifact-text', ['Generated text content', 'COMPLETED']],
    ['tck-artifact-file', ['?', 'COMPLETED']],
    ['tck-artifact-file-url', ['?', 'COMPLETED']],
    ['tck-artifact-data', ['?', 'COMPLETED']],
    ['tck-stream-001', ['WORKING', 'Stream hello from TCK', 'COMPLETED']],
    ['tck-stream-002', ['COMPLETED']],
    ['tck-stream-003', ['WORKING', 'Stream task lifecycle', 'COMPLETED']],
    ['tck-stream-ordering-001', ['WORKING', 'Ordered output', 'COMPLETED']],
    ['tck-stream-artifact-text', ['WORKING', 'Streamed text content', 'COMPLETED']],
    ['tck-stream-artifact-file', ['WORKING', '?', 'COMPLETED']],
    ['tck-stream-artifact-chunked', ['WORKING', 'chunk-1 ', '+chunk-2', 'COMPLETED']],
    ['test-resubscribe-message-id', ['WORKING', 'COMPLETED']],
    ['anything-else', ['COMPLETED']],
    ['', ['COMPLETED']],
  ])('%s', async (prefix, expected) => {
    expect(await events(`${prefix}-0a1b2c3d`)).toEqual(expected);
  });

  it.each([
    ['tck-artifact-file', { raw: 'dGNr', filename: 'output.txt', mediaType: 'text/plain' }],
    [
      'tck-artifact-file-url',
      { url: 'https://example.com/output.txt', filename: 'output.txt', mediaType: 'text/plain' },
    ],
    ['tck-artifact-data', { data: { key: 'value', count: 42 } }],
    ['tck-stream-artifact-file', { raw: 'dGNr', filename: 'output.txt', mediaType: 'text/plain' }],
  ])('%s makes the part that the suite looks for', async (prefix, part) => {
    expect(await firstPart(`${prefix}-0a1b2c3d`)).toEqual(part);
  });

  it('says what the suite looks for in its status', async () => {
    expect(await lastText('tck-complete-task-1')).toEqual([{ text: 'Hello from TCK' }]);
    expect(await lastText('another')).toEqual([{ text: 'Echo: hi' }]);
  });

  it('marks the last chunk, of the same artifact', async () => {
    const { run, done } = asked('tck-stream-artifact-chunked-1');
    await done;
    const updates = run.sink.events.flatMap((event) => ('artifactUpdate' in event ? [event.artifactUpdate] : []));
    expect(new Set(updates.map(({ artifact }) => artifact.artifactId)).size).toBe(1);
    expect(updates.map(({ lastChunk }) => lastChunk ?? false)).toEqual([false, true]);
  });
});

describe('the conformance agent in v0.3', () => {
  it.each(['test-message-id-1', 'test-resubscribe-message-id-1', 'tck-complete-task-1'])(
    '%s works and asks for input, and never completes',
    async (messageId) => {
      expect(await events(messageId, '0.3')).toEqual(['WORKING', 'INPUT_REQUIRED']);
    },
  );
});

describe('the conformance agent', () => {
  it.each([
    ['1.0', 'test-resubscribe-message-id-1'],
    ['0.3', 'test-resubscribe-message-id-1'],
    ['0.3', 'test-message-id-1'],
  ] as const)('ends in v%s when it is canceled in the middle of %s', async (version, messageId) => {
    const { run, done } = asked(messageId, version, SLOW);
    while (run.sink.brief.length === 0) await sleep(1);
    run.abort.abort(new RunAborted('canceled'));
    await expect(done).rejects.toThrow(/abort/);
    expect(run.sink.brief).toEqual(['WORKING']);
  });

  it('leaves a v0.3 task submitted for a while, so that two reads of a new task agree', async () => {
    const { run, done } = asked('test-message-id-1', '0.3', { ...FAST, v03Start: 60_000 });
    await sleep(20);
    expect(run.sink.brief).toEqual([]);
    run.abort.abort(new RunAborted('canceled'));
    await expect(done).rejects.toThrow(/abort/);
    expect(CONFORMANCE_TIMING.v03Start + CONFORMANCE_TIMING.v03Work).toBeLessThan(1_000);
  });

  it('has three cards', () => {
    expect(conformanceOptions('all-on')).toMatchObject({ streaming: true });
    expect(conformanceOptions('all-off')).toMatchObject({ streaming: false });
    const extensions = [expect.objectContaining({ uri: REQUIRED_EXTENSION, required: true })];
    expect(conformanceOptions('required-extension')).toMatchObject({ streaming: true, extensions });
  });
});
