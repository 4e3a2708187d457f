import type { PushNotificationsOptions } from '../../push-notifications/push-notifications.options.js';
import type { Environment } from './environment.js';
import { listOf } from './values.js';

/** The webhooks of the conformance suites are on the machine that runs them. */
const CONFORMANCE_HOSTS = ['localhost', '127.0.0.0/8', '::1'];

/** The options of push notifications that the environment gives. */
export const pushOptions = (env: Environment, conformance: boolean): Partial<PushNotificationsOptions> => ({
  allowedHosts: [...listOf(env.A2A_PUSH_ALLOWED_HOSTS), ...(conformance ? CONFORMANCE_HOSTS : [])],
  requireHttps: env.A2A_PUSH_REQUIRE_HTTPS,
  timeoutMs: env.A2A_PUSH_TIMEOUT_MS,
  maxAttempts: env.A2A_PUSH_MAX_ATTEMPTS,
  concurrency: env.A2A_PUSH_CONCURRENCY,
  maxConfigsPerTask: env.A2A_PUSH_CONFIGS_PER_TASK,
});
