import type {
  AdminDeliveryRow,
  AdminEventJson,
  AdminOverview,
  AdminReplicaRow,
  AdminTaskRow,
  AdminWebhookRow,
} from '../../src/admin/admin-api.types.js';

/** Generated data, the same at each start: a large storage without one. */
export const TASKS = 1_000_000;
const LONG_TASK = 2;
const LONG_EVENTS = 10_000;

const STATES = [
  'COMPLETED',
  'COMPLETED',
  'COMPLETED',
  'FAILED',
  'WORKING',
  'INPUT_REQUIRED',
  'CANCELED',
  'SUBMITTED',
  'COMPLETED',
  'REJECTED',
] as const;
const AGENTS = ['progress', 'documents', 'relay', 'an-agent-with-quite-a-long-identifier-for-a-table'];
const OWNERS = ['alice@example.com', 'bob@example.com', 'anonymous', 'svc-billing-reconciliation@eu-west.example.com'];
const REASONS = [
  'The model answered with an error: context length exceeded',
  'Deadline of 30 min exceeded',
  'upstream returned 503 three times in a row; the last answer was: {"error":"overloaded"}',
];

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
export const idOf = (index: number): string =>
  `0198c0de-${hex(index >> 16, 4)}-7${hex(index & 0xfff, 3)}-8000-${hex((index * 2_654_435_761) % 2 ** 32, 12)}`;
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const begin = Date.now();
const ago = (ms: number): string => new Date(begin - ms).toISOString();

export function taskAt(index: number): AdminTaskRow {
  const state = `TASK_STATE_${pick(STATES, (index * 7) % 31)}` as const;
  const age = index * 9_000 + (index % 7) * 811 + 2_000;
  const failed = state === 'TASK_STATE_FAILED' || state === 'TASK_STATE_REJECTED';
  const lastSeq = index === LONG_TASK ? LONG_EVENTS : 7 + (index % 5);
  return {
    id: idOf(index),
    contextId: idOf(index + 5_000_000),
    agent: pick(AGENTS, index * 3 + (index >> 2)),
    owner: pick(OWNERS, index + (index >> 3)),
    tenant: index % 6 === 0 ? 'eu' : '',
    state,
    createdAt: ago(age),
    statusAt: ago(age - 1_300 - (index % 40) * 50),
    lastSeq,
    bytes: lastSeq * 412,
    turn: 1 + (index % 9 === 0 ? 1 : 0),
    attempt: index % 11 === 0 ? 2 : 1,
    crashes: index % 11 === 0 ? 1 : 0,
    failures: index % 17 === 0 ? 2 : 0,
    fence: index % 11 === 0 ? 2 : 1,
    ...(state === 'TASK_STATE_WORKING' ? { runOwner: pick(REPLICAS, index).id } : {}),
    ...(state === 'TASK_STATE_SUBMITTED' ? { notBefore: ago(4_000) } : {}),
    webhooks: index % 8 === 0 ? 1 : 0,
    trimmedSeq: 0,
    ...(failed
      ? { reason: pick(REASONS, index) }
      : state === 'TASK_STATE_INPUT_REQUIRED'
        ? { reason: 'Which city do you mean?' }
        : {}),
  };
}

const REPLICAS = [
  { id: 'replica-0198c0de-1111', leaseMs: 8_000, ageMs: 900, runs: 3 },
  { id: 'replica-0198c0de-2222', leaseMs: 8_000, ageMs: 5_900, runs: 12 },
  { id: 'replica-0198c0de-3333', leaseMs: 8_000, ageMs: 12_400, runs: 2 },
] satisfies AdminReplicaRow[];

export const replicas = (): AdminReplicaRow[] => REPLICAS;

export function eventAt(index: number, seq: number): AdminEventJson {
  const task = taskAt(index);
  const { id: taskId, contextId, lastSeq } = task;
  const at = new Date(Date.parse(task.createdAt) + ((seq * 37) % 150) + seq * 160).toISOString();
  const base = { seq, at, fence: seq > lastSeq / 2 ? task.fence : 1, bytes: 200 + ((seq * 97) % 700) };
  const status = (state: string, text: string) => ({
    statusUpdate: {
      taskId,
      contextId,
      status: { state, timestamp: at, message: { messageId: `m-${seq}`, role: 'ROLE_AGENT', parts: [{ text }] } },
    },
  });
  if (seq === 1) return { ...base, kind: 'task', event: { task: documentAt(index, 1) } };
  if (seq === lastSeq) return { ...base, kind: 'status', event: status(task.state, task.reason ?? 'Done.') };
  if (seq < 4)
    return {
      ...base,
      kind: 'status',
      event: status('TASK_STATE_WORKING', `Step ${seq - 1} of 2: reading the request`),
    };
  const artifact = { artifactId: 'report', name: 'report', parts: [{ text: chunk(seq) }] };
  return { ...base, kind: 'artifact', event: { artifactUpdate: { taskId, contextId, artifact, append: seq > 4 } } };
}

const chunk = (seq: number): string =>
  seq === 4 ? '# Report\n\n| item | count |\n|---|---|\n' : `| **item ${seq}** | ${seq * 3} |\n`;

export function documentAt(index: number, asOf: number): unknown {
  const task = taskAt(index);
  const user = {
    messageId: 'u-1',
    role: 'ROLE_USER',
    taskId: task.id,
    contextId: task.contextId,
    parts: [{ text: 'Count the apples, please.' }],
  };
  const chunks = Array.from({ length: Math.max(0, Math.min(asOf, task.lastSeq - 1) - 3) }, (_, at) => ({
    text: chunk(at + 4),
  }));
  return {
    id: task.id,
    contextId: task.contextId,
    status: {
      state: asOf >= task.lastSeq ? task.state : asOf === 1 ? 'TASK_STATE_SUBMITTED' : 'TASK_STATE_WORKING',
      timestamp: task.statusAt,
      ...(asOf > 1
        ? {
            message: {
              messageId: `m-${asOf}`,
              role: 'ROLE_AGENT',
              parts: [{ text: asOf >= task.lastSeq ? (task.reason ?? 'Done.') : `As of event ${asOf}` }],
            },
          }
        : {}),
    },
    history: [user],
    ...(chunks.length > 0
      ? {
          artifacts: [
            { artifactId: 'report', name: 'report', parts: chunks },
            {
              artifactId: 'data',
              name: 'data',
              parts: [
                { data: { apples: 12, ripe: true, where: ['tree', 'basket'] } },
                { raw: PNG, mediaType: 'image/png', filename: 'dot.png' },
                { url: 'https://files.example.com/report.pdf', filename: 'report.pdf', mediaType: 'application/pdf' },
              ],
            },
          ],
        }
      : {}),
  };
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function overview(): AdminOverview {
  const minutes = Array.from({ length: 60 }, (_, index) => {
    const created = Math.max(0, Math.round(40 + 30 * Math.sin(index / 6) + ((index * 13) % 11)));
    const failed = index % 7 === 0 ? 4 : 0;
    return {
      at: ago((59 - index) * 60_000),
      created,
      completed: created - failed - (index === 59 ? 12 : 1),
      failed,
      canceled: index % 9 === 0 ? 1 : 0,
      rejected: 0,
    };
  });
  return {
    at: new Date().toISOString(),
    version: '0.1.0',
    storage: 'postgres',
    replica: REPLICAS[0]!.id,
    draining: false,
    replicas: REPLICAS,
    health: [{ name: 'database', up: true }],
    open: [
      { agent: 'progress', state: 'TASK_STATE_WORKING', count: 12 },
      { agent: 'documents', state: 'TASK_STATE_INPUT_REQUIRED', count: 3 },
      { agent: 'relay', state: 'TASK_STATE_SUBMITTED', count: 2 },
    ],
    running: 17,
    queued: 2,
    oldestQueuedAt: ago(12_000),
    lastHour: minutes,
    firstEventMs: { p50: 38, p95: 214 },
    deliveries: { owed: 5, oldestDueAt: ago(75_000), dead: 2 },
  };
}

export const webhooks = (): AdminWebhookRow[] =>
  [0, 8, 16].map((index) => {
    const { id, agent, owner, tenant, createdAt } = taskAt(index);
    return {
      taskId: id,
      configId: `hook-${index}`,
      agent,
      owner,
      tenant,
      url: `https://receiver.example.com/hooks/${index}/of-a-service-with-a-long-path`,
      protocolVersion: index === 8 ? '0.3' : '1.0',
      createdAt,
      owed: index === 16 ? 0 : 2,
      ...(index === 16 ? { disabledAt: ago(50_000) } : { dueAt: ago(-30_000) }),
      deadLetters: index === 16 ? 2 : 0,
    };
  });

export const deliveries = (): AdminDeliveryRow[] =>
  [0, 8, 16].flatMap((index) =>
    [3, 4].map((seq): AdminDeliveryRow => {
      const base = {
        id: `d-${index}-${seq}`,
        taskId: idOf(index),
        configId: `hook-${index}`,
        seq,
        url: `https://receiver.example.com/hooks/${index}`,
        attemptLog: [
          { at: ago(60_000), error: 'timeout', ms: 10_000 },
          { at: ago(30_000), status: 500, ms: 84, excerpt: '{"error":"overloaded"}' },
        ],
      };
      return index === 16
        ? { ...base, attempts: 12, deadAt: ago(40_000), deadReason: 'The receiver answered 500 Internal Server Error' }
        : { ...base, attempts: 2, dueAt: ago(-20_000) };
    }),
  );
