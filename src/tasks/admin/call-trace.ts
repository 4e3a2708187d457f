import { parseTraceparent } from '../../common/tracing/traceparent.js';
import type { TurnRequest } from '../turn-request.js';
import type { AdminCallTrace, AdminTask, AdminTaskRow, AdminTrace } from './admin-rows.js';

/** What a storage keeps beside an event that begins a turn: JSON text of a `TurnRequest`. */
type StoredRequest = string | null | undefined;

const SAMPLED = 1;

/** For `AdminEventRow`. */
export function callTrace(stored: StoredRequest): { readonly trace?: AdminCallTrace } {
  const found = readTrace(stored);
  return found ? { trace: { traceId: found.traceId, sampled: found.sampled } } : {};
}

/** The row of a task with the traces of its first and its present turn. `begun`: the events that began them, or one for both. */
export function withTraces(
  row: AdminTaskRow,
  begun: readonly { readonly seq: number; readonly request: StoredRequest }[],
): AdminTask {
  const traces = begun.flatMap(({ seq, request }): AdminTrace[] => {
    const found = readTrace(request);
    return found && seq > row.trimmedSeq
      ? [{ turn: found.turn, seq, traceId: found.traceId, sampled: found.sampled }]
      : [];
  });
  return traces.length > 0 ? { ...row, traces } : row;
}

function readTrace(stored: StoredRequest): (AdminCallTrace & { readonly turn: number }) | undefined {
  // Most requests have none: they are not parsed.
  if (!stored?.includes('"traceparent"')) return undefined;
  const { turn = 1, call } = JSON.parse(stored) as Partial<TurnRequest>;
  const parent = parseTraceparent(call?.trace?.traceparent);
  return parent && { turn, traceId: parent.traceId, sampled: (parent.flags & SAMPLED) === SAMPLED };
}
