import { forConformance } from '../../../examples/conformance/conformance.providers.js';
import type { CardsOptions } from '../../agents/cards/cards.options.js';
import { browserOptions } from './browser.environment.js';
import type { Environment } from './environment.js';
import { grpcOptions } from './grpc-options.js';
import { auditOptionsOf } from './audit.environment.js';
import { logContextOptions } from './log.environment.js';
import type { ServiceArguments } from './service-arguments.js';
import { quotasFile } from './quotas-file.js';
import type { ServiceModuleOptions } from './service-module-options.js';
import { serviceBus, serviceStorage, sharesTasks } from './storage-options.js';
import { pushSecrets } from './push-secrets.js';
import type { PushNotificationsOptions } from '../../push-notifications/push-notifications.options.js';
import { listOf } from './values.js';

/**
 * Lease of a process that shares its tasks with no other. No other process waits for it to expire, so it may span a long outage.
 */
const UNSHARED_LEASE_MS = 30_000;

export interface ServiceOptions extends ServiceArguments {
  readonly environment: Environment;
  readonly cards?: CardsOptions;
  /** Of the Postgres that tasks live in. Absent: they live elsewhere. */
  readonly databaseUrl?: string;
}

/** The options of the module: what is set in the environment. All else has the defaults of the module. */
export function moduleOptions({
  environment: env,
  cards,
  databaseUrl,
  conformance,
}: ServiceOptions): ServiceModuleOptions {
  const options: ServiceModuleOptions = {
    storage: serviceStorage(env, databaseUrl),
    bus: serviceBus(env),
    pollMs: env.A2A_POLL_MS,
    publicUrl: env.PUBLIC_URL,
    cards,
    // Beyond loopback, A2A_ALLOW_ANONYMOUS says that it is meant.
    principal: {
      anonymous: 'allow',
      keepClaims: env.A2A_KEEP_CLAIMS === undefined ? undefined : listOf(env.A2A_KEEP_CLAIMS),
    },
    logContext: logContextOptions(env),
    audit: auditOptionsOf(env),
    tenants: { declared: env.A2A_TENANT, required: env.A2A_TENANT_REQUIRED },
    http: {
      bodyLimitBytes: env.A2A_BODY_LIMIT,
      maxRequestValues: env.A2A_MAX_REQUEST_VALUES,
      keepAliveMs: env.A2A_KEEP_ALIVE_MS,
      keepAliveTimeoutMs: env.A2A_KEEP_ALIVE_TIMEOUT_MS,
      lenientVersion: env.A2A_LENIENT_VERSION,
      v03Blocking: env.A2A_V03_BLOCKING,
      ...browserOptions(env),
    },
    limits: {
      maxPageBytes: env.A2A_MAX_PAGE_BYTES,
      maxHistoryBytes: env.A2A_MAX_HISTORY_BYTES,
      maxContentBytes: env.A2A_MAX_CONTENT_BYTES,
      maxBufferedBytes: env.A2A_MAX_BUFFERED_BYTES,
      maxBufferedBytesPerCaller: env.A2A_MAX_BUFFERED_BYTES_PER_CALLER,
      maxUnstoredBytes: env.A2A_MAX_UNSTORED_BYTES,
      maxCallsPerCaller: env.A2A_MAX_CALLS_PER_CALLER,
      maxCallsPerMinute: env.A2A_MAX_CALLS_PER_MINUTE,
      callsCountedIn: env.A2A_CALLS_COUNTED_IN,
      requestIdleMs: env.A2A_REQUEST_IDLE_MS,
      requestTimeoutMs: env.A2A_REQUEST_TIMEOUT_MS,
      responseIdleMs: env.A2A_RESPONSE_IDLE_MS,
      maxStreamAgeMs: env.A2A_MAX_STREAM_AGE_MS,
    },
    quotas: env.A2A_QUOTAS_FILE === undefined ? undefined : quotasFile(env.A2A_QUOTAS_FILE),
    grpc: grpcOptions(env),
    pushNotifications: env.A2A_PUSH !== false && pushOptions(env, conformance !== undefined),
    execution: {
      maxRuns: env.A2A_MAX_RUNS,
      maxRunsPerTenant: env.A2A_MAX_RUNS_PER_TENANT,
      maxRunsPerOwner: env.A2A_MAX_RUNS_PER_OWNER,
      ownerShare: env.A2A_OWNER_SHARE,
      maxWaiting: env.A2A_MAX_WAITING,
      maxWaitingPerOwner: env.A2A_MAX_WAITING_PER_OWNER,
      deadlineMs: env.A2A_DEADLINE_MS,
      idleMs: env.A2A_IDLE_MS,
      cancelTimeoutMs: env.A2A_CANCEL_TIMEOUT_MS,
      drainMs: env.A2A_DRAIN_MS,
      inboxLimit: env.A2A_INBOX_LIMIT,
      leaseMs: env.A2A_LEASE_MS ?? (sharesTasks(env) ? undefined : UNSHARED_LEASE_MS),
      stallMs: env.A2A_STALL_MS,
      recoveryMs: env.A2A_RECOVERY_MS,
      maxAttempts: env.A2A_MAX_ATTEMPTS,
      maxTaskBytes: env.A2A_MAX_TASK_BYTES,
      maxEventBytes: env.A2A_MAX_EVENT_BYTES,
      maxEventValues: env.A2A_MAX_EVENT_VALUES,
      messageWindowMs: env.A2A_MESSAGE_WINDOW_MS,
      deduplicateMessages: env.A2A_DEDUPLICATE_MESSAGES,
    },
    retention: {
      retainMs: {
        completed: env.A2A_RETAIN_COMPLETED_MS ?? env.A2A_RETAIN_MS,
        failed: env.A2A_RETAIN_FAILED_MS ?? env.A2A_RETAIN_MS,
        canceled: env.A2A_RETAIN_CANCELED_MS ?? env.A2A_RETAIN_MS,
        rejected: env.A2A_RETAIN_REJECTED_MS ?? env.A2A_RETAIN_MS,
      },
      trimAfterMs: env.A2A_TRIM_AFTER_MS,
      waitForClientMs: env.A2A_WAIT_FOR_CLIENT_MS,
      everyMs: env.A2A_RETENTION_EVERY_MS,
    },
  };
  return conformance ? forConformance(options, conformance) : options;
}

/** The webhooks of the conformance suites are on the local machine. */
const CONFORMANCE_HOSTS = ['localhost', '127.0.0.0/8', '::1'];

/** The options of push notifications from the environment. */
export const pushOptions = (env: Environment, conformance: boolean): Partial<PushNotificationsOptions> => ({
  allowedHosts: [...listOf(env.A2A_PUSH_ALLOWED_HOSTS), ...(conformance ? CONFORMANCE_HOSTS : [])],
  requireHttps: env.A2A_PUSH_REQUIRE_HTTPS,
  verifyTargets: env.A2A_PUSH_VERIFY_TARGETS,
  ...(env.A2A_PUSH_SECRETS_FILE !== undefined && pushSecrets(env.A2A_PUSH_SECRETS_FILE)),
  timeoutMs: env.A2A_PUSH_TIMEOUT_MS,
  maxAttempts: env.A2A_PUSH_MAX_ATTEMPTS,
  concurrency: env.A2A_PUSH_CONCURRENCY,
  concurrencyPerHost: env.A2A_PUSH_CONCURRENCY_PER_HOST,
  maxPerHostPerSecond: env.A2A_PUSH_PER_HOST_PER_SECOND,
  maxPerOwnerPerSecond: env.A2A_PUSH_PER_OWNER_PER_SECOND,
  circuitFailures: env.A2A_PUSH_CIRCUIT_FAILURES,
  circuitOpenMs: env.A2A_PUSH_CIRCUIT_OPEN_MS,
  circuitMaxOpenMs: env.A2A_PUSH_CIRCUIT_MAX_OPEN_MS,
  maxConfigsPerOwner: env.A2A_PUSH_CONFIGS_PER_OWNER,
  maxTaskBytes: env.A2A_PUSH_MAX_TASK_BYTES,
  maxConfigsPerTask: env.A2A_PUSH_CONFIGS_PER_TASK,
});
