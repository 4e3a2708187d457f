import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('a2a_job')
export class JobEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'a2a_job_pkey' })
  name: string;

  /** Whoever asks first from then on does it. */
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
}
