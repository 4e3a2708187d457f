import type { AdminTaskRow } from '../../../src/admin/admin-api.types.js';
import { TASK_STATES } from '../../../src/protocol/state/task-state.js';

export { isInterrupted, isTerminal, TASK_STATES } from '../../../src/protocol/state/task-state.js';

export type State = AdminTaskRow['state'];
export type Tone = 'neutral' | 'active' | 'waiting' | 'good' | 'bad' | 'muted';

const LOOK: Readonly<Record<State, readonly [label: string, tone: Tone]>> = {
  TASK_STATE_SUBMITTED: ['Submitted', 'neutral'],
  TASK_STATE_WORKING: ['Working', 'active'],
  TASK_STATE_INPUT_REQUIRED: ['Input required', 'waiting'],
  TASK_STATE_AUTH_REQUIRED: ['Auth required', 'waiting'],
  TASK_STATE_COMPLETED: ['Completed', 'good'],
  TASK_STATE_FAILED: ['Failed', 'bad'],
  TASK_STATE_CANCELED: ['Canceled', 'muted'],
  TASK_STATE_REJECTED: ['Rejected', 'bad'],
};

export const stateLabel = (state: State): string => LOOK[state]?.[0] ?? state;
export const stateTone = (state: State): Tone => LOOK[state]?.[1] ?? 'neutral';

/** 'failed' for TASK_STATE_FAILED: what stands in addresses. */
export const shortState = (state: State): string => state.slice('TASK_STATE_'.length).toLowerCase();

export const stateOf = (short: string): State | undefined => TASK_STATES.find((state) => shortState(state) === short);
