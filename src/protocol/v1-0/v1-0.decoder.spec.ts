import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileJson, streamResponse, task } from '../../testing/arbitraries/index.js';
import { MESSAGES } from '../messages/messages.js';
import { v10Decoder } from './v1-0.decoder.js';

const decodeEvent = v10Decoder.of(MESSAGES.StreamResponse);
const listTasksResponse = v10Decoder.of(MESSAGES.ListTasksResponse);

describe('the answers of a v1.0 server', () => {
  it('are taken as they are when they are in canonical form', () => {
    fc.assert(
      fc.property(streamResponse(), fc.array(task(), { maxLength: 2 }), (event, tasks) => {
        expect(decodeEvent(event)).toEqual(event);
        const list = { tasks, nextPageToken: '', pageSize: 50, totalSize: tasks.length };
        expect(listTasksResponse(list)).toEqual(list);
      }),
      { numRuns: 100 },
    );
  });

  it('may have the proto names of fields, numbers for enums and null for unset', () => {
    const update = {
      status_update: {
        task_id: 't',
        contextId: 'c',
        status: { state: 2, message: { message_id: 'm', role: 2, parts: [{ text: '' }], taskId: null } },
        metadata: null,
      },
    };
    expect(decodeEvent(update)).toEqual({
      statusUpdate: {
        taskId: 't',
        contextId: 'c',
        status: { state: 'TASK_STATE_WORKING', message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: '' }] } },
      },
    });
    expect(listTasksResponse({ page_size: '5', total_size: 1e2 })).toEqual({ pageSize: 5, totalSize: 100 });
  });

  it('never make it throw', () => {
    fc.assert(
      fc.property(hostileJson(), (value) => {
        for (const message of Object.values(MESSAGES)) v10Decoder.of(message)(value);
      }),
      { numRuns: 200 },
    );
  });
});
