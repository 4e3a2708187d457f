import { Fragment, memo, useEffect, useRef } from 'react';
import type { CallView, Received } from '../../a2a/conversation-call.js';
import { summaryOf } from '../../a2a/parts.js';
import { Icon } from '../../components/icon.js';
import { duration } from '../../format/quantities.js';
import { type State, stateLabel, stateTone } from '../../format/states.js';

/** Rows that are drawn: the newest ones. */
const SHOWN = 300;

/** Each event with its number and the connection that brought it: after a cut the numbers go on without a gap. */
export function ReceivedList({ view: { received, phase, lastSeq, connections } }: { readonly view: CallView }) {
  const end = useRef<HTMLDivElement>(null);
  const shown = received.slice(-SHOWN);
  useEffect(() => {
    const box = end.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [received.length, phase]);
  return (
    <>
      <Strip received={received} />
      <div className="received" ref={end} tabIndex={0} role="log" aria-label="Events of the stream">
        {received.length > SHOWN && (
          <p className="dim received-more">{received.length - SHOWN} earlier events are not shown.</p>
        )}
        {shown.map((item, index) => (
          <Fragment key={item.n}>
            {isResumed(shown[index - 1], item) && (
              <div className="resumed">
                Connection {item.connection}: resumed with Last-Event-ID {shown[index - 1]?.seq ?? 'none'}
              </div>
            )}
            <Row item={item} />
          </Fragment>
        ))}
        {phase === 'cut' && (
          <div className="resumed cut-line">
            <Icon name="cut" size={14} /> Connection {connections} is cut after event {lastSeq ?? 'none'}. Resuming …
          </div>
        )}
      </div>
    </>
  );
}

const isResumed = (before: Received | undefined, item: Received): boolean =>
  before !== undefined && before.connection !== item.connection;

const Row = memo(function Row({ item: { seq, afterMs, event } }: { readonly item: Received }) {
  const state = (
    'statusUpdate' in event ? event.statusUpdate.status.state : 'task' in event ? event.task.status.state : undefined
  ) as State | undefined;
  return (
    <div className="received-row">
      <span className="event-seq num">{seq ?? '–'}</span>
      <span className="dim num received-time">{duration(afterMs)}</span>
      {state ? (
        <span className={`badge ${stateTone(state)} plain`}>
          {'task' in event ? `Task: ${stateLabel(state)}` : stateLabel(state)}
        </span>
      ) : (
        <span className="badge plain">{'message' in event ? 'Message' : 'Artifact'}</span>
      )}
      <span className="cut grow">{summaryOf(event)}</span>
    </div>
  );
});

/** One square an event, colored by its connection. */
function Strip({ received }: { readonly received: readonly Received[] }) {
  const numbered = received.filter(({ seq }) => seq !== undefined).slice(-120);
  if (numbered.length === 0) return null;
  return (
    <div className="strip" aria-hidden="true">
      {numbered.map(({ n, seq, connection }) => (
        <i key={n} className={`c${connection % 4}`} title={`Event ${seq}, connection ${connection}`}>
          {seq}
        </i>
      ))}
    </div>
  );
}
