import { PUSH_DEFAULTS, PUSH_RANGES } from '../../push-notifications/push-notifications.options.js';
import { TracingEnvironment } from './tracing.environment.js';
import { Flag, Text, WholeNumber } from './variable.decorators.js';
import { isFilled, isHostList } from './values.js';

/** The variables of push notifications. */
export class PushEnvironment extends TracingEnvironment {
  @Flag()
  A2A_PUSH?: boolean;

  @Text({
    rule: 'host names, addresses and CIDRs with commas between them',
    accepts: isHostList,
    example: 'hooks.internal,*.corp.example,10.1.0.0/16',
  })
  A2A_PUSH_ALLOWED_HOSTS?: string;

  @Flag()
  A2A_PUSH_REQUIRE_HTTPS?: boolean;

  @Flag()
  A2A_PUSH_VERIFY_TARGETS?: boolean;

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/run/secrets/webhooks.json' })
  A2A_PUSH_SECRETS_FILE?: string;

  @WholeNumber(PUSH_RANGES.timeoutMs, 'milliseconds', PUSH_DEFAULTS.timeoutMs)
  A2A_PUSH_TIMEOUT_MS?: number;

  @WholeNumber(PUSH_RANGES.maxAttempts, 'tries', PUSH_DEFAULTS.maxAttempts)
  A2A_PUSH_MAX_ATTEMPTS?: number;

  @WholeNumber(PUSH_RANGES.concurrency, 'calls', PUSH_DEFAULTS.concurrency)
  A2A_PUSH_CONCURRENCY?: number;

  @WholeNumber(PUSH_RANGES.concurrencyPerHost, 'calls', PUSH_DEFAULTS.concurrencyPerHost)
  A2A_PUSH_CONCURRENCY_PER_HOST?: number;

  @WholeNumber(PUSH_RANGES.maxPerHostPerSecond, 'calls a second', PUSH_DEFAULTS.maxPerHostPerSecond)
  A2A_PUSH_PER_HOST_PER_SECOND?: number;

  @WholeNumber(PUSH_RANGES.maxPerOwnerPerSecond, 'calls a second', PUSH_DEFAULTS.maxPerOwnerPerSecond)
  A2A_PUSH_PER_OWNER_PER_SECOND?: number;

  @WholeNumber(PUSH_RANGES.circuitFailures, 'calls', PUSH_DEFAULTS.circuitFailures)
  A2A_PUSH_CIRCUIT_FAILURES?: number;

  @WholeNumber(PUSH_RANGES.circuitOpenMs, 'milliseconds', PUSH_DEFAULTS.circuitOpenMs)
  A2A_PUSH_CIRCUIT_OPEN_MS?: number;

  @WholeNumber(PUSH_RANGES.circuitMaxOpenMs, 'milliseconds', PUSH_DEFAULTS.circuitMaxOpenMs)
  A2A_PUSH_CIRCUIT_MAX_OPEN_MS?: number;

  @WholeNumber(PUSH_RANGES.maxConfigsPerTask, 'configs', PUSH_DEFAULTS.maxConfigsPerTask)
  A2A_PUSH_CONFIGS_PER_TASK?: number;

  @WholeNumber(PUSH_RANGES.maxConfigsPerOwner, 'configs', PUSH_DEFAULTS.maxConfigsPerOwner)
  A2A_PUSH_CONFIGS_PER_OWNER?: number;

  @WholeNumber(PUSH_RANGES.maxTaskBytes, 'bytes', PUSH_DEFAULTS.maxTaskBytes)
  A2A_PUSH_MAX_TASK_BYTES?: number;
}
