import { describe, expect, it } from '@jest/globals';
import { V03, V10 } from '../../protocol/protobuf/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import { CommittedEvent } from '../../tasks/committed-event.js';
import { EVENT_BODIES } from './event-bodies.js';
import { TaskDocument } from '../../tasks/task-document.js';

const status = { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-02T03:04:05.000Z' };
const event = new CommittedEvent('t', 'c', 3, 'status', JSON.stringify({ status }), 'TASK_STATE_COMPLETED');
const item = (final: boolean): StreamItem => ({ type: 'event', event, seq: 3, final });

describe('the messages of gRPC streams', () => {
  it('are made once for all readers of a version; v0.3 has another one for the reader whose stream ends with it', () => {
    const { '1.0': v10, '0.3': v03 } = EVENT_BODIES;
    expect(v10.of(item(false))).toBe(v10.of(item(true)));
    expect(v03.of(item(true))).toBe(v03.of(item(true)));
    expect(v03.of(item(false))).not.toBe(v03.of(item(true)));
    expect(v10.of(item(true))).not.toBe(v03.of(item(true)));
  });

  it('hold the event in the form of the version', () => {
    const update = { taskId: 't', contextId: 'c', status };
    expect(V10.StreamResponse.decode(EVENT_BODIES['1.0'].of(item(true)))).toEqual({ statusUpdate: update });
    expect(V03.StreamResponse.decode(EVENT_BODIES['0.3'].of(item(true)))).toEqual({
      statusUpdate: { ...update, final: true },
    });
  });

  it('hold snapshots and messages too', () => {
    const task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' as const } };
    const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'hi' }] };
    const { '1.0': v10, '0.3': v03 } = EVENT_BODIES;
    const snapshot: StreamItem = { type: 'snapshot', document: TaskDocument.of(task), seq: 2, final: false };
    expect(V10.StreamResponse.decode(v10.of(snapshot))).toEqual({ task });
    expect(V10.StreamResponse.decode(v10.of({ type: 'message', message, final: true }))).toEqual({ message });
    const { parts, ...rest } = message;
    expect(V03.StreamResponse.decode(v03.of({ type: 'message', message, final: true }))).toEqual({
      message: { ...rest, content: parts },
    });
  });
});
