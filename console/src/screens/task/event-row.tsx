import { memo } from 'react';
import { isFollowUp, summaryOf } from '../../a2a/parts.js';
import { bytes, duration } from '../../format/quantities.js';
import { type State, stateLabel, stateTone } from '../../format/states.js';
import { clock, dateTime } from '../../format/times.js';
import type { TimelineEvent } from './use-events.js';

interface EventRowProps {
  readonly seq: number;
  readonly top: number;
  readonly event: TimelineEvent | undefined;
  /** The event before it: the gap and a change of the fence are seen against it. */
  readonly before: TimelineEvent | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

export const EventRow = memo(
  function EventRow({ seq, top, event, before, selected, onSelect }: EventRowProps) {
    return (
      <div
        id={`event-${seq}`}
        role="option"
        aria-selected={selected}
        className="event"
        style={{ transform: `translateY(${top}px)` }}
        onClick={onSelect}
      >
        <span className="event-seq num">{seq}</span>
        {event ? <Shown event={event} before={before} /> : <span className="dim">…</span>}
      </div>
    );
  },
  (a, b) => a.event === b.event && a.before === b.before && a.selected === b.selected && a.top === b.top,
);

function Shown({ event, before }: { readonly event: TimelineEvent; readonly before: TimelineEvent | undefined }) {
  const gap = event.at && before?.at ? Date.parse(event.at) - Date.parse(before.at) : undefined;
  const [label, tone] = kindOf(event);
  return (
    <>
      <time className="event-time num" dateTime={event.at} title={event.at && dateTime(event.at)}>
        {event.at ? clock(event.at) : '–'}
      </time>
      <Gap ms={gap} />
      <span className={`badge ${tone}`}>{label}</span>
      {before && before.fence !== event.fence && (
        <span className="badge bad plain" title={`Another run writes: fence ${before.fence} → ${event.fence}`}>
          fence {before.fence} → {event.fence}
        </span>
      )}
      <span className="cut grow">{summaryOf(event.event)}</span>
      <span className="dim num event-bytes">{bytes(event.bytes)}</span>
    </>
  );
}

/** The longer the gap, the longer the bar: logarithmic from 1 ms to 100 s. */
function Gap({ ms }: { readonly ms: number | undefined }) {
  if (ms === undefined) return <span className="event-gap" />;
  const part = Math.min(1, Math.log10(Math.max(1, ms)) / 5);
  return (
    <span className="event-gap num" title={`${duration(ms)} after the event before`}>
      <i style={{ width: `${part * 100}%` }} className={ms > 10_000 ? 'long' : ''} />
      <span>+{duration(ms)}</span>
    </span>
  );
}

function kindOf({ event, kind }: TimelineEvent): readonly [string, string] {
  if ('task' in event) return ['Created', stateTone(event.task.status.state)];
  if (isFollowUp(event)) return ['Follow-up', 'waiting'];
  if ('statusUpdate' in event) {
    const state = event.statusUpdate.status.state as State;
    return [stateLabel(state), stateTone(state)];
  }
  if ('artifactUpdate' in event) return [event.artifactUpdate.append ? 'Chunk' : 'Artifact', 'plain'];
  return [kind, 'plain'];
}
