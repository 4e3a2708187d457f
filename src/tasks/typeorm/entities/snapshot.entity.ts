import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The task folded up to `seq`: a shortcut for reads. The log stays the source of truth. */
@Entity('a2a_snapshot')
export class SnapshotEntity {
  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'a2a_snapshot_pkey' })
  taskId: string;

  @Column('bigint')
  seq: string;

  /** Bytes of the events 1 … seq. */
  @Column('bigint')
  bytes: string;

  @Column('json')
  doc: object;

  /** Bytes of the document without its artifacts; null in rows of older versions. */
  @Column('bigint', { name: 'bare_bytes', nullable: true })
  bareBytes: string | null;
}
