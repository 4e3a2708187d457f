import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { InboxMessage } from '../../inbox-store.interface.js';

@Entity('a2a_inbox')
@Index('a2a_inbox_task', ['taskId', 'id'])
export class InboxEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'a2a_inbox_pkey',
  })
  id: string;

  @Column('uuid', { name: 'task_id' })
  taskId: string;

  @Column('text', { name: 'message_id' })
  messageId: string;

  /** The message, with what the agent learns of its request. */
  @Column('json')
  entry: InboxMessage;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
