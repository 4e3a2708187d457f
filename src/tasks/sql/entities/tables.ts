/** What a column holds. Each family of databases has a type for it. */
export type ColumnKind =
  /** A UUID. */
  | 'uuid'
  /** The hash that a string of a client is looked up by. */
  | 'key'
  /** A name that this server or its operator chooses. */
  | 'name'
  /** Text of any length, preserved to the byte; `json` is JSON. */
  | 'text'
  | 'json'
  | 'int'
  | 'long'
  | 'flag'
  /** A point in time, in whole milliseconds. */
  | 'time'
  /** A number that the database counts up. */
  | 'serial';

export interface ColumnDescription {
  readonly kind: ColumnKind;
  readonly primary?: true;
  readonly nullable?: true;
  readonly default?: number | boolean;
}

export interface TableDescription {
  readonly columns: Readonly<Record<string, ColumnDescription>>;
  readonly indexes?: readonly string[];
  /** Indexes that only Postgres has. */
  readonly postgresIndexes?: readonly string[];
}

type Extras = Omit<ColumnDescription, 'kind'>;

const of =
  (kind: ColumnKind) =>
  (extras: Extras = {}): ColumnDescription => ({ kind, ...extras });
const [uuid, key, name, text, json] = [of('uuid'), of('key'), of('name'), of('text'), of('json')];
const [int, long, flag, time, serial] = [of('int'), of('long'), of('flag'), of('time'), of('serial')];
const [PRIMARY, NULLABLE] = [{ primary: true }, { nullable: true }] as const;

/**
 * The tables of all SQL databases. The entities are made of this, and a test compares what the migrations make with them, on each
 * family of databases.
 */
export const TABLES: Readonly<Record<string, TableDescription>> = {
  /** One small row per task: its metadata without its content. */
  a2a_task: {
    columns: {
      task_id: uuid(PRIMARY),
      /** Of owner, tenant and agent. */
      scope: key(),
      owner_key: key(),
      context_key: key(),
      tenant: text(),
      owner: text(),
      agent: name(),
      context_id: text(),
      created_at: time(),
      /** The replica that runs it. */
      run_owner: name(NULLABLE),
      fence: int({ default: 1 }),
      turn: int({ default: 1 }),
      attempt: int({ default: 1 }),
      /** How often a process died while it ran the present turn. */
      crashes: int({ default: 0 }),
      /** How often the present turn was requeued after a failure. */
      failures: int({ default: 0 }),
      /** The task is queued and starts no earlier than this; `waits` is then its scope. null: it runs, ended, or waits for its client. */
      not_before: time(NULLABLE),
      waits: key(NULLABLE),
      cancel_requested_at: time(NULLABLE),
      /** Keys of the active push notification configs, with commas, and their number. Changed only under the lock of the row. */
      push_configs: text(NULLABLE),
      webhooks: int({ default: 0 }),
      /** Up to this event the log was trimmed. */
      trimmed_seq: long({ default: 0 }),
      /** The task is too large for a snapshot, so it keeps its log. */
      keeps_log: flag({ default: false }),
      /** The event that began the present turn. */
      begun_seq: long({ default: 1 }),
      /** 'working', 'input-required', … */
      state: name(),
      status_at: time(),
      /** When the task settled in a terminal or interrupted state. */
      rested_at: time(NULLABLE),
      last_seq: long(),
      /** Bytes of all events so far. */
      bytes: long(),
      /** The beginning of the text of the present status message; null while the task is submitted or working. */
      reason: text(NULLABLE),
    },
    indexes: [
      ...['a2a_task_list', 'a2a_task_state', 'a2a_task_context', 'a2a_task_run_owner', 'a2a_task_line'],
      ...['a2a_task_owner_line', 'a2a_task_webhooks', 'a2a_task_rest', 'a2a_task_untrimmed'],
      ...['a2a_task_agent_state', 'a2a_task_owner', 'a2a_task_any_context', 'a2a_task_tenant'],
    ],
    postgresIndexes: ['a2a_task_canceling', 'a2a_task_forgotten'],
  },
  /** The log. */
  a2a_event: {
    columns: {
      task_id: uuid(PRIMARY),
      seq: long(PRIMARY),
      /** The fence of the run that wrote it. */
      fence: int(),
      /** UTF-8 bytes of `data`, `inbound` and `request`. */
      bytes: int(),
      /** 0 = task, 1 = status, 2 = artifact, 3 = artifact with the word "metadata" in it. */
      kind: int(),
      state: name(NULLABLE),
      /** The event without its ids. */
      data: json(),
      /** The message that it takes up. */
      inbound: json(NULLABLE),
      /** Only on an event that begins a turn: what the agent learned with the message. */
      request: json(NULLABLE),
      /** When it was committed; null: before there was this column. */
      at: time(NULLABLE),
    },
  },
  /** The task folded up to `seq`: a shortcut for reads. The log stays the source of truth. */
  a2a_snapshot: {
    columns: {
      task_id: uuid(PRIMARY),
      seq: long(),
      /** Bytes of the events 1 … seq. */
      bytes: long(),
      /** Bytes of the document, and of it without its artifacts. */
      size: int(),
      bare_bytes: int(),
      doc: json(),
    },
  },
  /** Messages that wait for their turn. */
  a2a_inbox: {
    columns: {
      id: serial(PRIMARY),
      task_id: uuid(),
      message_key: key(),
      /** The message, with what the agent learns of its request. */
      entry: json(),
      created_at: time(),
    },
    indexes: ['a2a_inbox_task'],
  },
  /** Every message that created a task or entered an inbox, to recognise a repeated send. */
  a2a_message: {
    columns: {
      /** Of owner, tenant, agent and messageId. */
      message_key: key(PRIMARY),
      digest: name(),
      task_id: uuid(),
      created_at: time(),
    },
    indexes: ['a2a_message_task', 'a2a_message_created'],
  },
  /** Written together with `push_configs` of its task, in one transaction that locks the task's row. */
  a2a_push_config: {
    columns: {
      task_id: uuid(PRIMARY),
      config_key: key(PRIMARY),
      config_id: text(),
      /** The protocol version of deliveries to the webhook. */
      wire_version: name(),
      url: text(),
      token: text(NULLABLE),
      authentication: json(NULLABLE),
      /** Deliveries that were dead-lettered since the last completed one. */
      given_up: int(),
      disabled_at: time(NULLABLE),
      created_at: time(),
    },
    postgresIndexes: ['a2a_push_config_disabled'],
  },
  /** What is owed to one config, in one row. Each append that owes it something writes this row. */
  a2a_push_queue: {
    columns: {
      task_id: uuid(PRIMARY),
      config_key: key(PRIMARY),
      owner: text(),
      /** Name and port of the webhook's host. */
      host: text(),
      /** The newest event that is owed to it. */
      owed_seq: long(),
      /** When its oldest delivery is due; null: nothing is owed. */
      due_at: time(NULLABLE),
      /** A dead letter was made due again, so more may be owed than `owed_seq` tells. */
      redriven: flag({ default: false }),
    },
    indexes: ['a2a_push_queue_due'],
    postgresIndexes: ['a2a_push_queue_lane'],
  },
  /** Deliveries that are owed, and those that were given up. */
  a2a_outbox: {
    columns: {
      id: serial(PRIMARY),
      task_id: uuid(),
      seq: long(),
      config_key: key(),
      attempts: int({ default: 0 }),
      dead_at: time(NULLABLE),
      dead_reason: text(NULLABLE),
      /** What the last attempts met with. */
      attempt_log: json(NULLABLE),
    },
    indexes: ['a2a_outbox_order'],
    postgresIndexes: ['a2a_outbox_dead'],
  },
  /** The processes that run tasks. */
  a2a_replica: { columns: { id: name(PRIMARY), lease_until: time(), lease_ms: long() } },
  /** Owners whose tasks retention does not delete. */
  a2a_legal_hold: { columns: { owner_key: key(PRIMARY), owner: text(), reason: text(), since: time() } },
  /** What callers used of their calls per minute, while replicas count them together. `full_at`: in µs since 1970. */
  a2a_call_rate: { columns: { caller_key: key(PRIMARY), full_at: long() } },
  /** API keys. `record` is JSON, with the hash of the key. */
  a2a_api_key: { columns: { key_id: name(PRIMARY), record: text(), revoked_at: time(NULLABLE) } },
  /** The audit trail. `record` is a line of JSON, which a hash chain covers to the byte. */
  a2a_audit: {
    columns: {
      id: serial(PRIMARY),
      at: time(),
      chain: name(),
      seq: long(),
      owner: text(NULLABLE),
      task_id: text(NULLABLE),
      record: text(),
    },
    indexes: ['a2a_audit_at', 'a2a_audit_chain'],
  },
  /** Periodic work: the first process that asks at or after this time does it. */
  a2a_job: { columns: { name: name(PRIMARY), due_at: time() } },
};
