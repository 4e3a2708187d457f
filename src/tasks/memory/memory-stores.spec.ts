import { adminStoreContract } from '../../testing/contracts/admin-store.contract.js';
import { inboxStoreContract } from '../../testing/contracts/inbox-store.contract.js';
import { jobScheduleContract } from '../../testing/contracts/job-schedule.contract.js';
import { outboxContract } from '../../testing/contracts/outbox.contract.js';
import { pushConfigStoreContract } from '../../testing/contracts/push-config-store.contract.js';
import { runStoreContract } from '../../testing/contracts/run-store.contract.js';
import { taskStoreContract } from '../../testing/contracts/task-store.contract.js';
import { openMemoryStores } from './open-stores.js';

const open = async () => openMemoryStores();

taskStoreContract('memory', open);
runStoreContract('memory', open);
inboxStoreContract('memory', open);
outboxContract('memory', open);
pushConfigStoreContract('memory', open);
jobScheduleContract('memory', open);
adminStoreContract('memory', open);
