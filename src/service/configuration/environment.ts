import { MAX_TIMER_MS } from '../../common/number-options.js';
import { DEFAULT_MAX_VALUES } from '../../protocol/json/json-excess.js';
import { isKeyPrefix } from '../../tasks/redis/redis-stores.options.js';
import { PushEnvironment } from './push.environment.js';
import { Choice, Flag, Text, WholeNumber } from './variable.decorators.js';
import { isAddress, isHost, isHttpUrl, isDatabaseUrl, isRedisUrl, isFilled } from './values.js';

/** A day. */
const MAX_DRAIN_MS = 24 * 60 * 60_000;
/** A hundred years. */
const MAX_WINDOW_MS = 100 * 365 * 24 * 60 * 60_000;
const MAX_RUNS = 1_000_000;
const MAX_BODY = 100_000_000;
const MAX_VALUES = 100_000_000;

/**
 * The environment variables of the service, by their names, with their defaults. An empty variable counts as not set.
 * `docs/configuration.md` says what each is for.
 */
export class Environment extends PushEnvironment {
  @Text({ rule: 'an IP address or a host name', accepts: isHost, example: '127.0.0.1' })
  HOST = '127.0.0.1';

  @WholeNumber(0, 65_535, '', 3000)
  PORT = 3000;

  /** Without a slash at its end. */
  @Text({
    rule: 'an http or https URL without query and fragment',
    accepts: isHttpUrl,
    example: 'https://agents.example.com',
  })
  PUBLIC_URL?: string;

  /** Not set: no gRPC. */
  @WholeNumber(0, 65_535, '', 50_051)
  GRPC_PORT?: number;

  /** Not set: HOST. */
  @Text({ rule: 'an IP address or a host name', accepts: isHost, example: '127.0.0.1' })
  GRPC_HOST?: string;

  @Text({ rule: 'a host and a port', accepts: isAddress, example: 'agents.example.com:443' })
  GRPC_PUBLIC_ADDRESS?: string;

  @Text({ rule: 'the path of a file in PEM', accepts: isFilled, example: '/etc/a2a/tls.crt' })
  GRPC_TLS_CERT_FILE?: string;

  @Text({ rule: 'the path of a file in PEM', accepts: isFilled, example: '/etc/a2a/tls.key' })
  GRPC_TLS_KEY_FILE?: string;

  @Text({ rule: 'the path of a file in PEM', accepts: isFilled, example: '/etc/a2a/clients-ca.crt' })
  GRPC_TLS_CLIENT_CA_FILE?: string;

  @Text({
    rule: 'a URL of a database that begins with postgres://, postgresql://, mysql:// or mariadb://, or sqlite: and the path of a file',
    accepts: isDatabaseUrl,
    example: 'postgres://user:password@db.example.com:5432/a2a',
    secret: true,
  })
  DATABASE_URL?: string;

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

  @Text({ rule: '1 to 64 letters, digits and - . _ :', accepts: isKeyPrefix, example: 'a2a' })
  A2A_REDIS_PREFIX = 'a2a';

  @Flag()
  A2A_REDIS_ACCEPT_LOSS = false;

  @Choice(['express', 'fastify'], 'fastify')
  HTTP_ADAPTER: 'express' | 'fastify' = 'express';

  @Choice(['verbose', 'debug', 'log', 'warn', 'error', 'fatal'], 'debug')
  LOG_LEVEL: 'verbose' | 'debug' | 'log' | 'warn' | 'error' | 'fatal' = 'log';

  @WholeNumber(1024, Number.MAX_SAFE_INTEGER, 'bytes', 67_108_864)
  A2A_MAX_TASK_BYTES = 64 * 1024 * 1024;

  @WholeNumber(1024, MAX_BODY, 'bytes', 10_000_000)
  A2A_MAX_EVENT_BYTES = 10_000_000;

  @WholeNumber(1000, MAX_VALUES, 'values', 150_000)
  A2A_MAX_EVENT_VALUES = DEFAULT_MAX_VALUES;

  @WholeNumber(1000, MAX_VALUES, 'values', 150_000)
  A2A_MAX_REQUEST_VALUES = DEFAULT_MAX_VALUES;

  @WholeNumber(1024, MAX_BODY, 'bytes', 10_000_000)
  A2A_BODY_LIMIT = 10_000_000;

  @WholeNumber(1024, 512 * 1024 * 1024, 'bytes', 4_194_304)
  A2A_MAX_PAGE_BYTES = 4 * 1024 * 1024;

  @WholeNumber(1024, Number.MAX_SAFE_INTEGER, 'bytes', 16_777_216)
  A2A_MAX_HISTORY_BYTES = 16 * 1024 * 1024;

  @WholeNumber(1024 * 1024, Number.MAX_SAFE_INTEGER, 'bytes', 67_108_864)
  A2A_MAX_CONTENT_BYTES = 64 * 1024 * 1024;

  @WholeNumber(1, MAX_RUNS, 'runs', 1_000)
  A2A_MAX_RUNS = 1_000;

  /** Not set: A2A_MAX_RUNS. */
  @WholeNumber(1, MAX_RUNS, 'runs', 200)
  A2A_MAX_RUNS_PER_TENANT?: number;

  /** Not set: A2A_MAX_RUNS. */
  @WholeNumber(1, MAX_RUNS, 'runs', 50)
  A2A_MAX_RUNS_PER_OWNER?: number;

  /** Not set: a quarter of A2A_MAX_RUNS. */
  @WholeNumber(0, MAX_RUNS, 'runs', 100)
  A2A_OWNER_SHARE?: number;

  @WholeNumber(0, MAX_RUNS, 'tasks', 10_000)
  A2A_MAX_WAITING = 10_000;

  @WholeNumber(0, MAX_RUNS, 'tasks', 1_000)
  A2A_MAX_WAITING_PER_OWNER = 1_000;

  @WholeNumber(1_048_576, Number.MAX_SAFE_INTEGER, 'bytes', 268_435_456)
  A2A_MAX_BUFFERED_BYTES = 256 * 1024 * 1024;

  /** Not set: a quarter of A2A_MAX_BUFFERED_BYTES. */
  @WholeNumber(65_536, Number.MAX_SAFE_INTEGER, 'bytes', 67_108_864)
  A2A_MAX_BUFFERED_BYTES_PER_CALLER?: number;

  @WholeNumber(1_048_576, Number.MAX_SAFE_INTEGER, 'bytes', 134_217_728)
  A2A_MAX_UNSTORED_BYTES = 128 * 1024 * 1024;

  @WholeNumber(1, 10_000_000, 'calls', 1_000)
  A2A_MAX_CALLS_PER_CALLER = 1_000;

  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 30_000)
  A2A_REQUEST_IDLE_MS = 30_000;

  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 120_000)
  A2A_REQUEST_TIMEOUT_MS = 120_000;

  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 30_000)
  A2A_RESPONSE_IDLE_MS = 30_000;

  /** 0: an event stream may have any age. */
  @WholeNumber(0, MAX_TIMER_MS, 'milliseconds', 3_600_000)
  A2A_MAX_STREAM_AGE_MS = 0;

  /** 0: a turn may go without an event for any time. */
  @WholeNumber(0, MAX_TIMER_MS, 'milliseconds', 300_000)
  A2A_IDLE_MS = 0;

  @WholeNumber(1, MAX_TIMER_MS, 'milliseconds', 1_800_000)
  A2A_DEADLINE_MS = 30 * 60_000;

  @WholeNumber(1, MAX_TIMER_MS, 'milliseconds', 5_000)
  A2A_CANCEL_TIMEOUT_MS = 5_000;

  @WholeNumber(1, 10_000, 'messages', 16)
  A2A_INBOX_LIMIT = 16;

  /** Default: see app.module.ts. */
  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 8_000)
  A2A_LEASE_MS?: number;

  @WholeNumber(1_000, MAX_TIMER_MS, 'milliseconds', 60_000)
  A2A_STALL_MS = 60_000;

  @WholeNumber(10, MAX_TIMER_MS, 'milliseconds', 10_000)
  A2A_RECOVERY_MS = 10_000;

  @WholeNumber(1, 1_000, 'attempts', 2)
  A2A_MAX_ATTEMPTS = 2;

  @WholeNumber(0, MAX_DRAIN_MS, 'milliseconds', 5_000)
  A2A_DRAIN_DELAY_MS = 0;

  @WholeNumber(0, MAX_DRAIN_MS, 'milliseconds', 10_000)
  A2A_DRAIN_MS = 10_000;

  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 15_000)
  A2A_KEEP_ALIVE_MS = 15_000;

  @WholeNumber(1, MAX_TIMER_MS, 'milliseconds', 72_000)
  A2A_KEEP_ALIVE_TIMEOUT_MS = 72_000;

  @WholeNumber(1, 1_000, 'connections', 10)
  A2A_POOL_SIZE = 10;

  @WholeNumber(10, 60_000, 'milliseconds', 1_000)
  A2A_POLL_MS = 1_000;

  @Flag()
  A2A_ALLOW_ANONYMOUS = false;

  @Flag()
  A2A_LENIENT_VERSION = false;

  @Flag()
  A2A_V03_BLOCKING = true;

  @Flag()
  A2A_DEDUPLICATE_MESSAGES = true;

  @WholeNumber(1_000, MAX_WINDOW_MS, 'milliseconds', 86_400_000)
  A2A_MESSAGE_WINDOW_MS = 24 * 60 * 60_000;

  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_RETAIN_MS = 30 * 24 * 60 * 60_000;

  /** Not set: A2A_RETAIN_MS. */
  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_RETAIN_COMPLETED_MS?: number;

  /** Not set: A2A_RETAIN_MS. */
  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_RETAIN_FAILED_MS?: number;

  /** Not set: A2A_RETAIN_MS. */
  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_RETAIN_CANCELED_MS?: number;

  /** Not set: A2A_RETAIN_MS. */
  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_RETAIN_REJECTED_MS?: number;

  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 86_400_000)
  A2A_TRIM_AFTER_MS = 24 * 60 * 60_000;

  /** Not set: for ever. */
  @WholeNumber(0, MAX_WINDOW_MS, 'milliseconds', 2_592_000_000)
  A2A_WAIT_FOR_CLIENT_MS?: number;

  @WholeNumber(100, MAX_TIMER_MS, 'milliseconds', 60_000)
  A2A_RETENTION_EVERY_MS = 60_000;
}
