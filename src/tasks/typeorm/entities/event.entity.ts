import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('a2a_event')
export class EventEntity {
  @PrimaryColumn('uuid', { name: 'task_id', primaryKeyConstraintName: 'a2a_event_pkey' })
  taskId: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'a2a_event_pkey' })
  seq: string;

  /** The fence of the run that wrote it. */
  @Column('integer')
  fence: number;

  /** UTF-8 bytes of `data`, `inbound` and `request`. */
  @Column('integer')
  bytes: number;

  /** 0 = task, 1 = status, 2 = artifact, 3 = artifact with the word "metadata" in it. */
  @Column('smallint')
  kind: number;

  @Column('text', { nullable: true })
  state: string | null;

  /** The event without its ids. An entity holds it parsed; the stores read it as text. */
  @Column('json')
  data: object;

  @Column('json', { nullable: true })
  inbound: object | null;

  /** Only on an event that begins a turn: what the agent learned with the message. */
  @Column('json', { nullable: true })
  request: object | null;
}
