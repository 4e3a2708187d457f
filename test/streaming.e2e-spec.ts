import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProgressAgent } from '../examples/streaming/progress.agent.js';
import { v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

interface TransportEvent {
  kind: string;
  final?: boolean;
  lastChunk?: boolean;
  id?: string;
  taskId?: string;
  status?: { state: string; timestamp: string; message?: { role: string; parts: { kind: string; text: string }[] } };
  artifact?: { name: string; parts: { kind: string; text: string }[] };
}

const SETUPS = ADAPTERS.flatMap((adapter) => STORAGES.map((storage) => ({ adapter, storage })));

describe.each(SETUPS)("the tutorials' streaming agent on $adapter with $storage", ({ adapter, storage }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ adapter, storage, agents: [ProgressAgent] });
  });
  afterAll(() => app.close());

  it('answers a v0.3 message/stream without a version header exactly as the tutorials say', async () => {
    const stream = await app.rpc(undefined, {}).stream('message/stream', { message: v03Message('twelve apples') });
    expect(stream.status).toBe(200);
    expect(stream.response.headers['content-type']).toMatch(/^text\/event-stream/);
    const frames = await stream.all();
    expect(frames.map(({ id }) => id)).toEqual(Array.from({ length: 7 }, () => undefined));
    const answers = frames.map(
      ({ data }) => JSON.parse(data) as { jsonrpc: string; id: number; result: TransportEvent },
    );
    expect(answers.every(({ jsonrpc, id }) => jsonrpc === '2.0' && id === 1)).toBe(true);
    const events = answers.map(({ result }) => result);
    const kinds = ['task', ...Array<string>(4).fill('status-update'), 'artifact-update', 'status-update'];
    expect(events.map(({ kind }) => kind)).toEqual(kinds);
    expect(events[0]?.status?.state).toBe('submitted');
    const progress = events.slice(1, 5).map(({ status }) => status);
    expect(progress.every((status) => status?.state === 'working')).toBe(true);
    expect(progress.map((status) => /\(\d\/4\)$/.exec(status?.message?.parts[0]?.text ?? '')?.[0])).toEqual([
      '(1/4)',
      '(2/4)',
      '(3/4)',
      '(4/4)',
    ]);
    expect(events[5]).toMatchObject({ lastChunk: true, artifact: { name: 'processing_result' } });
    expect(events[5]?.artifact?.parts[0]?.text).toContain('twelve apples');
    expect(events[6]?.status?.state).toBe('completed');
    expect(events.map(({ final }) => final)).toEqual([undefined, false, false, false, false, undefined, true]);
  });

  it('X25: shows the same task to GetTask afterwards, in both versions', async () => {
    const stream = await app
      .rpc()
      .stream('SendStreamingMessage', { message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'pears' }] } });
    const [first] = await stream.results<{ task: { id: string } }>();
    const id = first?.task.id;
    const v10 = await app
      .rpc()
      .result<{ status: { state: string }; artifacts: unknown[]; history: unknown[] }>('GetTask', { id });
    expect(v10.status.state).toBe('TASK_STATE_COMPLETED');
    expect(v10.artifacts).toHaveLength(1);
    expect(v10.history).toHaveLength(5);
    const v03 = await app.rpc(undefined, {}).result<TransportEvent>('tasks/get', { id });
    expect(v03).toMatchObject({ kind: 'task', id, status: { state: 'completed' } });
  });
});
