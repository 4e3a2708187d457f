import type { PushNotificationsOptions } from '../../push-notifications/push-notifications.options.js';
import type { Environment } from './environment.js';
import { listOf } from './values.js';

/** The webhooks of the conformance suites are on the machine that runs them. */
const CONFORMANCE_HOSTS = ['localhost', '127.0.0.0/8', '::1'];

/** The options of push notifications that the environment gives. */
export const pushOptions = (env: Environment, conformance: boolean): Partial<PushNotificationsOptions> => ({
  allowedHosts: [...listOf(env.A2A_PUSH_ALLOWED_HOSTS), ...(conformance ? CONFORMANCE_HOSTS : [])],
  requireHttps: env.A2A_PUSH_REQUIRE_HTTPS,
  verifyTargets: env.A2A_PUSH_VERIFY_TARGETS,
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
