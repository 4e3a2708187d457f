import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentsAgent } from '../examples/documents/documents.agent.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { V10, textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';

const ADDRESSES = 'name,age,city\nAnn,41,Oslo\n"Bo, Jr.",7,\nCyd,,Rome\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

type V03Task = {
  id: string;
  status: { state: string };
  artifacts: { name: string; parts: { kind: string; text?: string; data?: object }[] }[];
};

describe('the document agent over HTTP', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ storage: 'postgres', agents: [DocumentsAgent] });
  });
  afterAll(() => app.close());

  it('describes an uploaded CSV file: column types, missing values, figures', async () => {
    const message = {
      ...textMessage(''),
      parts: [{ raw: base64(ADDRESSES), filename: 'addresses.csv', mediaType: 'text/csv' }],
    };
    const stream = await app.rpc('documents').stream('SendStreamingMessage', { message });
    const events = await stream.results<StreamResponse>();
    const chunks = events.flatMap((event) => ('artifactUpdate' in event ? [event.artifactUpdate] : []));
    expect(chunks.filter(({ append }) => append).length).toBeGreaterThan(1);
    const { id } = (events[0] as { task: Task }).task;
    const task = await app.rpc('documents').result<Task>('GetTask', { id });
    const [report, figures] = task.artifacts ?? [];
    const markdown = report?.parts.map((part) => ('text' in part ? part.text : '')).join('') ?? '';
    expect(markdown).toContain('addresses.csv');
    expect(markdown).toMatch(/age.*number/);
    expect(JSON.stringify(figures?.parts)).toContain('"mean":24');
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('asks when it gets no document, and goes on with the answer; a v0.3 client sees the same', async () => {
    const v03 = app.rpc('documents', {});
    const part = (fields: object) => ({ kind: 'message', messageId: crypto.randomUUID(), role: 'user', ...fields });
    const asked = await v03.result<V03Task>('message/send', {
      message: part({ parts: [{ kind: 'text', text: ' ' }] }),
    });
    expect(asked.status.state).toBe('input-required');
    const file = {
      bytes: base64('# Title\n\nThe cat sat on the mat. The mat was red.\n'),
      mimeType: 'text/markdown',
      name: 'cat.md',
    };
    const done = await v03.result<V03Task>('message/send', {
      message: part({ taskId: asked.id, parts: [{ kind: 'file', file }] }),
    });
    expect(done.id).toBe(asked.id);
    expect(done.status.state).toBe('completed');
    const markdown = done.artifacts[0]?.parts.map(({ text }) => text).join('');
    expect(markdown).toContain('cat.md');
    expect(done.artifacts[1]?.parts[0]?.kind).toBe('data');
  });

  it('refuses a media type that it does not take', async () => {
    const message = { ...textMessage(''), parts: [{ raw: 'AAAA', mediaType: 'image/png' }] };
    const { error } = await app.rpc('documents').call('SendMessage', { message }, V10);
    expect(error?.code).toBe(-32005);
  });
});
