import { Subject } from 'rxjs';
import { RedisAdminStore } from './admin/redis-admin.store.js';
import { DeliveryOutbox } from '../core/delivery.outbox.js';
import { TaskPushConfigStore } from '../core/task-push-config.store.js';
import { TaskRunStore } from '../core/task-run.store.js';
import type { OpenStores } from '../stores.js';
import { checkServer } from './check-server.js';
import { redisLeases } from './lease-connection.js';
import { loadRedis } from './load-redis.js';
import { OutageLog } from './outage-log.js';
import { RedisConnection } from './redis-connection.js';
import { RedisInboxStore } from './redis-inbox.store.js';
import { RedisJobSchedule } from './redis-job-schedule.js';
import { RedisApiKeyStore } from './redis-api-key.store.js';
import { RedisCallRateStore } from './redis-call-rate.store.js';
import { RedisLegalHoldStore } from './redis-legal-hold.store.js';
import { RedisDeliveryRows } from './redis-delivery-rows.js';
import { definedOptions } from '../../common/number-options.js';
import { REDIS_DEFAULTS, type RedisStoresOptions } from './redis-stores.options.js';
import { RedisTaskRows } from './redis-task-rows.js';
import { RedisTaskStore } from './redis-task.store.js';
import { RedisWebhookRows } from './redis-webhook-rows.js';

/** A renewal must fail early enough for another try. */
const LEASE_TIMEOUT_MS = 5_000;

export interface OpenRedisStores extends OpenStores {
  readonly tasks: RedisTaskStore;
  reopen(): Promise<OpenRedisStores>;
  /** Resolves when the server answers. Throws UNAVAILABLE. */
  ping(): Promise<void>;
}

/**
 * Connects to Redis 7 or newer, checks that the server can hold tasks, and opens the stores. Three connections: one for reads, one
 * for writes, one for the lease. `close` closes everything. Throws when ioredis is not installed, and when the server is
 * unreachable, unsuitable, or may lose tasks without `acceptLoss`.
 */
export async function openRedisStores(url: string, options: RedisStoresOptions = {}): Promise<OpenRedisStores> {
  const {
    prefix,
    acceptLoss,
    commandTimeoutMs: timeoutMs,
    connectForMs,
  } = { ...REDIS_DEFAULTS, ...definedOptions(options) };
  const Client = await loadRedis("The storage 'redis'");
  const outages = new OutageLog();
  const settings = (limit: number) => ({ url, prefix: `{${prefix}}:`, timeoutMs: limit });
  const connect = (limit: number): RedisConnection => new RedisConnection(Client, { ...settings(limit), outages });
  const [reads, writes] = [connect(timeoutMs), connect(timeoutMs)];
  const leaseTimeoutMs = Math.min(timeoutMs, LEASE_TIMEOUT_MS);
  const leases = connect(leaseTimeoutMs);
  const connections = [reads, writes, leases];
  const closeAll = async (): Promise<void> => void (await Promise.all(connections.map((one) => one.close())));
  try {
    await Promise.all(connections.map((one) => one.open(connectForMs)));
    await checkServer(reads, acceptLoss);
  } catch (error) {
    await closeAll();
    throw error;
  }
  const owed = new Subject<void>();
  const tasks = new RedisTaskStore(reads, writes, options, owed);
  const deliveries = new RedisDeliveryRows(reads, owed);
  const rows = new RedisTaskRows(reads, leases, redisLeases(settings(leaseTimeoutMs)));
  return {
    tasks,
    runs: new TaskRunStore(rows),
    inbox: new RedisInboxStore(reads),
    outbox: new DeliveryOutbox(deliveries),
    pushConfigs: new TaskPushConfigStore(new RedisWebhookRows(reads)),
    jobs: new RedisJobSchedule(reads),
    holds: new RedisLegalHoldStore(reads),
    rates: new RedisCallRateStore(reads),
    apiKeys: new RedisApiKeyStore(reads),
    admin: new RedisAdminStore(reads, rows.replicas, deliveries),
    ping: async () => void (await reads.command('PING')),
    reopen: () => openRedisStores(url, options),
    close: async () => {
      await tasks.close();
      await closeAll();
    },
  };
}
