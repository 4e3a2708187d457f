import { LIMITS_DEFAULTS, LIMITS_RANGES } from '../../common/limits.options.js';
import { MAX_TIMER_MS } from '../../common/number-options.js';
import { DEFAULT_POLL_MS, POLL_RANGE } from '../../events/bus/bus.options.js';
import { EXECUTION_DEFAULTS, EXECUTION_RANGES } from '../../execution/execution.options.js';
import { DATABASE_URL_RULE, databaseOf } from '../../storage/database-url.js';
import { DEFAULT_POOL_SIZE } from '../../tasks/pool-size.js';
import { isKeyPrefix, REDIS_DEFAULTS } from '../../tasks/redis/redis-stores.options.js';
import { MIGRATIONS_AT_START, type MigrationsAtStart } from '../../tasks/sql/migrations/migrations-at-start.js';
import { RETENTION_RANGE } from '../../tasks/retention/retention.check.js';
import { DEFAULT_EVERY_MS, EVERY_MS_RANGE } from '../../tasks/retention/retention.options.js';
import { DEFAULT_POLICY } from '../../tasks/retention/retention.policy.js';
import { HTTP_RANGES, HTTP_TRANSPORT_DEFAULTS } from '../../transports/http/http-transport.options.js';
import { TlsEnvironment } from './tls.environment.js';
import { Choice, Flag, Text, WholeNumber } from './variable.decorators.js';
import { isAddress, isHost, isHttpUrl, isRedisUrl, isFilled } from './values.js';

/** A day. */
const MAX_DRAIN_MS = 24 * 60 * 60_000;
const MAX_BODY = 100_000_000;

/** How long tasks are kept, by default. */
const RETAIN_MS = DEFAULT_POLICY.retainMs.completed;

/**
 * The environment variables of the service, by their names. `docs/configuration.md` says what each is for. A variable that is empty
 * counts as not set. Those of the service itself have their defaults here. All others are undefined when they are not set: then the
 * default of the module's option applies.
 */
export class Environment extends TlsEnvironment {
  @Text({ rule: 'an IP address or a host name', accepts: isHost, example: '127.0.0.1' })
  HOST = '127.0.0.1';

  @WholeNumber([0, 65_535], '', 3000)
  PORT = 3000;

  /** Without a trailing slash. */
  @Text({
    rule: 'an http or https URL without query and fragment',
    accepts: isHttpUrl,
    example: 'https://agents.example.com',
  })
  PUBLIC_URL?: string;

  /** Not set: gRPC is off. */
  @WholeNumber([0, 65_535], '', 50_051)
  GRPC_PORT?: number;

  /** Not set: HOST. */
  @Text({ rule: 'an IP address or a host name', accepts: isHost, example: '127.0.0.1' })
  GRPC_HOST?: string;

  @Text({ rule: 'a host and a port', accepts: isAddress, example: 'agents.example.com:443' })
  GRPC_PUBLIC_ADDRESS?: string;

  @Text({
    rule: DATABASE_URL_RULE,
    accepts: (value) => databaseOf(value) !== undefined,
    example: 'postgres://user:password@db.example.com:5432/a2a',
    secret: true,
  })
  DATABASE_URL?: string;

  /** Not set: the storage's default. */
  @Choice([undefined, ...MIGRATIONS_AT_START], 'run')
  A2A_MIGRATIONS?: MigrationsAtStart;

  @Choice(['postgres', 'redis', 'memory'], 'postgres')
  STORE: 'postgres' | 'redis' | 'memory' = 'postgres';

  @Text({ rule: 'the path of a directory', accepts: isFilled, example: '/var/lib/a2a' })
  DATA_DIR = '.data';

  @Text({
    rule: 'a URL that begins with redis:// or rediss://',
    accepts: isRedisUrl,
    example: 'redis://user:password@redis.example.com:6379',
    secret: true,
  })
  REDIS_URL?: string;

  /** Not set: 5 s on a terminal, else a minute. */
  @WholeNumber([0, MAX_TIMER_MS], 'ms', 5_000)
  A2A_STORAGE_WAIT_MS?: number;

  @Text({ rule: '1 to 64 letters, digits and - . _ :', accepts: isKeyPrefix, example: REDIS_DEFAULTS.prefix })
  A2A_REDIS_PREFIX?: string;

  @Flag()
  A2A_REDIS_ACCEPT_LOSS?: boolean;

  @Choice(['express', 'fastify'], 'fastify')
  HTTP_ADAPTER: 'express' | 'fastify' = 'express';

  @WholeNumber(EXECUTION_RANGES.maxTaskBytes, 'bytes', EXECUTION_DEFAULTS.maxTaskBytes)
  A2A_MAX_TASK_BYTES?: number;

  @WholeNumber([1024, MAX_BODY], 'bytes', EXECUTION_DEFAULTS.maxEventBytes)
  A2A_MAX_EVENT_BYTES?: number;

  @WholeNumber(EXECUTION_RANGES.maxEventValues, 'values', EXECUTION_DEFAULTS.maxEventValues)
  A2A_MAX_EVENT_VALUES?: number;

  @WholeNumber(HTTP_RANGES.maxRequestValues, 'values', HTTP_TRANSPORT_DEFAULTS.maxRequestValues)
  A2A_MAX_REQUEST_VALUES?: number;

  @WholeNumber([1024, MAX_BODY], 'bytes', HTTP_TRANSPORT_DEFAULTS.bodyLimitBytes)
  A2A_BODY_LIMIT?: number;

  @WholeNumber(LIMITS_RANGES.maxPageBytes, 'bytes', LIMITS_DEFAULTS.maxPageBytes)
  A2A_MAX_PAGE_BYTES?: number;

  @WholeNumber(LIMITS_RANGES.maxHistoryBytes, 'bytes', LIMITS_DEFAULTS.maxHistoryBytes)
  A2A_MAX_HISTORY_BYTES?: number;

  @WholeNumber(LIMITS_RANGES.maxContentBytes, 'bytes', LIMITS_DEFAULTS.maxContentBytes)
  A2A_MAX_CONTENT_BYTES?: number;

  @WholeNumber(EXECUTION_RANGES.maxRuns, 'runs', EXECUTION_DEFAULTS.maxRuns)
  A2A_MAX_RUNS?: number;

  @WholeNumber(EXECUTION_RANGES.maxRunsPerTenant, 'runs', EXECUTION_DEFAULTS.maxRunsPerTenant)
  A2A_MAX_RUNS_PER_TENANT?: number;

  @WholeNumber(EXECUTION_RANGES.maxRunsPerOwner, 'runs', EXECUTION_DEFAULTS.maxRunsPerOwner)
  A2A_MAX_RUNS_PER_OWNER?: number;

  @WholeNumber(EXECUTION_RANGES.ownerShare, 'runs', EXECUTION_DEFAULTS.ownerShare)
  A2A_OWNER_SHARE?: number;

  @WholeNumber(EXECUTION_RANGES.maxWaiting, 'tasks', EXECUTION_DEFAULTS.maxWaiting)
  A2A_MAX_WAITING?: number;

  @WholeNumber(EXECUTION_RANGES.maxWaitingPerOwner, 'tasks', EXECUTION_DEFAULTS.maxWaitingPerOwner)
  A2A_MAX_WAITING_PER_OWNER?: number;

  @WholeNumber(LIMITS_RANGES.maxBufferedBytes, 'bytes', LIMITS_DEFAULTS.maxBufferedBytes)
  A2A_MAX_BUFFERED_BYTES?: number;

  @WholeNumber(LIMITS_RANGES.maxBufferedBytesPerCaller, 'bytes', LIMITS_DEFAULTS.maxBufferedBytesPerCaller)
  A2A_MAX_BUFFERED_BYTES_PER_CALLER?: number;

  @WholeNumber(LIMITS_RANGES.maxUnstoredBytes, 'bytes', LIMITS_DEFAULTS.maxUnstoredBytes)
  A2A_MAX_UNSTORED_BYTES?: number;

  @WholeNumber(LIMITS_RANGES.maxCallsPerCaller, 'calls', LIMITS_DEFAULTS.maxCallsPerCaller)
  A2A_MAX_CALLS_PER_CALLER?: number;

  /** 0: no limit. */
  @WholeNumber(LIMITS_RANGES.maxCallsPerMinute, 'calls', 600)
  A2A_MAX_CALLS_PER_MINUTE?: number;

  @Choice([undefined, 'process', 'storage'], 'storage')
  A2A_CALLS_COUNTED_IN?: 'process' | 'storage';

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/etc/a2a/quotas.json' })
  A2A_QUOTAS_FILE?: string;

  @WholeNumber(LIMITS_RANGES.requestIdleMs, 'milliseconds', LIMITS_DEFAULTS.requestIdleMs)
  A2A_REQUEST_IDLE_MS?: number;

  @WholeNumber(LIMITS_RANGES.requestTimeoutMs, 'milliseconds', LIMITS_DEFAULTS.requestTimeoutMs)
  A2A_REQUEST_TIMEOUT_MS?: number;

  @WholeNumber(LIMITS_RANGES.responseIdleMs, 'milliseconds', LIMITS_DEFAULTS.responseIdleMs)
  A2A_RESPONSE_IDLE_MS?: number;

  /** 0: no limit. */
  @WholeNumber(LIMITS_RANGES.maxStreamAgeMs, 'milliseconds', LIMITS_DEFAULTS.maxStreamAgeMs)
  A2A_MAX_STREAM_AGE_MS?: number;

  /** 0: no limit. */
  @WholeNumber(EXECUTION_RANGES.idleMs, 'milliseconds', EXECUTION_DEFAULTS.idleMs)
  A2A_IDLE_MS?: number;

  @WholeNumber(EXECUTION_RANGES.deadlineMs, 'milliseconds', EXECUTION_DEFAULTS.deadlineMs)
  A2A_DEADLINE_MS?: number;

  @WholeNumber(EXECUTION_RANGES.cancelTimeoutMs, 'milliseconds', EXECUTION_DEFAULTS.cancelTimeoutMs)
  A2A_CANCEL_TIMEOUT_MS?: number;

  @WholeNumber(EXECUTION_RANGES.inboxLimit, 'messages', EXECUTION_DEFAULTS.inboxLimit)
  A2A_INBOX_LIMIT?: number;

  /** Not set: see `leaseMs` in module-options.ts. */
  @WholeNumber(EXECUTION_RANGES.leaseMs, 'milliseconds', EXECUTION_DEFAULTS.leaseMs)
  A2A_LEASE_MS?: number;

  @WholeNumber(EXECUTION_RANGES.stallMs, 'milliseconds', EXECUTION_DEFAULTS.stallMs)
  A2A_STALL_MS?: number;

  @WholeNumber(EXECUTION_RANGES.recoveryMs, 'milliseconds', EXECUTION_DEFAULTS.recoveryMs)
  A2A_RECOVERY_MS?: number;

  @WholeNumber(EXECUTION_RANGES.maxAttempts, 'attempts', EXECUTION_DEFAULTS.maxAttempts)
  A2A_MAX_ATTEMPTS?: number;

  @WholeNumber([0, MAX_DRAIN_MS], 'milliseconds', 5_000)
  A2A_DRAIN_DELAY_MS = 0;

  @WholeNumber([0, MAX_DRAIN_MS], 'milliseconds', EXECUTION_DEFAULTS.drainMs)
  A2A_DRAIN_MS?: number;

  @WholeNumber([100, MAX_TIMER_MS], 'milliseconds', HTTP_TRANSPORT_DEFAULTS.keepAliveMs)
  A2A_KEEP_ALIVE_MS?: number;

  @WholeNumber(HTTP_RANGES.keepAliveTimeoutMs, 'milliseconds', HTTP_TRANSPORT_DEFAULTS.keepAliveTimeoutMs)
  A2A_KEEP_ALIVE_TIMEOUT_MS?: number;

  @WholeNumber([1, 1_000], 'connections', DEFAULT_POOL_SIZE)
  A2A_POOL_SIZE?: number;

  @WholeNumber(POLL_RANGE, 'milliseconds', DEFAULT_POLL_MS)
  A2A_POLL_MS?: number;

  @Flag()
  A2A_ALLOW_ANONYMOUS = false;

  @Flag()
  A2A_LENIENT_VERSION?: boolean;

  @Flag()
  A2A_V03_BLOCKING?: boolean;

  @Flag()
  A2A_DEDUPLICATE_MESSAGES?: boolean;

  @WholeNumber(EXECUTION_RANGES.messageWindowMs, 'milliseconds', EXECUTION_DEFAULTS.messageWindowMs)
  A2A_MESSAGE_WINDOW_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_RETAIN_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_RETAIN_COMPLETED_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_RETAIN_FAILED_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_RETAIN_CANCELED_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_RETAIN_REJECTED_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', DEFAULT_POLICY.trimAfterMs)
  A2A_TRIM_AFTER_MS?: number;

  @WholeNumber(RETENTION_RANGE, 'milliseconds', RETAIN_MS)
  A2A_WAIT_FOR_CLIENT_MS?: number;

  @WholeNumber(EVERY_MS_RANGE, 'milliseconds', DEFAULT_EVERY_MS)
  A2A_RETENTION_EVERY_MS?: number;
}
