import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuthenticationInfo } from '../../../protocol/model/index.js';

/** Written together with `push_configs` of its task, in one transaction that locks the task's row. */
@Entity('a2a_push_config')
export class PushConfigEntity {
  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'a2a_push_config_pkey' })
  taskId: string;

  @PrimaryColumn('text', { name: 'config_id', primaryKeyConstraintName: 'a2a_push_config_pkey' })
  configId: string;

  @Column('text')
  tenant: string;

  @Column('text')
  owner: string;

  @Column('text')
  agent: string;

  /** The protocol version of deliveries to the webhook. */
  @Column('text', { name: 'wire_version' })
  wireVersion: string;

  @Column('text')
  url: string;

  @Column('text', { nullable: true })
  token: string | null;

  @Column('json', { nullable: true })
  authentication: AuthenticationInfo | null;

  /** Deliveries that were dead-lettered since the last completed one. */
  @Column('integer', { name: 'given_up', default: 0 })
  givenUp: number;

  @Column('timestamp with time zone', { name: 'disabled_at', precision: 3, nullable: true })
  disabledAt: Date | null;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
