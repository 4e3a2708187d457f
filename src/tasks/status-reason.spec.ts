import { describe, expect, it } from '@jest/globals';
import type { Part, TaskState } from '../protocol/model/index.js';
import { REASON_LENGTH, statusReason } from './status-reason.js';

const reasonOf = (state: TaskState, ...parts: Part[]): string | undefined =>
  statusReason({ state, message: { messageId: 'm', role: 'ROLE_AGENT', parts } });

describe('the reason in the row of a task', () => {
  it('is the text of the status message, part by part, without other parts', () => {
    const parts: Part[] = [{ text: 'quota' }, { data: { limit: 3 } }, { text: 'exceeded' }];
    expect(reasonOf('TASK_STATE_FAILED', ...parts)).toBe('quota\nexceeded');
    expect(reasonOf('TASK_STATE_INPUT_REQUIRED', { text: 'Which city?' })).toBe('Which city?');
  });

  it('is absent while the task works, and without a text', () => {
    expect(reasonOf('TASK_STATE_WORKING', { text: 'step 1' })).toBeUndefined();
    expect(reasonOf('TASK_STATE_SUBMITTED', { text: 'soon' })).toBeUndefined();
    expect(reasonOf('TASK_STATE_FAILED', { data: 1 })).toBeUndefined();
    expect(statusReason({ state: 'TASK_STATE_FAILED' })).toBeUndefined();
  });

  it('is cut to its length, never inside a character, and holds nothing that a storage refuses', () => {
    expect(reasonOf('TASK_STATE_FAILED', { text: 'x'.repeat(10_000) }, { text: 'y' })).toBe('x'.repeat(REASON_LENGTH));
    expect(reasonOf('TASK_STATE_FAILED', { text: `${'x'.repeat(REASON_LENGTH - 1)}😀` })).toHaveLength(
      REASON_LENGTH - 1,
    );
    expect(reasonOf('TASK_STATE_FAILED', { text: 'a\0b\ud800c' })).toBe('a\ufffdb\ufffdc');
  });
});
