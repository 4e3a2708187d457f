import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'a2a_message_pkey';

@Entity('a2a_message')
@Index('a2a_message_task', ['taskId'])
@Index('a2a_message_created', ['createdAt'])
export class MessageEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName })
  tenant: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  owner: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  agent: string;

  @PrimaryColumn('text', { name: 'message_id', primaryKeyConstraintName })
  messageId: string;

  /** Digest of the message's content. */
  @Column('text')
  digest: string;

  /** The task that the message created or was sent to. */
  @Column('uuid', { name: 'task_id' })
  taskId: string;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
