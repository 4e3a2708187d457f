import { describe, expect, it } from '@jest/globals';
import type { Message, Part, Task } from '../model/index.js';
import { v03Codec } from './v0-3.codec.js';

const userMessage = (...parts: Part[]): Message => ({ messageId: 'm', role: 'ROLE_USER', parts });
const encodedParts = (...parts: Part[]): unknown =>
  (v03Codec.encode.Message(userMessage(...parts)) as { parts: unknown }).parts;

describe('v0.3 encoding', () => {
  it('writes a task with kind and short state', () => {
    const original: Task = {
      id: 't',
      contextId: 'c',
      status: {
        state: 'TASK_STATE_INPUT_REQUIRED',
        message: userMessage({ text: 'name?' }),
        timestamp: '2026-01-02T03:04:05.000Z',
      },
      history: [userMessage({ text: 'hi' })],
      artifacts: [{ artifactId: 'a', parts: [{ raw: 'QUJD', filename: 'x.bin', mediaType: 'application/x' }] }],
    };
    expect(v03Codec.encode.Task(original)).toStrictEqual({
      kind: 'task',
      id: 't',
      contextId: 'c',
      status: {
        state: 'input-required',
        message: { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'name?' }] },
        timestamp: '2026-01-02T03:04:05.000Z',
      },
      history: [{ kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] }],
      artifacts: [
        {
          artifactId: 'a',
          parts: [{ kind: 'file', file: { bytes: 'QUJD', name: 'x.bin', mimeType: 'application/x' } }],
        },
      ],
    });
  });

  it('E13: says on a status update whether it ends the stream', () => {
    const response = {
      statusUpdate: { taskId: 't', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' as const } },
    };
    const expected = { kind: 'status-update', taskId: 't', contextId: 'c', status: { state: 'completed' } };
    expect(v03Codec.encode.StreamResponse(response, true)).toStrictEqual({ ...expected, final: true });
    expect(v03Codec.encode.StreamResponse(response, false)).toStrictEqual({ ...expected, final: false });
  });

  it('writes an artifact update without a final', () => {
    const artifact = { artifactId: 'a', parts: [{ url: 'https://x.example/f' }] };
    const response = { artifactUpdate: { taskId: 't', contextId: 'c', artifact, append: true, lastChunk: false } };
    expect(v03Codec.encode.StreamResponse(response, true)).toStrictEqual({
      kind: 'artifact-update',
      taskId: 't',
      contextId: 'c',
      artifact: { artifactId: 'a', parts: [{ kind: 'file', file: { uri: 'https://x.example/f' } }] },
      append: true,
      lastChunk: false,
    });
  });

  it('answers a send with the bare task or message', () => {
    const status = { state: 'TASK_STATE_WORKING' as const };
    expect(v03Codec.encode.SendMessageResponse({ task: { id: 't', contextId: 'c', status } })).toMatchObject({
      kind: 'task',
      id: 't',
    });
    expect(v03Codec.encode.SendMessageResponse({ message: userMessage({ text: '' }) })).toMatchObject({
      kind: 'message',
    });
  });

  it('lists tasks in their v0.3 form', () => {
    const tasks: Task[] = [{ id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } }];
    expect(v03Codec.encode.ListTasksResponse({ tasks, nextPageToken: '', pageSize: 1, totalSize: 1 })).toEqual({
      tasks: [{ kind: 'task', id: 't', contextId: 'c', status: { state: 'working' } }],
      nextPageToken: '',
      pageSize: 1,
      totalSize: 1,
    });
  });

  it('X19: wraps data that is no object, and says so', () => {
    expect(encodedParts({ data: [1] }, { data: null }, { data: { a: 1 } })).toStrictEqual([
      { kind: 'data', data: { value: [1] }, metadata: { data_part_compat: true } },
      { kind: 'data', data: { value: null }, metadata: { data_part_compat: true } },
      { kind: 'data', data: { a: 1 } },
    ]);
  });

  it('X20: keeps filename and media type of text and data parts in their metadata', () => {
    expect(
      encodedParts({ text: 'x', filename: 'f', metadata: { own: 1 } }, { data: 5, mediaType: 'm/t' }),
    ).toStrictEqual([
      { kind: 'text', text: 'x', metadata: { own: 1, a2a_v1_part: { filename: 'f' } } },
      { kind: 'data', data: { value: 5 }, metadata: { data_part_compat: true, a2a_v1_part: { mediaType: 'm/t' } } },
    ]);
  });

  it('shares metadata and data, and copies neither', () => {
    const metadata = { a: 1 };
    const data = { b: 2 };
    const encoded = v03Codec.encode.Message({ ...userMessage({ data, metadata }), metadata }) as {
      metadata: unknown;
      parts: { data: unknown; metadata: unknown }[];
    };
    expect(encoded.metadata).toBe(metadata);
    expect(encoded.parts[0]?.data).toBe(data);
    expect(encoded.parts[0]?.metadata).toBe(metadata);
  });

  it.each([
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.123456', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123456Z'],
    ['2026-13-45T03:04:05', '2026-13-45T03:04:05'],
    ['yesterday', 'yesterday'],
    ['5', '5'],
  ])('writes the timestamp %s as %s: in UTC with Z if it is one', (timestamp, expected) => {
    const encoded = v03Codec.encode.Task({
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_WORKING', timestamp },
    });
    expect(encoded).toMatchObject({ status: { timestamp: expected } });
  });
});
