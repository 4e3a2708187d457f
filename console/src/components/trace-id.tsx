import type { AdminCallTrace } from '../../../src/admin/admin-api.types.js';
import { useSession } from '../api/queries.js';
import { Id } from './id.js';

/** A trace: its id to copy, which is a link where the operator has a tracing UI that knows it. */
export function TraceId({ trace: { traceId, sampled } }: { readonly trace: AdminCallTrace }) {
  const template = useSession().data?.traceUrl;
  const href = sampled ? template?.replaceAll('{traceId}', traceId) : undefined;
  return (
    <span className="row wrap">
      <Id id={traceId} href={href} label="Copy the trace id" />
      {!sampled && (
        <span className="dim" title="This server recorded no spans of it.">
          not sampled
        </span>
      )}
    </span>
  );
}
