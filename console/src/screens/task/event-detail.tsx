import { ActionIcon, Button } from '@mantine/core';
import { useFrames } from '../../api/queries.js';
import { Icon } from '../../components/icon.js';
import { JsonView } from '../../components/json-view.js';
import { TraceId } from '../../components/trace-id.js';
import { Empty, Loaded } from '../../components/states.js';
import { bytes } from '../../format/quantities.js';
import { clock } from '../../format/times.js';

interface EventDetailProps {
  readonly id: string;
  readonly seq: number | undefined;
  readonly onClose: () => void;
  readonly onShowAsOf: (seq: number) => void;
}

/** One event as clients of each protocol version get it. */
export function EventDetail({ id, seq, onClose, onShowAsOf }: EventDetailProps) {
  const query = useFrames(id, seq);
  if (seq === undefined) {
    return (
      <aside className="panel detail detail-empty">
        <Empty title="Select an event">Its frames in protocol v1.0 and v0.3 are shown here, side by side.</Empty>
      </aside>
    );
  }
  return (
    <aside className="panel detail" aria-label={`Event ${seq}`}>
      <header>
        <h2 className="grow cut">
          Event {seq}
          {query.data?.seq === seq && (
            <span className="dim num" style={{ fontWeight: 400 }}>
              {query.data.at ? ` · ${clock(query.data.at)}` : ''} · {bytes(query.data.bytes)} · fence {query.data.fence}
            </span>
          )}
        </h2>
        <Button variant="default" size="compact-xs" onClick={() => onShowAsOf(seq)}>
          Task as of here
        </Button>
        <ActionIcon aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </header>
      <Loaded query={query}>
        {({ frames, trace }) => (
          <>
            {trace && (
              <div className="row wrap detail-trace">
                <span className="dim">Trace of the call that sent the message</span>
                <TraceId trace={trace} />
              </div>
            )}
            <div className="frames">
              {(['1.0', '0.3'] as const).map((version) => (
                <section key={version}>
                  <h3>v{version}</h3>
                  <JsonView value={frames[version]} open={6} label={`The frame in v${version}`} />
                </section>
              ))}
            </div>
          </>
        )}
      </Loaded>
    </aside>
  );
}
