import { describe, expect, it } from '@jest/globals';
import type { OutboxEntry } from '../tasks/outbox.interface.js';
import type { RunStore } from '../tasks/run-store.interface.js';
import type { TaskStore } from '../tasks/task-store.interface.js';
import { TurnTraces } from './turn-traces.js';

const traceOf = (turn: number) => ({ traceparent: `00-${String(turn).padStart(32, '0')}-00f067aa0ba902b7-01` });
const entryOf = (seq: number, fields: { taskId?: string; inbound?: string } = {}) =>
  ({
    event: { taskId: 't', seq, ...fields },
    scope: { owner: 'alice', tenant: '', agent: 'shop' },
  }) as unknown as OutboxEntry;

/** The storage of a task that is in turn `turn`. */
function setUp({ traced = true } = {}) {
  const state = { turn: 1, reads: 0, away: false, fenced: false };
  const tasks = {
    head: async () => {
      state.reads++;
      if (state.away) throw new Error('away');
      return {};
    },
  } as unknown as Pick<TaskStore, 'head'>;
  const runs = {
    startedTurn: async () => (state.fenced ? undefined : { call: traced ? { trace: traceOf(state.turn) } : {} }),
  } as unknown as Pick<RunStore, 'startedTurn'>;
  return { state, traces: new TurnTraces(tasks, runs) };
}

describe('the trace of a notification', () => {
  it('is read once for a turn', async () => {
    const { state, traces } = setUp();
    for (const seq of [1, 2, 3]) expect(await traces.of(entryOf(seq))).toEqual(traceOf(1));
    expect(state.reads).toBe(1);
  });

  it('is that of the next message when its turn begins', async () => {
    const { state, traces } = setUp();
    await traces.of(entryOf(1));
    state.turn = 2;
    expect(await traces.of(entryOf(2))).toEqual(traceOf(1));
    expect(await traces.of(entryOf(3, { inbound: '{}' }))).toEqual(traceOf(2));
    expect(await traces.of(entryOf(4))).toEqual(traceOf(2));
  });

  it('is remembered to be none', async () => {
    const { state, traces } = setUp({ traced: false });
    expect(await traces.of(entryOf(1))).toBeUndefined();
    expect(await traces.of(entryOf(2))).toBeUndefined();
    expect(state.reads).toBe(1);
  });

  it('is left out, and asked for again, when the storage does not answer or the run has changed hands', async () => {
    const { state, traces } = setUp();
    state.away = true;
    expect(await traces.of(entryOf(1))).toBeUndefined();
    state.away = false;
    state.fenced = true;
    expect(await traces.of(entryOf(2))).toBeUndefined();
    state.fenced = false;
    expect(await traces.of(entryOf(3))).toEqual(traceOf(1));
  });

  it('is remembered for a bounded number of tasks', async () => {
    const { state, traces } = setUp();
    for (let i = 0; i <= 1_000; i++) await traces.of(entryOf(2, { taskId: `t-${i}` }));
    await traces.of(entryOf(3, { taskId: 't-1000' }));
    expect(state.reads).toBe(1_001);
    await traces.of(entryOf(3, { taskId: 't-0' }));
    expect(state.reads).toBe(1_002);
  });
});
