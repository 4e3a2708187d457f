import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('a2a_outbox')
@Index('a2a_outbox_order', ['taskId', 'configId', 'id'])
export class OutboxEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'a2a_outbox_pkey',
  })
  id: string;

  @Column('uuid', { name: 'task_id' })
  taskId: string;

  @Column('bigint')
  seq: string;

  @Column('text', { name: 'config_id' })
  configId: string;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('timestamp with time zone', { name: 'dead_at', precision: 3, nullable: true })
  deadAt: Date | null;

  @Column('text', { name: 'dead_reason', nullable: true })
  deadReason: string | null;
}
