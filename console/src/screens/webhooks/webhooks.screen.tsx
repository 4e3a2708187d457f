import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { AdminWebhookRow } from '../../../../src/admin/admin-api.types.js';
import { useList, useOverview } from '../../api/queries.js';
import { Loaded } from '../../components/states.js';
import { count } from '../../format/quantities.js';
import { usePatchQuery, useRoute } from '../../routing/use-route.js';
import { Deliveries } from './deliveries.js';
import { WebhookTable } from './webhook-table.js';

const VIEWS = ['owed', 'dead', 'webhooks', 'disabled'] as const;

/** What is owed to whom, what did the receiver say, and when is the next attempt? */
export function WebhooksScreen() {
  const { query } = useRoute();
  const patch = usePatchQuery();
  const overview = useOverview();
  const view = VIEWS.find((name) => name === query.view) ?? 'owed';
  const figures = overview.data?.deliveries;
  return (
    <div className="screen">
      <div className="head">
        <h1 className="grow">Webhooks</h1>
        <SegmentedControl
          aria-label="What is shown"
          value={view}
          onChange={(value) => patch({ view: value })}
          data={[
            { value: 'owed', label: `Owed${figures ? ` ${count(figures.owed, 100_000)}` : ''}` },
            { value: 'dead', label: `Dead letters${figures ? ` ${count(figures.dead, 100_000)}` : ''}` },
            { value: 'webhooks', label: 'All webhooks' },
            { value: 'disabled', label: 'Disabled' },
          ]}
        />
      </div>
      {view === 'owed' || view === 'dead' ? (
        <Deliveries key={view} filter={{ state: view }} />
      ) : (
        <Webhooks key={view} view={view} />
      )}
    </div>
  );
}

function Webhooks({ view }: { readonly view: 'webhooks' | 'disabled' }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const list = useList<AdminWebhookRow>('webhooks', { disabled: view === 'disabled' ? 'true' : undefined, cursor });
  return (
    <>
      <div className="panel">
        <Loaded query={list}>{({ rows }) => <WebhookTable rows={rows} />}</Loaded>
      </div>
      <Pages cursors={cursors} next={list.data?.next} onChange={setCursors} />
    </>
  );
}

interface PagesProps {
  readonly cursors: readonly string[];
  readonly next: string | undefined;
  readonly onChange: (cursors: readonly string[]) => void;
}

/** Pages of a short list: cursors go forward only, so those that led here are kept. */
export function Pages({ cursors, next, onChange }: PagesProps) {
  if (cursors.length === 0 && next === undefined) return null;
  return (
    <div className="row">
      <Button variant="default" disabled={cursors.length === 0} onClick={() => onChange(cursors.slice(0, -1))}>
        Newer
      </Button>
      <Button
        variant="default"
        disabled={next === undefined}
        onClick={() => next !== undefined && onChange([...cursors, next])}
      >
        Older
      </Button>
    </div>
  );
}
