import { describe, expect, it } from '@jest/globals';
import type { TraceCarrier } from '../../../common/tracing/tracing.interface.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import { type TurnRequest, turnRequest } from '../../../tasks/turn-request.js';
import { begin, caller, chunk, status, userMessage } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

const SPAN = '00f067aa0ba902b7';
const idOf = (digit: string): string => digit.repeat(32);

/** A request of the trace with this digit. Its texts have characters of one, two, three and four bytes. */
const request = (turn: number, digit: string, flags = '01'): TurnRequest => {
  const trace: TraceCarrier = { traceparent: `00-${idOf(digit)}-${SPAN}-${flags}` };
  return turnRequest(turn, {
    metadata: { note: 'ä€𝄞 "traceparent"' },
    call: { protocolVersion: '1.0', requestedExtensions: [], trace },
  });
};

const followUp = (kept?: TurnRequest): ReturnType<typeof status> =>
  status('TASK_STATE_WORKING', { inbound: userMessage('ä€𝄞'), ...(kept && { request: kept }) });

export function traces(subject: Subject<OperatorStores>): void {
  describe('traces', () => {
    it('of a task are those of its first and its present turn, and each event that begins a turn has its own', async () => {
      const { admin } = subject();
      const writer = await begin(subject(), caller(), { request: request(1, 'a') });
      const { taskId } = writer.run;
      const first = { turn: 1, seq: 1, traceId: idOf('a'), sampled: true };
      expect((await admin.task(taskId))?.traces).toEqual([first]);
      await writer.write(
        chunk('€'),
        followUp(request(2, 'b')),
        chunk('€'),
        followUp(request(3, 'c', '00')),
        chunk('€'),
      );
      expect((await admin.task(taskId))?.traces).toEqual([
        first,
        { turn: 3, seq: 5, traceId: idOf('c'), sampled: false },
      ]);
      const events = (await admin.events(taskId, 0)) ?? [];
      expect(events.map(({ trace }) => trace)).toEqual([
        { traceId: idOf('a'), sampled: true },
        undefined,
        { traceId: idOf('b'), sampled: true },
        undefined,
        { traceId: idOf('c'), sampled: false },
        undefined,
      ]);
    });

    it('are absent where a call has none, and when retention has deleted the events', async () => {
      const { admin, tasks } = subject();
      const untraced = await begin(subject(), caller());
      await untraced.write(followUp());
      expect(await admin.task(untraced.run.taskId)).not.toHaveProperty('traces');
      await untraced.write(followUp(request(3, 'd')));
      expect((await admin.task(untraced.run.taskId))?.traces).toEqual([
        { turn: 3, seq: 3, traceId: idOf('d'), sampled: true },
      ]);
      await untraced.write(status('TASK_STATE_COMPLETED'));
      await tasks.trim(untraced.run.taskId, 3);
      expect(await admin.task(untraced.run.taskId)).not.toHaveProperty('traces');
    });

    it('are not in lists', async () => {
      const { admin } = subject();
      const context = caller();
      await begin(subject(), context, { request: request(1, 'e') });
      const { rows } = await admin.tasks({ owner: context.owner });
      expect(rows).toHaveLength(1);
      expect(rows[0]).not.toHaveProperty('traces');
    });
  });
}
