import { InitialSchema1763740800000 } from './1763740800000-initial-schema.js';
import { PushConfigs1763900000000 } from './1763900000000-push-configs.js';
import { TurnRequests1763910000000 } from './1763910000000-turn-requests.js';
import { Replicas1763950000000 } from './1763950000000-replicas.js';
import { PushQueue1763960000000 } from './1763960000000-push-queue.js';
import { Retention1763970000000 } from './1763970000000-retention.js';
import { WaitingLine1763980000000 } from './1763980000000-waiting-line.js';
import { ListIndexes1763990000000 } from './1763990000000-list-indexes.js';
import { LeaseLength1764030000000 } from './1764030000000-lease-length.js';
import { PushLanes1764100000000 } from './1764100000000-push-lanes.js';
import { ForgottenTasks1764110000000 } from './1764110000000-forgotten-tasks.js';
import { OwnerLine1764380000000 } from './1764380000000-owner-line.js';
import { SnapshotSizes1764410000000 } from './1764410000000-snapshot-sizes.js';
import { MessageAge1764420000000 } from './1764420000000-message-age.js';
import { WebhookCounts1764430000000 } from './1764430000000-webhook-counts.js';

/** All migrations of nest-a2a, oldest first, for the `migrations` option of a DataSource. */
export const A2A_MIGRATIONS = [
  InitialSchema1763740800000,
  PushConfigs1763900000000,
  TurnRequests1763910000000,
  Replicas1763950000000,
  PushQueue1763960000000,
  Retention1763970000000,
  WaitingLine1763980000000,
  ListIndexes1763990000000,
  LeaseLength1764030000000,
  PushLanes1764100000000,
  ForgottenTasks1764110000000,
  OwnerLine1764380000000,
  SnapshotSizes1764410000000,
  MessageAge1764420000000,
  WebhookCounts1764430000000,
];
