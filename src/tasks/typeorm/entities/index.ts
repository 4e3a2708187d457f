import { EventEntity } from './event.entity.js';
import { InboxEntity } from './inbox.entity.js';
import { JobEntity } from './job.entity.js';
import { MessageEntity } from './message.entity.js';
import { OutboxEntity } from './outbox.entity.js';
import { PushConfigEntity } from './push-config.entity.js';
import { PushQueueEntity } from './push-queue.entity.js';
import { ReplicaEntity } from './replica.entity.js';
import { SnapshotEntity } from './snapshot.entity.js';
import { TaskEntity } from './task.entity.js';

export {
  EventEntity,
  InboxEntity,
  JobEntity,
  MessageEntity,
  OutboxEntity,
  PushConfigEntity,
  PushQueueEntity,
  ReplicaEntity,
  SnapshotEntity,
  TaskEntity,
};

/** For the `entities` option of a DataSource. */
export const A2A_ENTITIES = [
  TaskEntity,
  EventEntity,
  SnapshotEntity,
  InboxEntity,
  MessageEntity,
  PushConfigEntity,
  OutboxEntity,
  PushQueueEntity,
  ReplicaEntity,
  JobEntity,
];
