import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../protocol/model/index.js';

@Entity('a2a_replica')
export class ReplicaEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'a2a_replica_pkey' })
  id: string;

  @Column('timestamp with time zone', { name: 'lease_until' })
  leaseUntil: Date;

  /** null: the process runs an older version. */
  @Column('double precision', { name: 'lease_ms', nullable: true })
  leaseMs: number | null;

  @Column('timestamp with time zone', { name: 'started_at', precision: 3, default: () => 'now()' })
  startedAt: Date;

  @Column('json', { nullable: true })
  info: JsonObject | null;
}
