import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('a2a_job')
export class JobEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'a2a_job_pkey' })
  name: string;

  /** The first process that asks at or after this time does the job. */
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
}
