import { adminStoreContract } from './admin-store.contract.js';
import { apiKeyStoreContract } from './api-key-store.contract.js';
import { callRateStoreContract } from './call-rate-store.contract.js';
import { inboxStoreContract } from './inbox-store.contract.js';
import { jobScheduleContract } from './job-schedule.contract.js';
import { legalHoldStoreContract } from './legal-hold-store.contract.js';
import type { ContractOptions, OpenFunction } from './open-suite.js';
import { outboxContract } from './outbox.contract.js';
import { pushConfigStoreContract } from './push-config-store.contract.js';
import { runStoreContract } from './run-store.contract.js';
import { taskStoreContract } from './task-store.contract.js';

/** What the stores of every storage must do. */
export function storageContracts(name: string, open: OpenFunction, options: ContractOptions = {}): void {
  taskStoreContract(name, open, options);
  runStoreContract(name, open);
  inboxStoreContract(name, open);
  outboxContract(name, open);
  pushConfigStoreContract(name, open);
  jobScheduleContract(name, open);
  if (options.rates ?? options.operators !== false) callRateStoreContract(name, open);
  if (options.apiKeys ?? options.operators !== false) apiKeyStoreContract(name, open);
  if (options.operators === false) return;
  legalHoldStoreContract(name, open);
  adminStoreContract(name, open);
}
