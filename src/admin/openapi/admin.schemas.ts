import { HEALTH_CHECKS } from '../health/health-checks.js';
import { anyObject, flag, list, object, ref, type Schema, text } from '../../openapi/schema.js';
import type {
  AdminAgent,
  AdminCallTrace,
  AdminChange,
  AdminDeliveryRow,
  AdminEventRow,
  AdminFigures,
  AdminOverview,
  AdminQuotas,
  AdminReplicaRow,
  AdminSession,
  AdminTask,
  AdminTaskRow,
  AdminTrace,
  AdminWebhookRow,
  DeliveryAttempt,
} from '../admin-api.types.js';

const number: Schema = { type: 'integer', minimum: 0 };
const time: Schema = { type: 'string', format: 'date-time' };
const state = ref('TaskState');

type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
/** A member that is required ends with `!`, as `object` expects it. */
type Members<T> = Record<
  Exclude<keyof T, Optional<T>> extends string ? `${Exclude<keyof T, Optional<T>>}!` : never,
  Schema
> &
  Record<Optional<T> extends string ? Optional<T> : never, Schema>;

/** The schema of a type: the compiler compares the names of its members, and which are required. */
const described = <T>(members: Members<T>): Schema => object(members as Record<string, Schema>);

const page = (row: string): Schema =>
  object({ 'rows!': list(ref(row)), next: text('For the next page; absent on the last.') });
const counts: Schema = { type: 'object', additionalProperties: { type: 'number' } };

const callTrace: Members<AdminCallTrace> = {
  'traceId!': text('W3C Trace Context: 32 hexadecimal digits.'),
  'sampled!': flag,
};

const eventRow: Members<AdminEventRow> = {
  'seq!': number,
  at: time,
  'kind!': { ...text(), enum: ['task', 'status', 'artifact'] },
  'fence!': number,
  'bytes!': number,
  trace: described<AdminCallTrace>(callTrace),
};

const taskRow: Members<AdminTaskRow> = {
  'id!': text(),
  'contextId!': text(),
  'agent!': text(),
  'owner!': text(),
  'tenant!': text(),
  'state!': state,
  'createdAt!': time,
  'statusAt!': time,
  'lastSeq!': number,
  'bytes!': number,
  'turn!': number,
  'attempt!': number,
  'crashes!': number,
  'failures!': number,
  'fence!': number,
  runOwner: text('The replica that runs it.'),
  notBefore: time,
  cancelRequestedAt: time,
  'webhooks!': number,
  'trimmedSeq!': number,
  reason: text(),
};

const figures: Members<AdminFigures> = {
  'open!': list(object({ 'agent!': text(), 'state!': state, 'count!': number })),
  'running!': number,
  'queued!': number,
  oldestQueuedAt: time,
  'lastHour!': list(
    object({
      'at!': time,
      'created!': number,
      'completed!': number,
      'failed!': number,
      'canceled!': number,
      'rejected!': number,
    }),
  ),
  firstEventMs: object({ 'p50!': { type: 'number' }, 'p95!': { type: 'number' } }),
  'deliveries!': object({ 'owed!': number, oldestDueAt: time, 'dead!': number }),
};

/** What the admin API answers. `Task`, `TaskState` and `StreamResponse` are those of protocol v1.0. */
export const adminSchemas: Readonly<Record<string, Schema>> = {
  AdminSession: described<AdminSession>({
    'readOnly!': flag,
    'agentsPath!': text(),
    'lab!': flag,
    traceUrl: text('Where a tracing UI shows a trace, with `{traceId}` in the place of its id.'),
  }),
  AdminOverview: described<AdminOverview>({
    ...figures,
    'at!': time,
    'version!': text(),
    'storage!': text(),
    'replica!': text(),
    'draining!': flag,
    'replicas!': list(ref('AdminReplicaRow')),
    'health!': list(object({ 'name!': { ...text(), enum: [...HEALTH_CHECKS] }, 'up!': flag, message: text() })),
  }),
  AdminTaskRow: described<AdminTaskRow>(taskRow),
  AdminTask: described<AdminTask>({
    ...taskRow,
    traces: list(described<AdminTrace>({ ...callTrace, 'turn!': number, 'seq!': number })),
  }),
  AdminEventJson: object({ ...eventRow, 'event!': ref('StreamResponse') }),
  AdminFrames: object({ ...eventRow, 'frames!': object({ '1.0!': ref('StreamResponse'), '0.3!': anyObject }) }),
  AdminReplicaRow: described<AdminReplicaRow>({
    'id!': text(),
    leaseMs: number,
    'ageMs!': { type: 'number' },
    'runs!': number,
  }),
  AdminWebhookRow: described<AdminWebhookRow>({
    'taskId!': text(),
    'configId!': text(),
    'agent!': text(),
    'owner!': text(),
    'tenant!': text(),
    'url!': text(),
    'protocolVersion!': text(),
    'createdAt!': time,
    'owed!': number,
    dueAt: time,
    'deadLetters!': number,
    disabledAt: time,
  }),
  AdminDeliveryRow: described<AdminDeliveryRow>({
    'id!': text(),
    'taskId!': text(),
    'configId!': text(),
    'seq!': number,
    'url!': text(),
    'attempts!': number,
    dueAt: time,
    deadAt: time,
    deadReason: text(),
    'attemptLog!': list(
      described<DeliveryAttempt>({ 'at!': time, status: number, error: text(), 'ms!': number, excerpt: text() }),
    ),
  }),
  AdminAgent: described<AdminAgent>({
    'id!': text(),
    'default!': flag,
    'cards!': object({ '1.0!': anyObject, '0.3!': anyObject }),
    'signed!': flag,
    'problems!': list(text()),
    'path!': text(),
    'replies!': { ...text(), enum: ['task', 'message', 'either'] },
    'resumable!': flag,
    'limits!': counts,
  }),
  AdminQuotas: described<AdminQuotas>({
    'limits!': counts,
    'execution!': counts,
    pushNotifications: counts,
    'owner!': counts,
    'tenant!': counts,
    'owners!': { type: 'object', additionalProperties: counts },
    'tenants!': { type: 'object', additionalProperties: counts },
    'retention!': { type: 'object', additionalProperties: { type: ['number', 'null'] } },
  }),
  AdminChange: described<AdminChange>({ 'taskId!': text(), 'seq!': number }),
  AdminDrain: object({ 'draining!': flag }),
  AdminKill: object({ 'killed!': flag }),
  AdminTaskList: page('AdminTaskRow'),
  AdminEventList: page('AdminEventJson'),
  AdminReplicaList: page('AdminReplicaRow'),
  AdminWebhookList: page('AdminWebhookRow'),
  AdminDeliveryList: page('AdminDeliveryRow'),
  AdminAgentList: page('AdminAgent'),
  AdminError: object({ 'error!': object({ 'code!': text(), 'message!': text() }) }),
};
