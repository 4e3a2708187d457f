import type { AdminWebhookRow } from '../../../../src/admin/admin-api.types.js';
import { useList } from '../../api/queries.js';
import { Loaded } from '../../components/states.js';
import { Deliveries } from '../webhooks/deliveries.js';
import { WebhookTable } from '../webhooks/webhook-table.js';

export function TaskWebhooks({ taskId }: { readonly taskId: string }) {
  const webhooks = useList<AdminWebhookRow>('webhooks', { taskId });
  return (
    <div className="stack">
      <div className="panel">
        <Loaded query={webhooks}>{({ rows }) => <WebhookTable rows={rows} />}</Loaded>
      </div>
      <Deliveries filter={{ taskId }} />
    </div>
  );
}
