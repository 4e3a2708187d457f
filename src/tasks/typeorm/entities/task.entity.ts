import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('a2a_task')
@Index('a2a_task_list', { synchronize: false })
@Index('a2a_task_scope_context', { synchronize: false })
@Index('a2a_task_state', { synchronize: false })
@Index('a2a_task_run_owner', { synchronize: false })
@Index('a2a_task_canceling', { synchronize: false })
@Index('a2a_task_line', { synchronize: false })
@Index('a2a_task_owner_line', { synchronize: false })
@Index('a2a_task_expiry', { synchronize: false })
@Index('a2a_task_forgotten', { synchronize: false })
@Index('a2a_task_webhooks', { synchronize: false })
@Index('a2a_task_rest', { synchronize: false })
@Index('a2a_task_untrimmed', { synchronize: false })
export class TaskEntity {
  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'a2a_task_pkey' })
  taskId: string;

  @Column('text')
  tenant: string;

  @Column('text')
  owner: string;

  @Column('text')
  agent: string;

  @Column('text', { name: 'context_id' })
  contextId: string;

  /** 'working', 'input-required', … */
  @Column('text')
  state: string;

  @Column('timestamp with time zone', { name: 'status_at', precision: 3 })
  statusAt: Date;

  /** bigint columns are strings in entities. */
  @Column('bigint', { name: 'last_seq' })
  lastSeq: string;

  /** Bytes of all events so far. */
  @Column('bigint')
  bytes: string;

  /** Id of the replica that runs it. */
  @Column('text', { name: 'run_owner', nullable: true })
  runOwner: string | null;

  @Column('integer', { default: 1 })
  fence: number;

  @Column('integer', { default: 1 })
  turn: number;

  @Column('integer', { default: 1 })
  attempt: number;

  /** How often a process died while it ran the present turn. */
  @Column('integer', { default: 0 })
  losses: number;

  /** How often the present turn was requeued after a failure. */
  @Column('integer', { default: 0 })
  failures: number;

  /** Ids of the active push notification configs, to which appends owe events. Changed only under the lock of the row. */
  @Column('text', { name: 'push_configs', array: true, nullable: true })
  pushConfigs: string[] | null;

  @Column('bigint', { name: 'trimmed_seq', default: 0 })
  trimmedSeq: string;

  @Column('timestamp with time zone', { name: 'cancel_requested_at', precision: 3, nullable: true })
  cancelRequestedAt: Date | null;

  @Column('timestamp with time zone', { name: 'deadline_at', precision: 3, nullable: true })
  deadlineAt: Date | null;

  /** The task is queued and starts no earlier than this. null: it is running, has ended, or waits for its client. */
  @Column('timestamp with time zone', { name: 'not_before', precision: 3, nullable: true })
  notBefore: Date | null;

  /** When the task settled in a terminal or interrupted state, by the database's clock. null in rows of older versions: use status_at. */
  @Column('timestamp with time zone', { name: 'rested_at', precision: 3, nullable: true })
  restedAt: Date | null;

  /** The task is too large for a snapshot, so it keeps its log. */
  @Column('boolean', { name: 'keeps_log', default: false })
  keepsLog: boolean;

  /** No longer used. */
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3, nullable: true })
  expiresAt: Date | null;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
