import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What is owed to one config, in one row. Each append that owes it something writes this row. */
@Entity('a2a_push_queue')
@Index('a2a_push_queue_due', { synchronize: false })
@Index('a2a_push_queue_lane', { synchronize: false })
export class PushQueueEntity {
  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'a2a_push_queue_pkey' })
  taskId: string;

  @PrimaryColumn('text', { name: 'config_id', primaryKeyConstraintName: 'a2a_push_queue_pkey' })
  configId: string;

  /** The owner of the task. */
  @Column('text', { default: '' })
  owner: string;

  /** Name and port of the webhook's host. */
  @Column('text', { default: '' })
  host: string;

  /** The newest event that is owed to it. */
  @Column('bigint', { name: 'owed_seq' })
  owedSeq: string;

  /** When its oldest delivery is due; null: nothing is owed. */
  @Column('timestamp with time zone', { name: 'due_at', nullable: true })
  dueAt: Date | null;
}
