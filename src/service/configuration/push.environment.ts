import { MAX_TIMER_MS } from '../../common/number-options.js';
import { AgentsEnvironment } from './agents.environment.js';
import { Flag, Text, WholeNumber } from './variable.decorators.js';
import { isHostList } from './values.js';

const MAX_BYTES = 100_000_000;

/** The variables of push notifications. */
export class PushEnvironment extends AgentsEnvironment {
  @Flag()
  A2A_PUSH = true;

  @Text({
    rule: 'host names, addresses and CIDRs with commas between them',
    accepts: isHostList,
    example: 'hooks.internal,*.corp.example,10.1.0.0/16',
  })
  A2A_PUSH_ALLOWED_HOSTS?: string;

  @Flag()
  A2A_PUSH_REQUIRE_HTTPS = false;

  @Flag()
  A2A_PUSH_VERIFY_TARGETS = false;

  @WholeNumber(1, 600_000, 'milliseconds', 10_000)
  A2A_PUSH_TIMEOUT_MS = 10_000;

  @WholeNumber(1, 1_000, 'tries', 10)
  A2A_PUSH_MAX_ATTEMPTS = 10;

  @WholeNumber(1, 1_000, 'calls', 64)
  A2A_PUSH_CONCURRENCY = 64;

  @WholeNumber(1, 1_000, 'calls', 32)
  A2A_PUSH_CONCURRENCY_PER_HOST = 32;

  @WholeNumber(1, 1_000_000, 'calls a second', 500)
  A2A_PUSH_PER_HOST_PER_SECOND = 500;

  @WholeNumber(1, 1_000_000, 'calls a second', 1_000)
  A2A_PUSH_PER_OWNER_PER_SECOND = 1_000;

  @WholeNumber(1, 1_000, 'calls', 3)
  A2A_PUSH_CIRCUIT_FAILURES = 3;

  @WholeNumber(1, MAX_TIMER_MS, 'milliseconds', 5_000)
  A2A_PUSH_CIRCUIT_OPEN_MS = 5_000;

  @WholeNumber(1, MAX_TIMER_MS, 'milliseconds', 60_000)
  A2A_PUSH_CIRCUIT_MAX_OPEN_MS = 60_000;

  @WholeNumber(1, 100, 'configs', 10)
  A2A_PUSH_CONFIGS_PER_TASK = 10;

  @WholeNumber(1, 10_000_000, 'configs', 10_000)
  A2A_PUSH_CONFIGS_PER_OWNER = 10_000;

  @WholeNumber(1_024, MAX_BYTES, 'bytes', 4_194_304)
  A2A_PUSH_MAX_TASK_BYTES = 4 * 1024 * 1024;
}
